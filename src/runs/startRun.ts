import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pack, type Pack } from 'tar-stream';
import { RankwiseError } from '../base/errors';
import type { Facts } from '../launch/facts';
import type { Plan, PlanFile, PlanHost, PlanProcess } from '../launch/plan';
import { hostDirectory, runDirectory } from '../launch/runDirectory';
import type { SshPool } from '../ssh/connection';
import { quote, quotePath } from '../ssh/quote';
import { runScriptText, scriptError } from '../ssh/runScript';
import type { SecretValue } from './secrets';

type SyncEntry = Plan['sync'][number];

/**
 * Writes the run directory on every host, in parallel.
 * @throws RankwiseError naming the host and what it said (no space, read-only home).
 */
export async function writeRunDirectories(ssh: SshPool, plan: Plan, signal?: AbortSignal): Promise<void> {
  await Promise.all(
    plan.hosts.map(async (host) => {
      const files = plan.files.filter((file) => file.host === host.name);
      const connection = await ssh.connect(host.target, signal);
      await runScriptText(
        connection,
        'Writing the run directory',
        writeScript(plan, host, files),
        [],
        signal,
      );
    }),
  );
}

/**
 * A script of `printf` lines: each file is written beside its place and moved there, so none is ever half. `cat` does
 * the writing because it says why it cannot, where a shell's own printf only says "I/O error".
 */
function writeScript(plan: Plan, host: PlanHost, files: readonly PlanFile[]): string {
  const root = runDirectory(plan.run);
  const put = files.map(({ path, mode, content }) => {
    const target = quote(`${root}/${path}`);
    const temporary = quote(`${root}/${posix.dirname(path)}/.${posix.basename(path)}.${host.name}`);
    return `printf %s ${quote(content)} | cat >${temporary} && chmod ${mode.toString(8)} ${temporary} && mv ${temporary} ${target} || exit`;
  });
  const planFile = quote(`${hostDirectory(plan.run, host.name)}/plan.json`);
  return [
    'umask 077',
    `mkdir -p ${quote(hostDirectory(plan.run, host.name))} || exit`,
    ...put,
    `printf %s ${quote(JSON.stringify(plan))} | cat >${planFile} || exit`,
    `mkdir -p -- ${quotePath(plan.workdir)} || exit`,
    '',
  ].join('\n');
}

/**
 * Copies the launch's files into the workdir, once per file system.
 * @throws RankwiseError `run.fileMissing` naming the local file; the host's own words where it refuses.
 */
export async function syncFiles(ssh: SshPool, plan: Plan, facts: Facts, signal?: AbortSignal): Promise<void> {
  if (plan.sync.length === 0) return;
  const files = (await Promise.all(plan.sync.map(filesBelow))).flat();
  const first = new Map(
    plan.hosts.map((host) => [facts[host.name]?.fileSystem ?? host.name, host] as const).reverse(),
  );
  await Promise.all(
    [...first.values()].map(async (host) => {
      const connection = await ssh.connect(host.target, signal);
      const archive = packFiles(files);
      const result = await connection.exec(`cd -- ${quotePath(plan.workdir)} && exec tar -xf -`, {
        stdin: Readable.from(archive),
        ...(signal === undefined ? {} : { signal }),
      });
      if (result.code !== 0) throw scriptError(host.name, 'Copying files', result);
    }),
  );
}

/** The entry itself, or every file below it where it is a folder. Links and devices inside a folder are left out. */
async function filesBelow({ local, remote }: SyncEntry): Promise<SyncEntry[]> {
  const found = await stat(local).catch(() => undefined);
  if (found?.isFile() === true) return [{ local, remote }];
  if (found?.isDirectory() !== true) {
    throw new RankwiseError('run.fileMissing', `${local} does not exist`, {
      nextStep: 'Correct `files:` of the launch in rankwise.yaml.',
    });
  }
  const entries = await readdir(local, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { local: path, remote: posix.join(remote, ...relative(local, path).split(sep)) };
    });
}

function packFiles(files: readonly SyncEntry[]): Pack {
  const archive = pack();
  const add = async (): Promise<void> => {
    for (const { local, remote } of files) {
      const { size, mode, mtime } = await stat(local);
      if (size < 1 << 20) {
        archive.entry({ name: remote, mode, mtime }, await readFile(local));
        continue;
      }
      const entry = archive.entry({ name: remote, mode, mtime, size });
      for await (const chunk of createReadStream(local)) {
        if (!entry.write(chunk)) await new Promise<void>((resolve) => entry.once('drain', () => resolve()));
      }
      entry.end(undefined);
      await new Promise<void>((resolve) => entry.once('finish', () => resolve()));
    }
    archive.finalize();
  };
  add().catch((error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))));
  return archive;
}

/** A process as supervise.sh wants it named. */
function supervisedAs({ id, role, lingerSeconds = 0 }: PlanProcess): string {
  return role === 'service' ? `service:${id}:${lingerSeconds}` : `${role}:${id}`;
}

/**
 * Starts the supervisors. Secrets travel on standard input and are stored nowhere. A host where a start happened already stays as it is.
 * @throws RankwiseError naming the host and what it said.
 */
export async function startSupervisors(
  ssh: SshPool,
  plan: Plan,
  secrets: readonly SecretValue[],
  signal?: AbortSignal,
): Promise<void> {
  const hosts = plan.hosts.filter(({ name }) => plan.processes.some(({ host }) => host === name));
  const started = await Promise.allSettled(
    hosts.map(async ({ name, target }) => {
      const own = plan.processes.filter(({ host }) => host === name).map(supervisedAs);
      const connection = await ssh.connect(target, signal);
      const command = `exec sh ${hostDirectory(plan.run, name)}/start.sh ${own.join(' ')}`;
      const stdin = secrets.map(({ variable, value }) => `export ${variable}=${quote(value)}\n`).join('');
      const result = await connection.exec(command, { stdin, ...(signal === undefined ? {} : { signal }) });
      if (!/^(started|already)$/m.test(result.stdout.toString('utf8')))
        throw scriptError(name, 'Starting', result);
    }),
  );
  // Thrown only when no start is under way any more: what follows may prove that nothing runs.
  const failed = started.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
