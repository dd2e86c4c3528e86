import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from '../machine/ensureBrowser.mjs';
import { ensureVsCode } from '../machine/ensureVsCode.mjs';
import { DashboardReader } from '../start/dashboard.mjs';
import { packageExtension } from '../start/packageExtension.mjs';
import { choose, launchBrowser, openSideBar, openWorkbench, runCommand, treeRows } from '../vscode/page.mjs';
import { startServer } from '../vscode/server.mjs';
import { compare, repeats, until } from './measure.mjs';

/** Steps before the measured ones: by then everything is loaded and drawn once. */
const warmUp = 8;

/**
 * From a line written on a host to its point in the webview, beside the same line in `ssh host tail -f`. Hosts and
 * page are on this machine and so share its clock; the writer notes when it writes.
 * @param {import('../../test/support/lab').Lab} lab
 * @param {(message: string) => void} say
 */
export async function lineToPoint(lab, say) {
  const directory = await mkdtemp(join(tmpdir(), 'rankwise-bench-'));
  const workspace = join(directory, 'work');
  const vsix = join(directory, 'rankwise.vsix');
  await mkdir(workspace);
  await packageExtension(vsix);
  const times = join(lab.truth.outside, 'times');
  const loop = [
    'i=0; while i=$((i+1)); do t=$EPOCHREALTIME; echo "step=$i throughput=$i"',
    `echo "$i $t" >> ${lab.truth.inside}/times; sleep 0.7; done`,
  ].join('; ');
  await writeFile(
    join(workspace, 'rankwise.yaml'),
    `version: 1\nclusters:\n  lab:\n    hosts: [node1]\nlaunches:\n  feed:\n    cluster: lab\n    launcher: ssh\n    command: ${JSON.stringify(loop)}\n    np: 1\n`,
  );
  const server = await startServer({
    vsCode: await ensureVsCode(say),
    vsix,
    directory: join(directory, 'vscode'),
    trustEverything: true,
    settings: { 'rankwise.ssh.configFile': lab.sshConfigFile },
    env: { RANKWISE_STATE_DIR: join(directory, 'state') },
  });
  try {
    const browser = await launchBrowser(await ensureBrowser(say));
    try {
      const page = await openWorkbench(browser.context, server.address(workspace));
      await openSideBar(page);
      await treeRows(page, /^feed/).waitFor({ timeout: 60_000 });
      await runCommand(page, 'Rankwise: Launch…');
      await choose(page, 'feed');
      const dashboard = await DashboardReader.find(page, 'feed #1', 60_000);
      await dashboard.noteSteps();
      const tail = followLog(lab);
      try {
        const last = warmUp + repeats;
        await until(`step ${last} in the webview`, 60_000, async () =>
          (await dashboard.notedSteps()).has(last),
        );
        const drawn = await dashboard.notedSteps();
        const written = await writtenSteps(times);
        const measured = Array.from({ length: repeats }, (_, index) => warmUp + 1 + index);
        /** @param {ReadonlyMap<number, number>} seen */
        const delays = (seen) => measured.map((step) => (seen.get(step) ?? NaN) - (written.get(step) ?? NaN));
        return compare(
          'line written on a host to its point in the webview',
          delays(drawn),
          delays(tail.seen),
        );
      } finally {
        tail.stop();
        await dashboard.stop();
        await until('the end of the run', 60_000, async () => (await dashboard.state()) === 'stopped');
      }
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * @param {string} file lines `step seconds`, written as each step is printed
 * @returns {Promise<Map<number, number>>} milliseconds since the epoch by step
 */
async function writtenSteps(file) {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [step, seconds] = line.split(' ');
      return [Number(step), Number(seconds) * 1000];
    }),
  );
}

/**
 * `tail -f` of the log of the newest run, over OpenSSH.
 * @param {import('../../test/support/lab').Lab} lab
 */
function followLog(lab) {
  /** @type {Map<number, number>} */
  const seen = new Map();
  const command = 'cd ~/.rankwise/runs && tail -n +1 -f "$(ls -t | head -n 1)"/node1/0.log';
  const child = spawn('ssh', ['-F', lab.sshConfigFile, '-o', 'BatchMode=yes', 'node1', command], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const now = performance.timeOrigin + performance.now();
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const step = Number(/^step=(\d+)/.exec(line)?.[1]);
      if (!seen.has(step)) seen.set(step, now);
    }
  });
  return { seen, stop: () => child.kill() };
}
