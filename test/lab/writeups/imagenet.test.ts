import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../../scripts/machine/repository.mjs';
import { createCli, type Cli } from '../../support/cli';
import { createLab, type Lab } from '../../support/lab';
import { createTestCore } from '../../support/testCore';

// One process group on each of two machines; the write-up has four with eight GPUs each.
describe('ImageNet on several machines', () => {
  let lab: Lab;
  let cli: Cli;

  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'each' });
    cli = await createCli(lab.sshConfigFile);
    await mkdir(join(cli.folder, 'setup'));
    await copyFile(
      join(repository, 'test/lab/writeups/train_imagenet_nv.py'),
      join(cli.folder, 'train_imagenet_nv.py'),
    );
    await writeFile(
      join(cli.folder, 'setup/setup_env_nv.sh'),
      `#!/bin/bash\nmkdir -p ~/data/imagenet && echo set up >>~/data/imagenet/ready\n`,
    );
    await cli.configure(`version: 1
clusters:
  p3:
    hosts:
${lab.hosts.map(({ name, address }, task) => `      - { host: ${name}, name: task${task}, peer: ${address}, slots: 2 }\n`).join('')}
    workdir: ~/cluster/pytorch
    setup: export PATH=${lab.python('field')}/bin:$PATH RANKWISE_TRUTH_DIR=${lab.truth.inside}
launches:
  imagenet:
    cluster: p3
    launcher: torchrun
    command: [python, train_imagenet_nv.py, "\${data}", --save-dir, "runs/\${name}", --lr, "\${lr}", --epochs, "\${epochs}"]
    nodes: 1
    gpus: 2
    params: { name: test, data: ~/data/imagenet, lr: 0.4, epochs: 45 }
    presets:
      x4_args: { nodes: 2, name: 4gpu_distributed, lr: 1.6, epochs: 50 }
    setupScript: setup/setup_env_nv.sh
    files: [train_imagenet_nv.py]
    torchrun: { program: torch.distributed.launch }
    env: { PACE: 0.05, OMP_NUM_THREADS: 1, HOLD: ${lab.truth.inside}/hold }
    outputs: ["runs/\${name}/*.tar"]
`);
  });
  afterAll(async () => {
    await cli.dispose();
    await lab.dispose();
  });

  it('sets up, trains by a preset, is left and found again, and shows its table', async () => {
    const hold = join(lab.truth.outside, 'hold');
    await writeFile(hold, '');
    const launched = await cli.run('launch', 'imagenet', '--preset', 'x4_args', '--name', '4gpu_distributed');
    expect([launched.code, launched.code === 0 ? '' : launched.stderr]).toEqual([0, '']);
    const id = launched.stdout.trim();
    // Nobody follows it now. A terminal on the host of a worker, and what runs there:
    const { core, dispose } = await createTestCore(lab.sshConfigFile, 'reject', cli.stateDir);
    try {
      const { workers, plan } = core.runs.get(id)!;
      const host = plan.hosts.find(({ name }) => name === workers.at(-1)?.host)!;
      const shell = await (await core.connect(host.target)).shell({ columns: 80, rows: 24 });
      let shown = '';
      shell.stdout.on('data', (data: Buffer) => (shown += data.toString()));
      // Its recorder begins before it does.
      const launcher = '-f "[t]orch.distributed.launch"';
      shell.stdin.write(
        `until pgrep ${launcher} >/dev/null; do sleep 0.2; done; uname -n; pgrep -c ${launcher}; exit\n`,
      );
      await shell.ended;
      expect(shown).toMatch(/node2\r\n[1-9]/);
    } finally {
      await rm(hold);
      await dispose();
    }

    const followed = await cli.run('follow', id);
    expect([followed.code, followed.code === 0 ? '' : followed.stderr]).toEqual([0, '']);
    const run = await cli.inspect(id);
    expect(run).toMatchObject({ state: 'ended', exit: 0, by: 'itself' });
    expect(run.workers.map(({ rank, host }) => [rank, host])).toEqual([
      [0, 'task0'],
      [1, 'task0'],
      [2, 'task1'],
      [3, 'task1'],
    ]);
    const points = await cli.points(id);
    for (const rank of [0, 1, 2, 3]) {
      // 50 epochs of 4 steps, as the preset says.
      const own = points.filter((point) => point.rank === rank);
      expect(own.filter(({ name }) => name === 'loss')).toHaveLength(200);
      for (const name of ['val_accuracy', 'val_top5']) {
        const reduced = own.filter((point) => point.name === name);
        expect(reduced.map(({ epoch }) => epoch)).toEqual(rank === 0 ? [...Array(50).keys()] : []);
        expect(
          reduced.every(({ scope, value }) => scope === 'job' && value !== null && value >= 0 && value <= 1),
        ).toBe(true);
      }
    }
    for (const { name } of lab.hosts) {
      expect((await lab.exec(name, 'cat ~/data/imagenet/ready')).stdout).toBe('set up\n');
    }
    const made = await lab.exec('node1', 'ls ~/cluster/pytorch/runs/4gpu_distributed');
    expect(made.stdout).toBe('checkpoint.tar\n');
    expect(await lab.processesWith(id)).toEqual([]);
  });

  it('trains the same on one machine, as `--num-tasks 1`', async () => {
    const { id, code, stderr } = await cli.launchAndWait('imagenet', '--set', 'epochs=2');
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    const { workers } = await cli.inspect(id);
    expect(workers.map(({ rank, host, points }) => [rank, host, points > 0])).toEqual([
      [0, 'task0', true],
      [1, 'task0', true],
    ]);
    // The script of set-up has not changed: it did not run again.
    expect((await lab.exec('node1', 'cat ~/data/imagenet/ready')).stdout).toBe('set up\n');
  });
});
