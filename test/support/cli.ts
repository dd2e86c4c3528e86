import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { build } from 'esbuild';
import { repository } from '../../scripts/machine/repository.mjs';
import type { PointJson } from '../../src/cli/points';
import type { RunJson } from '../../src/cli/runTable';

/** The command line in a folder and with a state directory of its own. */
export interface Cli {
  folder: string;
  stateDir: string;
  configure(yaml: string): Promise<void>;
  /** Starts a command with `--batch`, for a test that does not wait for its end. */
  start(...words: string[]): ChildProcessByStdio<null, Readable, Readable>;
  /** Runs a command with `--batch`; both outputs as text. */
  run(...words: string[]): Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** `launch NAME --wait`: the id of the run and how the program ended. */
  launchAndWait(...words: string[]): Promise<{ id: string; code: number | null; stderr: string }>;
  /** `runs --json`, one of them. */
  inspect(id: string): Promise<RunJson>;
  /** `points RUN --json`. */
  points(id: string): Promise<PointJson[]>;
  /** Ends what still runs, as after a failed test. */
  dispose(): Promise<void>;
}

/** Bundles the program as it is packaged, once. */
export async function createCli(sshConfigFile: string): Promise<Cli> {
  const root = await mkdtemp(join(tmpdir(), 'rankwise-cli-'));
  const program = join(root, 'dist/cli.cjs');
  const [folder, stateDir] = [join(root, 'folder'), join(root, 'state')];
  await mkdir(folder);
  await build({
    absWorkingDir: repository,
    entryPoints: ['src/cli/main.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'cpu-features', '*.node'],
    loader: { '.sh': 'text' },
    logLevel: 'error',
  });
  const running = new Map<ChildProcess, Promise<void>>();
  const start: Cli['start'] = (...words) => {
    const child = spawn(process.execPath, [program, ...words, '--batch', '--ssh-config', sshConfigFile], {
      cwd: folder,
      env: { ...process.env, RANKWISE_STATE_DIR: stateDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    running.set(
      child,
      ended.then(() => void running.delete(child)),
    );
    return child;
  };
  const run: Cli['run'] = (...words) =>
    new Promise((resolve, reject) => {
      const child = start(...words);
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
  return {
    folder,
    stateDir,
    configure: (yaml) => writeFile(join(folder, 'rankwise.yaml'), yaml),
    start,
    run,
    launchAndWait: async (...words) => {
      const { code, stdout, stderr } = await run('launch', ...words, '--wait', '--json');
      const line = stdout.split('\n')[0] ?? '';
      if (!line.startsWith('{')) throw new Error(`nothing was launched: ${stderr}`);
      return { id: (JSON.parse(line) as { id: string }).id, code, stderr };
    },
    inspect: async (id) => {
      const { code, stdout, stderr } = await run('runs', '--json');
      if (code !== 0) throw new Error(`the runs are not listed: ${stderr}`);
      const found = (JSON.parse(stdout) as RunJson[]).find((one) => one.id === id);
      if (found === undefined) throw new Error(`run ${id} is not listed: ${stderr}`);
      return found;
    },
    points: async (id) => {
      const { code, stdout, stderr } = await run('points', id, '--json');
      if (code !== 0) throw new Error(`no points of ${id}: ${stderr}`);
      return stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as PointJson);
    },
    dispose: async () => {
      const ended = [...running].map(([child, end]) => {
        child.kill('SIGKILL');
        return end;
      });
      await Promise.all(ended);
      await rm(root, { recursive: true, force: true });
    },
  };
}
