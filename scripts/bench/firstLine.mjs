import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, repeats, until } from './measure.mjs';

/** Prints once per rank and stays a moment, as a training does. */
const command = 'echo hello; sleep 1';

const mpirunOptions =
  '-bind-to none -map-by slot -mca pml ob1 -mca btl ^openib -mca btl_tcp_if_include eth0 -mca oob_tcp_if_include eth0 -mca plm_rsh_no_tree_spawn 1';

/**
 * From the command to the first line of rank 0 of 8, on 4 hosts: a launch of ours, with its host checks, beside
 * `ssh host mpirun …`. Both start without a connection.
 * @param {Awaited<ReturnType<typeof import('./loadParts.mjs').loadParts>>} parts
 * @param {import('../../test/support/lab').Lab} lab
 */
export async function firstLine({ createCore }, lab) {
  const directory = await mkdtemp(join(tmpdir(), 'rankwise-bench-'));
  const hostfile = lab.hosts.map(({ name }) => `${name} slots=2\n`).join('');
  await writeFile(join(directory, 'hosts'), hostfile);
  const config = join(directory, 'rankwise.yaml');
  await writeFile(
    config,
    [
      'version: 1',
      'clusters:',
      '  lab:',
      '    hosts: hosts',
      'launches:',
      '  hello:',
      '    cluster: lab',
      '    launcher: mpirun',
      `    command: "${command}"`,
      '    np: 8',
      '    mpirun:',
      `      args: [${mpirunOptions
        .split(' ')
        .map((word) => `"${word}"`)
        .join(', ')}]`,
      '',
    ].join('\n'),
  );
  await lab.exec('node1', `printf '%s' '${hostfile}' > ~/hosts`);
  const ours = [];
  const peer = [];
  try {
    for (let round = 0; round < repeats; round++) {
      ours.push(await launched(createCore, lab, config, join(directory, `state${round}`)));
      peer.push(await byHand(lab));
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return compare('command to first line of rank 0 (8 ranks on 4 hosts)', ours, peer);
}

/**
 * @param {typeof import('../../src/coreMain').createCore} createCore
 * @param {import('../../test/support/lab').Lab} lab
 * @param {string} config
 * @param {string} stateDir
 */
async function launched(createCore, lab, config, stateDir) {
  const quiet = () => undefined;
  const core = createCore({
    stateDir,
    extensionPath: '',
    secretOf: async () => undefined,
    ask: { hostKey: async () => 'reject', secret: async () => undefined },
    logger: { debug: quiet, info: quiet, warn: console.error, error: console.error },
    sshConfigFile: () => lab.sshConfigFile,
  });
  try {
    await core.config.reload(config);
    const began = performance.now();
    const run = await core.runs.launch('hello', {}, quiet);
    const worker = run.workers.find(({ rank }) => rank === 0)?.id ?? 'node1/0';
    await until('the first line of rank 0', 30_000, async () => {
      const text = await readFile(core.runs.logFile(run.id, worker), 'utf8').catch(() => '');
      return text.includes('hello\n');
    });
    const took = performance.now() - began;
    await until('the end of the run', 30_000, () => core.runs.get(run.id)?.state.kind === 'ended');
    return took;
  } finally {
    core.dispose();
  }
}

/**
 * @param {import('../../test/support/lab').Lab} lab
 * @returns {Promise<number>}
 */
function byHand(lab) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const line = `mpirun -np 8 -hostfile hosts ${mpirunOptions} --tag-output sh -c '${command}'`;
    const ssh = spawn('ssh', ['-F', lab.sshConfigFile, '-o', 'BatchMode=yes', 'node1', line], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let took = NaN;
    for (const stream of [ssh.stdout, ssh.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (Number.isNaN(took) && output.includes('[1,0]<stdout>:hello\n')) took = performance.now() - began;
      });
    }
    ssh.on('close', () => {
      if (Number.isNaN(took)) reject(new Error(`mpirun by hand printed no line of rank 0:\n${output}`));
      else resolve(took);
    });
  });
}
