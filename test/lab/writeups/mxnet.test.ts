import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../../scripts/machine/repository.mjs';
import { createCli, type Cli } from '../../support/cli';
import { createLab, type Lab } from '../../support/lab';

// A master with the list of its workers, and one folder that all of them share.
describe('MXNet by launch.py', () => {
  let lab: Lab;
  let cli: Cli;

  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'each', behindHead: true });
    cli = await createCli(lab.sshConfigFile);
    const mxnet = 'deeplearning-cfn/examples/mxnet';
    const shared = join(lab.truth.outside, mxnet);
    await mkdir(join(shared, 'tools'), { recursive: true });
    await mkdir(join(shared, 'example/image-classification'), { recursive: true });
    await copyFile(join(repository, 'test/lab/training/launch.py'), join(shared, 'tools/launch.py'));
    await copyFile(
      join(repository, 'test/lab/writeups/train_cifar10.py'),
      join(shared, 'example/image-classification/train_cifar10.py'),
    );
    await lab.exec('head', `chmod -R a+rwX ${lab.truth.inside}`, { user: 'root' });
    const workers = lab.hosts.map(({ name }) => `${name}\\n`).join('');
    await lab.exec('head', `printf '${workers}' >~/workers`);
    // What the write-up's cluster sets for every login.
    const profile = `export DEEPLEARNING_WORKER_GPU_COUNT=2 PATH=${lab.python('mxnet')}/bin:$PATH`;
    for (const { name } of [lab.head!, ...lab.hosts]) {
      await lab.exec(name, `echo '${profile}' >~/.bash_profile`);
    }
    const master = lab.head!;
    await cli.configure(`version: 1
clusters:
  cfn:
    hosts: { onHead: ~/workers }
    head: { host: ${master.address}, name: master, peer: ${master.peerAddress} }
    user: trainer
    identityFile: ${lab.identityFile}
    proxyJump: head
    workdir: ${lab.truth.inside}/${mxnet}/example/image-classification
launches:
  cifar10-cpu:
    cluster: cfn
    launcher: mxnet
    command: [python, train_cifar10.py, --network, resnet, --num-layers, "\${layers}", --kv-store, dist_device_sync, --num-epoch, 2]
    np: 2
    params: { layers: 8 }
    presets: { deep: { layers: 50 } }
    mxnet: { launchPy: ../../tools/launch.py, tracker: ssh }
  cifar10-gpu:
    cluster: cfn
    launcher: mxnet
    command: python train_cifar10.py --gpus $(seq -s , 0 1 $(($DEEPLEARNING_WORKER_GPU_COUNT - 1))) --network resnet --num-layers 50 --kv-store dist_device_sync --num-epoch 2
    np: 2
  cifar10-workers:
    cluster: cfn
    launcher: mxnet
    command: [python, train_cifar10.py, --network, resnet, --num-layers, 8, --kv-store, dist_device_sync, --num-epoch, 1, --model-prefix, "model-output-\${trial}"]
    matrix: { np: [1, 2] }
    mxnet: { servers: 1 }
    outputs: ["model-output-\${trial}*"]
`);
  });
  afterAll(async () => {
    await cli.dispose();
    await lab.dispose();
  });

  interface EpochRow {
    epoch: number;
    worker: string;
    trainAccuracy: number;
    validationAccuracy: number;
    seconds: number;
  }

  /** Each of two workers has accuracy and throughput of its own, a row for each epoch, and nothing is left. */
  async function expectTrained(id: string): Promise<void> {
    const run = await cli.inspect(id);
    expect(run).toMatchObject({ state: 'ended', exit: 0, by: 'itself' });
    const names = lab.hosts.map(({ name }) => `${name}/0`);
    expect(run.workers.map((worker) => worker.id).sort()).toEqual(names);
    const points = await cli.points(id);
    for (const worker of names) {
      const count = (name: string): number =>
        points.filter((point) => point.worker === worker && point.name === name).length;
      // 15 batches of 128 in each of two epochs, a line for every fourth of them.
      expect([count('throughput'), count('accuracy'), count('val_accuracy')]).toEqual([6, 6, 2]);
    }
    const { stdout } = await cli.run('table', id, '--format', 'json');
    const rows = JSON.parse(stdout) as EpochRow[];
    expect(rows.map(({ epoch, worker }) => `${epoch} ${worker}`)).toEqual(
      [0, 1].flatMap((epoch) => names.map((worker) => `${epoch} ${worker}`)),
    );
    for (const row of rows) {
      expect(row.seconds).toBeGreaterThan(0);
      expect(row.trainAccuracy).toBeGreaterThan(0);
      expect(row.validationAccuracy).toBeGreaterThan(0);
    }
    expect(await lab.processesWith(id)).toEqual([]);
  }

  it('by the launch.py of the write-up', async () => {
    const { id, code, stderr } = await cli.launchAndWait('cifar10-cpu');
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    const { stdout } = await lab.exec('head', `cat ~/.rankwise/runs/${id}/master/launcher.sh`);
    expect(stdout).toMatch(/python \.\.\/\.\.\/tools\/launch\.py -n 2 -s 2 -H \S+ --launcher ssh/);
    await expectTrained(id);
  });

  it('without launch.py, with the GPUs that the shell counts', async () => {
    const { id, code, stderr } = await cli.launchAndWait('cifar10-gpu');
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    await expectTrained(id);
    const { stdout } = await lab.exec('node2', `cat ~/.rankwise/runs/${id}/node2/0.log`);
    expect(stdout).toContain("gpus='0,1'");
    expect(stdout).toContain('num_layers=50');
  });

  it('makes the table of workers, time, speed and accuracy from the runs', async () => {
    const { code, stderr } = await cli.run('launch', 'cifar10-workers', '--wait');
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    const { stdout } = await cli.run('compare', 'cifar10-workers');
    const [head, , ...rows] = stdout.trimEnd().split('\n');
    expect(head).toBe('| run | workers | time (s) | samples/s | efficiency | accuracy (%) |');
    const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()));
    expect(cells.map(([, , workers]) => workers)).toEqual(['1', '2']);
    for (const [, , , time, speed, efficiency, accuracy] of cells) {
      expect(time).toMatch(/^[\d.]+ \(\d+ %\)$/);
      expect(speed).toMatch(/^[\d.]+ \(\d+ %\)$/);
      expect(efficiency).toMatch(/^\d+ %$/);
      expect(Number(accuracy)).toBeGreaterThan(10);
    }
    const made = await lab.exec('head', `ls ${lab.truth.inside}/deeplearning-cfn/examples/mxnet/example/*/`);
    expect(made.stdout).toMatch(/^model-output-\S*-symbol\.json$/m);
  });
});
