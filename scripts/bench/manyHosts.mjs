import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCore } from './openCore.mjs';
import { compare, repeats, until } from './measure.mjs';

const slots = 4;
/** Says that it is there, and obeys when it is asked to end. */
const worker = 'echo ready; exec sleep 600';

/** @typedef {{ ours: number[], peer: number[] }} Times */

/**
 * Starts a worker on every slot of every host until the first line of each is here, then ends all of them: in a window that
 * is connected to its hosts, beside `pdsh`, which connects each time. Ours looks at the hosts before the start, and proves
 * at the end that nothing is left. On both sides a worker runs in a login shell, as a training does that needs its PATH.
 * @param {Awaited<ReturnType<typeof import('./loadParts.mjs').loadParts>>} parts
 * @param {import('../../test/support/lab').Lab} lab
 */
export async function manyHosts(parts, lab) {
  const directory = await mkdtemp(join(tmpdir(), 'rankwise-bench-'));
  const config = join(directory, 'rankwise.yaml');
  await writeFile(join(directory, 'hosts'), lab.hosts.map(({ name }) => `${name} slots=${slots}\n`).join(''));
  await writeFile(
    config,
    `version: 1\nclusters:\n  lab: { hosts: hosts }\nlaunches:\n  many: { cluster: lab, launcher: ssh, command: "${worker}" }\n`,
  );
  const core = openCore(parts, lab, join(directory, 'state'));
  const count = lab.hosts.length * slots;
  /** @type {Times} */
  const starts = { ours: [], peer: [] };
  /** @type {Times} */
  const stops = { ours: [], peer: [] };
  try {
    await core.config.reload(config);
    await core.clusters.check('lab');
    for (let round = 0; round < repeats; round++) {
      let began = performance.now();
      const run = await core.runs.launch('many', {}, () => undefined);
      await until('the first line of every worker', 60_000, async () => {
        const texts = await Promise.all(
          run.workers.map(({ id }) => readFile(core.runs.logFile(run.id, id), 'utf8').catch(() => '')),
        );
        return texts.every((text) => text.startsWith('ready\n'));
      });
      starts.ours.push(performance.now() - began);
      began = performance.now();
      const { unproven } = await core.runs.stop(run.id, () => undefined);
      if (unproven.length > 0) throw new Error(`no proof: ${JSON.stringify(unproven)}`);
      stops.ours.push(performance.now() - began);
      await byHand(lab, count, starts, stops);
    }
  } finally {
    core.dispose();
    await rm(directory, { recursive: true, force: true });
  }
  const where = `${count} workers on ${lab.hosts.length} hosts`;
  return [
    compare(`start of ${where}`, starts.ours, starts.peer),
    compare(`stop of ${where}`, stops.ours, stops.peer),
  ];
}

/**
 * The same by `pdsh`: all hosts at once.
 * @param {import('../../test/support/lab').Lab} lab
 * @param {number} count
 * @param {Times} starts
 * @param {Times} stops
 */
async function byHand(lab, count, starts, stops) {
  let began = performance.now();
  const started = pdsh(lab, `for i in $(seq ${slots}); do bash -lc '${worker}' & done; wait`);
  let ready = 0;
  started.stdout.setEncoding('utf8').on('data', (text) => (ready += text.split('ready\n').length - 1));
  await until('the first line of every worker by pdsh', 60_000, () => ready === count);
  starts.peer.push(performance.now() - began);
  began = performance.now();
  await over(pdsh(lab, 'pkill -INT -x sleep; pkill -x sleep; true'));
  stops.peer.push(performance.now() - began);
  await over(started);
}

/**
 * @param {import('../../test/support/lab').Lab} lab
 * @param {string} command
 */
function pdsh(lab, command) {
  const names = lab.hosts.map(({ name }) => name).join(',');
  return spawn('pdsh', ['-R', 'ssh', '-f', '64', '-w', names, command], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PDSH_SSH_ARGS_APPEND: `-F ${lab.sshConfigFile} -o BatchMode=yes` },
  });
}

/** @param {ReturnType<typeof pdsh>} child */
function over(child) {
  child.stdout.resume();
  return new Promise((resolve) =>
    child.exitCode === null ? child.on('close', resolve) : resolve(undefined),
  );
}
