import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../../scripts/machine/repository.mjs';
import { createCli, type Cli } from '../../support/cli';
import { createLab, type Lab } from '../../support/lab';

// The write-up gives Ray 20 CPUs; it would start a process for each of them here.
describe('3-D segmentation with Ray', { timeout: 300_000 }, () => {
  let lab: Lab;
  let cli: Cli;

  beforeAll(async () => {
    lab = await createLab({ hosts: 1, homes: 'each' });
    cli = await createCli(lab.sshConfigFile);
    await copyFile(join(repository, 'examples/ray/train.py'), join(cli.folder, 'train.py'));
    await copyFile(
      join(repository, 'test/lab/writeups/multiexperiment.py'),
      join(cli.folder, 'multiexperiment.py'),
    );
    const config = { lr: 0.05, epochs: 2, verbose: 1, nodes: 1, gpus: 2, batch_size: 2, num_workers: 2 };
    await writeFile(join(cli.folder, 'config.json'), JSON.stringify({ ...config, use_gpu: false }));
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
`);
  });
  afterAll(async () => {
    await cli.dispose();
    await lab.dispose();
  });

  it('trains one model on two workers by `multiexperiment.py -g 2`, and stops Ray', async () => {
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
});
