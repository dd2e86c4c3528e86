import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../machine/repository.mjs';
import { compare, until } from './measure.mjs';
import { openCore } from './openCore.mjs';

/** A start of these takes many seconds. */
const rounds = 3;
const waitMs = 120_000;

/**
 * @typedef {object} Job a training, started by us and by hand
 * @property {string} name
 * @property {string} cluster lines below `clusters: lab:`
 * @property {string} launch lines below `launches: job:`
 * @property {string} worker whose log is waited for
 * @property {RegExp} first its first line, in that log and in the output of the command by hand
 * @property {string} host where the command is typed
 * @property {string} byHand shell text
 * @property {string} [after] shell text that ends what the command leaves
 */

/**
 * The trainings of the lab, with the options of those who start them by hand.
 * @param {import('../../test/support/lab').Lab} lab
 * @returns {Record<'mpirun' | 'ray' | 'sbatch', Job>}
 */
function jobs(lab) {
  const path = (/** @type {'horovod' | 'field'} */ name) => `export PATH=${lab.python(name)}/bin:$PATH`;
  const options =
    '-bind-to none -map-by slot -mca pml ob1 -mca btl ^openib -mca btl_tcp_if_include eth0 -mca oob_tcp_if_include eth0';
  const horovod = 'python ~/horovod_train.py --epochs 1 --steps 5';
  const ddp = '/usr/bin/python3 -u ~/ddp.py --epochs 1 --steps 5';
  const address = lab.hosts[0]?.address;
  return {
    mpirun: {
      name: 'launch to first line of rank 0: Horovod by mpirun, 4 ranks on 2 hosts',
      cluster: `hosts: hosts\n    setup: ${path('horovod')}`,
      launch: `launcher: mpirun\n    command: ${horovod}\n    mpirun: { args: ${JSON.stringify(options.split(' '))} }`,
      worker: 'node1/0',
      first: /Train Epoch: 1 \[0\//,
      host: 'node1',
      byHand: `${path('horovod')}; printf 'node1 slots=2\\nnode2 slots=2\\n' >hosts; mpirun -np 4 -hostfile hosts ${options} -x PATH --tag-output ${horovod}`,
    },
    ray: {
      name: 'launch to first line of a worker: Ray Train on 2 hosts',
      cluster: `hosts: hosts\n    setup: ${path('field')}`,
      launch: 'launcher: ray\n    command: python train.py\n    ray: { numCpus: 2 }',
      worker: 'node1/driver',
      first: /Epoch 0 step 0/,
      host: 'node1',
      byHand: [
        path('field'),
        `ray start --head --node-ip-address=${address} --port=6379 --num-cpus=2 --disable-usage-stats >ray.log`,
        `ssh node2 '${path('field')}; ray start --address=${address}:6379 --num-cpus=2' >>ray.log`,
        `RAY_ADDRESS=${address}:6379 python train.py`,
      ].join('; '),
      after: `${path('field')}; ray stop; ssh node2 '${path('field')}; ray stop'`,
    },
    sbatch: {
      name: 'launch to first line of rank 0: PyTorch by sbatch, 4 tasks on 2 nodes',
      cluster: 'login: head\n    slurm: {}',
      launch: `launcher: slurm\n    command: ${ddp}\n    nodes: 2\n    slurm: { ntasksPerNode: 2 }`,
      worker: 'head/0',
      first: /Epoch: \[0\]\[0\//,
      host: 'head',
      byHand: [
        `printf '%s\\n' '#!/bin/bash' '#SBATCH --nodes=2 --ntasks-per-node=2 --output=job-%j.log' 'export MASTER_ADDR=$(scontrol show hostnames | head -n 1) MASTER_PORT=29500' 'srun --unbuffered ${ddp}' >job.sbatch`,
        'id=$(sbatch --parsable job.sbatch)',
        'exec tail -n +1 -F job-$id.log',
      ].join('; '),
      after: 'scancel --me; while squeue --me --noheader | grep -q .; do sleep 0.2; done; rm -f job-*.log',
    },
  };
}

/**
 * From the command to the first line of a real training that is shown, beside the command typed by hand. Ours checks the hosts
 * first; both start without a connection.
 * @param {Awaited<ReturnType<typeof import('./loadParts.mjs').loadParts>>} parts
 * @param {import('../../test/support/lab').Lab} lab
 * @param {'mpirun' | 'ray' | 'sbatch'} which
 */
export async function firstLine(parts, lab, which) {
  const job = jobs(lab)[which];
  const directory = await mkdtemp(join(tmpdir(), 'rankwise-bench-'));
  const config = join(directory, 'rankwise.yaml');
  await writeFile(join(directory, 'hosts'), lab.hosts.map(({ name }) => `${name} slots=2\n`).join(''));
  await writeFile(
    config,
    `version: 1\nclusters:\n  lab:\n    ${job.cluster}\nlaunches:\n  job:\n    cluster: lab\n    ${job.launch}\n`,
  );
  const ours = [];
  const peer = [];
  try {
    for (let round = 0; round < rounds; round++) {
      ours.push(await launched(parts, lab, job, config, join(directory, `state${round}`)));
      peer.push(await byHand(lab, job));
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return compare(job.name, ours, peer);
}

/**
 * Puts the training of Ray into the homes of the lab.
 * @param {import('../../test/support/lab').Lab} lab
 */
export async function bringRayTraining(lab) {
  for (const file of ['train.py', 'config.json']) {
    await copyFile(join(repository, 'examples/ray', file), join(lab.truth.outside, file));
  }
  for (const { name } of lab.hosts)
    await lab.exec(name, `cp ${lab.truth.inside}/train.py ${lab.truth.inside}/config.json ~`);
}

/**
 * @param {Awaited<ReturnType<typeof import('./loadParts.mjs').loadParts>>} parts
 * @param {import('../../test/support/lab').Lab} lab
 * @param {Job} job
 * @param {string} config
 * @param {string} stateDir
 */
async function launched(parts, lab, job, config, stateDir) {
  const quiet = () => undefined;
  const core = openCore(parts, lab, stateDir);
  try {
    await core.config.reload(config);
    const [problem] = core.config.current?.problems ?? [];
    if (problem !== undefined) throw new Error(problem.message);
    const began = performance.now();
    const run = await core.runs.launch('job', {}, quiet);
    await until(`the first line of ${job.worker}`, waitMs, async () => {
      const text = await readFile(core.runs.logFile(run.id, job.worker), 'utf8').catch(() => '');
      return job.first.test(text);
    });
    const took = performance.now() - began;
    const { unproven } = await core.runs.stop(run.id, quiet);
    if (unproven.length > 0) throw new Error(`the run has not ended: ${JSON.stringify(unproven)}`);
    return took;
  } finally {
    core.dispose();
  }
}

/**
 * @param {import('../../test/support/lab').Lab} lab
 * @param {Job} job
 * @returns {Promise<number>}
 */
async function byHand(lab, job) {
  const began = performance.now();
  const command = ssh(lab, job.host, job.byHand);
  let output = '';
  const took = await new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => command.kill(), waitMs);
    for (const stream of [command.stdout, command.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (job.first.test(output)) resolve(performance.now() - began);
      });
    }
    command.on('close', () => {
      clearTimeout(giveUp);
      reject(new Error(`${job.name}, by hand, printed no first line:\n${output}`));
    });
  });
  if (job.after !== undefined) {
    const after = ssh(lab, job.host, job.after);
    after.stdout.resume();
    after.stderr.resume();
    await closed(after);
    command.kill();
  }
  await closed(command);
  return took;
}

/**
 * @param {import('../../test/support/lab').Lab} lab
 * @param {string} host
 * @param {string} line
 */
function ssh(lab, host, line) {
  return spawn('ssh', ['-F', lab.sshConfigFile, '-o', 'BatchMode=yes', host, line], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** @param {ReturnType<typeof ssh>} child */
async function closed(child) {
  if (child.exitCode === null && child.signalCode === null)
    await new Promise((resolve) => child.on('close', resolve));
}
