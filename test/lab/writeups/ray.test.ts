import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../../scripts/machine/repository.mjs';
import { createCli, type Cli } from '../../support/cli';
import { createLab, type Lab } from '../../support/lab';
import { takeTurnsWithRay } from '../../support/rayTurn';

/** Puts the programs of the write-up into the folder of the launches. */
async function copyPrograms(folder: string, ...names: string[]): Promise<void> {
  await copyFile(join(repository, 'examples/ray/train.py'), join(folder, 'train.py'));
  for (const name of names) {
    await copyFile(join(repository, 'test/lab/writeups', name), join(folder, name));
  }
}

// The write-up gives Ray 20 CPUs; it would start a process for each of them here.
describe('3-D segmentation with Ray', { timeout: 300_000 }, () => {
  let lab: Lab;
  let cli: Cli;

  takeTurnsWithRay();
  beforeAll(async () => {
    lab = await createLab({ hosts: 1, homes: 'each' });
    cli = await createCli(lab.sshConfigFile);
    await copyPrograms(cli.folder, 'multiexperiment.py', 'exp_parallel.py');
    await cli.configure(`version: 1
clusters:
  bench:
    hosts: [{ host: node1, slots: 2 }]
    gpus: 2
    workdir: ~/segmentation
    setup: export PATH=${lab.python('field')}/bin:$PATH
launches:
  multiexperiment:
    cluster: bench
    launcher: ray
    command: [python, multiexperiment.py, -g, "\${g}"]
    nodes: 1
    params: { g: 2 }
    config: config.json
    files: [multiexperiment.py, train.py, config.json]
    ray: { numCpus: 4, numGpus: 2 }
  experiments:
    cluster: bench
    launcher: ray
    command: [python, exp_parallel.py, --config, ./config.json]
    nodes: 1
    gpus: 2
    config: config.json
    files: [exp_parallel.py, config.json]
    ray: { numCpus: 4, numGpus: 2 }
`);
  });
  afterAll(async () => {
    await cli.dispose();
    await lab.dispose();
  });

  it('trains one model on two workers by `multiexperiment.py -g 2`, and stops Ray', async () => {
    const config = { lr: 0.05, epochs: 2, verbose: 1, nodes: 1, gpus: 2, batch_size: 2, num_workers: 2 };
    await writeFile(join(cli.folder, 'config.json'), JSON.stringify({ ...config, use_gpu: false }));
    const { id, code, stderr } = await cli.launchAndWait('multiexperiment');
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    expect(await cli.inspect(id)).toMatchObject({ state: 'ended', exit: 0, by: 'itself' });
    const { stdout } = await lab.exec('node1', `cat ~/.rankwise/runs/${id}/node1/driver.log`);
    expect(stdout).toMatch(/rankwise: Ray [\d.]+ is ready after [\d.]+ s: 1 hosts?, 4 CPUs, 2 GPUs/);
    const points = await cli.points(id);
    for (const rank of [0, 1]) {
      const losses = points.filter(
        (point) => point.rank === rank && point.name === 'loss' && point.scope === 'worker',
      );
      // 2 epochs of 5 steps; what is reported to Ray at the end of an epoch is of the whole job.
      const steps = losses.map(({ epoch, step }) => `${epoch} ${step}`);
      expect(steps, JSON.stringify(losses)).toEqual(
        [0, 1].flatMap((epoch) => [0, 1, 2, 3, 4].map((step) => `${epoch} ${step}`)),
      );
    }
    expect(await lab.processesWith(id)).toEqual([]);
  });

  it('trains a model on each GPU by `exp_parallel.py --config ./config.json`: points for every trial', async () => {
    const config = { batch_size_per_replica: 2, num_epochs: 20, debug: false };
    await writeFile(join(cli.folder, 'config.json'), JSON.stringify(config));
    const { id, code, stderr } = await cli.launchAndWait('experiments');
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    const run = await cli.inspect(id);
    expect(run).toMatchObject({ state: 'ended', exit: 0, by: 'itself' });
    const trials = run.workers.filter((worker) => worker.id.startsWith('trial/'));
    expect(trials).toHaveLength(4);
    const { stdout: log } = await lab.exec('node1', `cat ~/.rankwise/runs/${id}/node1/driver.log`);
    expect(log).toMatch(/^best lr 0\.05$/m);
    const points = await cli.points(id);
    const printed = [...log.matchAll(/trial=(\S+) epoch=(\d+) loss=([\d.]+) gpu=(\d)/g)];
    expect(new Set(printed.map(([, , , , gpu]) => gpu))).toEqual(new Set(['0', '1']));
    for (const { id: worker } of trials) {
      const own = points.filter((point) => point.worker === worker && point.name === 'loss');
      const said = printed.filter(([, trial]) => `trial/${trial}` === worker);
      // What the trial prints itself: each of its 20 epochs, in order.
      expect(
        own.filter(({ scope }) => scope === 'worker').map(({ epoch, value }) => [epoch, value]),
        worker,
      ).toEqual(said.map(([, , epoch, loss]) => [Number(epoch), Number(loss)]));
      expect(said.map(([, , epoch]) => Number(epoch))).toEqual([...Array(20).keys()]);
    }
    expect(await lab.processesWith(id)).toEqual([]);
  });
});

