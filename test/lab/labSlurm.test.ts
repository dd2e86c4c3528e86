import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../scripts/machine/command.mjs';
import { createLab, type Lab } from '../support/lab';

describe('a lab with Slurm', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await createLab({
      hosts: 4,
      homes: 'shared',
      slurm: { gpus: 2, partitions: [{ name: 'short', nodes: ['node1', 'node2'], maxTime: '1:00' }] },
    });
  });
  afterAll(() => lab.dispose());

  const head = async (command: string): Promise<string> => {
    const { code, stdout, stderr } = await lab.exec('head', command);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.trim();
  };
  const state = (job: string): Promise<string> => head(`squeue -h -t all -o %T -j ${job}`);
  /** A job that runs: its script has begun, which Slurm's RUNNING does not say. It goes on for an hour or until `~/go`. */
  const begun = async (options: string): Promise<string> => {
    await head('rm -f up go');
    const script = 'touch up; for i in $(seq 18000); do [ -e go ] && exit; sleep 0.2; done';
    const job = await head(`sbatch --parsable ${options} --output=/dev/null --wrap '${script}'`);
    await expect.poll(async () => (await lab.exec('head', 'test -e up')).code || state(job)).toBe('RUNNING');
    return job;
  };

  it('runs a job on every node, with GPUs, submitted over SSH', async () => {
    const job = '--nodes=4 --ntasks-per-node=2 --gres=gpu:2 --output=job.out';
    const program = 'srun --label bash -c \'echo "$(hostname) $CUDA_VISIBLE_DEVICES"\'';
    await lab.exec('head', `printf '#!/bin/bash\\n%s\\n' '${program.replaceAll("'", `'\\''`)}' > job.sh`);
    const { output } = await run('ssh', ['-F', lab.sshConfigFile, 'head', `sbatch --wait ${job} job.sh`]);
    expect(output).toMatch(/^Submitted batch job \d+\n$/);
    // Where a node is still busy srun says that it tries again.
    const lines = (await head('cat job.out')).split('\n').filter((line) => !line.startsWith('srun: '));
    expect(lines.sort()).toEqual(
      Array.from({ length: 8 }, (_, rank) => `${rank}: node${Math.floor(rank / 2) + 1} 0,1`),
    );
    await lab.slurm.settle();
  });

  it('has the partitions that were asked for, and no accounting', async () => {
    expect((await head('sinfo -h -o "%P %l %D"')).split('\n').sort()).toEqual([
      'main* infinite 4',
      'short 1:00 2',
    ]);
    expect((await lab.exec('head', 'sacct')).stderr).toContain('accounting storage is disabled');
  });

  it('keeps its jobs while the controller is away', async () => {
    const job = await begun('');
    await lab.slurm.stopController();
    expect((await lab.exec('head', 'squeue')).code).toBe(1);
    await lab.slurm.startController();
    expect(await state(job)).toBe('RUNNING');
    await head('touch go');
    await expect.poll(() => state(job)).toBe('COMPLETED');
  });

  it('starts nothing on a drained node until it is resumed', async () => {
    await lab.slurm.drain('node2', 'fan broken');
    const job = await head('sbatch --parsable --nodelist=node2 --output=/dev/null --wrap true');
    await expect.poll(() => head(`squeue -h -o "%T %r" -j ${job}`)).toMatch(/^PENDING ReqNodeNotAvail/);
    await lab.slurm.resume('node2');
    await expect.poll(() => state(job)).toBe('COMPLETED');
  });

  it('loses a job with the power of its node, and takes the node back', async () => {
    const job = await begun('--no-requeue --nodelist=node3');
    await lab.powerOff('node3');
    await lab.powerOn('node3');
    await expect.poll(() => state(job)).toBe('NODE_FAIL');
    await lab.slurm.settle();
  });

  it('lives beside another lab and leaves nothing when it goes', async () => {
    const other = await createLab({ hosts: 1, homes: 'each', slurm: { gpus: 0 } });
    expect((await other.exec('head', 'srun hostname')).stdout).toBe('node1\n');
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const commands = await Promise.all(
      pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    );
    const directory = other.sshConfigFile.split('/').at(-2) ?? '';
    expect(commands.filter((command) => command.includes(directory))).not.toEqual([]);
    await other.dispose();
    expect(await readdir(tmpdir())).not.toContain(directory);
    expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(directory);
    const { code, stdout } = await lab.exec('head', 'srun -N4 hostname');
    expect([code, stdout.trim().split('\n').sort()]).toEqual([0, ['node1', 'node2', 'node3', 'node4']]);
  });
});

describe('a lab whose hosts only the head reaches', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'each', behindHead: true });
  });
  afterAll(() => lab.dispose());

  it('is reached through the head alone', async () => {
    const ssh = (...args: string[]) => run('ssh', ['-F', lab.sshConfigFile, '-o', 'BatchMode=yes', ...args]);
    expect(await ssh('node2', 'hostname')).toEqual({ code: 0, output: 'node2\n' });
    const directly = await ssh('-o', 'ProxyJump=none', '-o', 'ConnectTimeout=2', 'node2', 'true');
    expect(directly.code).toBe(255);
  });

  it('has hosts that know the head by its inner address', async () => {
    expect((await lab.exec('node1', 'getent hosts head')).stdout).toContain(lab.head?.peerAddress);
    expect((await lab.exec('node1', 'ssh head hostname')).stdout).toBe('head\n');
    expect((await lab.exec('head', 'ssh node1 hostname')).stdout).toBe('node1\n');
  });
});

it('has hosts that do not reach each other by SSH, if so asked', async () => {
  const lab = await createLab({ hosts: 2, homes: 'each', passwordless: false });
  try {
    const { code, stderr } = await lab.exec('node1', 'ssh -o BatchMode=yes node2 true');
    expect({ code, stderr: stderr.trim() }).toEqual({ code: 255, stderr: 'Host key verification failed.' });
  } finally {
    await lab.dispose();
  }
});