// What the job asks Slurm for is what the batch script of the write-up asks for: 4 nodes, which claim to have 160 CPUs and 4 GPUs
// each. Ray has 4 CPUs of each instead of 40, for it starts a process for each of them, and there is no real GPU to train on.
describe('3-D segmentation with Ray in a job of Slurm', { timeout: 500_000 }, () => {
  let lab: Lab;
  let cli: Cli;

  beforeAll(async () => {
    lab = await createLab({ hosts: 4, homes: 'shared', slurm: { gpus: 4, cpus: 160 } });
    cli = await createCli(lab.sshConfigFile);
    await copyPrograms(cli.folder, 'data_parallelism.py');
    const config = { lr: 0.05, epochs: 2, verbose: 1, nodes: 4, gpus: 4, batch_size: 2, num_workers: 16 };
    await writeFile(join(cli.folder, 'config.json'), JSON.stringify({ ...config, use_gpu: false }));
    await cli.configure(`version: 1
clusters:
  bsc:
    login: head
    slurm: { pollSeconds: 10 }
    workdir: ~/segmentation
    setup: export PATH=${lab.python('field')}/bin:$PATH
launches:
  16_gpus:
    cluster: bsc
    launcher: ray
    command: [python, data_parallelism.py, --config, ./config.json]
    nodes: 4
    gpus: 4
    config: config.json
    files: [data_parallelism.py, train.py, config.json]
    env: { PYTHONUNBUFFERED: 1 }
    slurm: { ntasksPerNode: 1, cpusPerTask: 160, gres: "gpu:4", time: "48:00:00", exclusive: true }
    ray: { numCpus: 4, joinSeconds: 300 }
`);
  });
  afterAll(async () => {
    await cli.dispose();
    await lab.dispose();
  });

  it('trains one model on 16 GPUs: points for every rank', async () => {
    const { id, code, stderr } = await cli.launchAndWait('16_gpus');
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    expect(await cli.inspect(id)).toMatchObject({ state: 'ended', exit: 0, by: 'itself' });
    const directory = `~/.rankwise/runs/${id}/head`;
    const { stdout: script } = await lab.exec('head', `cat ${directory}/job.sbatch`);
    for (const option of [
      'job-name=16_gpus',
      'nodes=4',
      'ntasks-per-node=1',
      'cpus-per-task=160',
      'gres=gpu:4',
      'time=48:00:00',
      'exclusive',
    ]) {
      expect(script).toContain(`#SBATCH --${option}\n`);
    }
    const { stdout: log } = await lab.exec('head', `cat ${directory}/batch.log`);
    expect(log).toMatch(/rankwise: Ray [\d.]+ is ready after [\d.]+ s: 4 hosts, 16 CPUs, 16 GPUs/);
    const points = await cli.points(id);
    for (let rank = 0; rank < 16; rank++) {
      const losses = points.filter(
        (point) => point.rank === rank && point.name === 'loss' && point.scope === 'worker',
      );
      expect(losses.map(({ epoch, step }) => `${epoch} ${step}`)).toEqual(
        [0, 1].flatMap((epoch) => [0, 1, 2, 3, 4].map((step) => `${epoch} ${step}`)),
      );
    }
    expect(await lab.processesWith(id)).toEqual([]);
    for (const { name } of lab.hosts) {
      expect((await lab.exec(name, 'ls -d /tmp/rankwise-*')).stdout).toBe('');
    }
    expect((await lab.exec('head', 'squeue -h')).stdout).toBe('');
  });
});
