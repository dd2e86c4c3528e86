import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../../scripts/machine/repository.mjs';
import type { GroupJson } from '../../../src/cli/groups';
import type { RunJson } from '../../../src/cli/runTable';
import { createCli, type Cli } from '../../support/cli';
import { createLab, type Lab } from '../../support/lab';

const program = join(repository, 'test/lab/writeups/retinopathy');

// Real Lightning, small data: 320 images and 2 epochs instead of 5000 and 1000, two repeats of "two or three". The nodes
// claim the 16 CPUs and 10 GB that each task asks for.
describe('diabetic retinopathy on a Slurm cluster', { timeout: 600_000 }, () => {
  let lab: Lab;
  let cli: Cli;

  beforeAll(async () => {
    const nodes = Array.from({ length: 8 }, (_, index) => `node${index + 1}`);
    const slurm = { gpus: 1, cpus: 32, memoryMb: 24_000, partitions: [{ name: 'gpgpu-1', nodes }] };
    lab = await createLab({ hosts: 8, homes: 'shared', slurm });
    cli = await createCli(lab.sshConfigFile);
    const files = await readdir(program);
    for (const file of files) await copyFile(join(program, file), join(cli.folder, file));
    await cli.configure(`version: 1
clusters:
  m2:
    login: head
    slurm: { partition: gpgpu-1, mem: 10G, pollSeconds: 10 }
    workdir: ~/retinopathy
    setup: source ${lab.python('field')}/bin/activate
  own:
    hosts: [node1]
    workdir: ~/own
    setup: source ${lab.python('field')}/bin/activate
launches:
  scaling:
    cluster: m2
    launcher: slurm
    command: [python, train.py, --nodes, "\${matrix.nodes}", --gpus, "\${matrix.gpus}", --epochs, "\${epochs}", --batch-size, "\${batch_size}", --images, "\${images}", --pace, "\${pace}"]
    params: { epochs: 1000, batch_size: 32, images: 5000, pace: 0 }
    presets: { short: { epochs: 2, images: 320 } }
    matrix:
      nodes: [2, 8]
      gpus: [0, 1]
    repeat: 2
    slurm: { ntasksPerNode: 1, cpusPerTask: 16 }
    files: [${files.join(', ')}]
  gpu:
    cluster: m2
    launcher: slurm
    command: [python, train.py, --nodes, "\${matrix.nodes}", --gpus, "\${matrix.gpus}", --epochs, "\${epochs}", --images, "\${images}"]
    params: { epochs: 1000, images: 5000 }
    presets: { short: { epochs: 2, images: 320 } }
    matrix:
      include: [{ nodes: 1, gpus: 0 }, { nodes: 2, gpus: 1 }]
    repeat: 2
    slurm: { ntasksPerNode: 1, cpusPerTask: 16 }
    files: [${files.join(', ')}]
  serialize:
    cluster: own
    launcher: ssh
    command: python serialize_tensor.py
    files: [${files.join(', ')}]
  serialization:
    cluster: own
    launcher: ssh
    command: [python, train.py, --serialized, "\${matrix.serialized}", --epochs, 15]
    params: { serialized: yes }
    matrix: { serialized: [yes, no] }
    repeat: 2
    files: [${files.join(', ')}]
`);
  });
  afterAll(async () => {
    await cli.dispose();
    await lab.dispose();
  });

  const runsOf = async (group: string): Promise<RunJson[]> => {
    const { stdout } = await cli.run('runs', '--json');
    return (JSON.parse(stdout) as RunJson[]).filter((run) => run.group === group);
  };
  const groupIn = (stdout: string): GroupJson =>
    JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as GroupJson;
  const logOf = async (run: string, process: string): Promise<string> =>
    (await lab.exec('head', `cat ~/.rankwise/runs/${run}/head/${process}.log`)).stdout;

  /** Each run is one training of all its nodes; each worker has its lines and its time; nothing is left. */
  async function expectTrained(group: string): Promise<RunJson[]> {
    const runs = await runsOf(group);
    for (const { id, values, state, exit, by, workers } of runs) {
      expect({ state, exit, by }, id).toEqual({ state: 'ended', exit: 0, by: 'itself' });
      const nodes = Number(values?.['nodes']);
      expect(workers.map(({ rank }) => rank)).toEqual([...Array(nodes).keys()]);
      const points = await cli.points(id);
      const places = new Set<string>();
      for (const { id: worker, rank } of workers) {
        const own = points.filter((point) => point.worker === worker);
        expect(own.filter(({ name }) => name === 'run_time').length, `${id} ${worker}`).toBe(1);
        const losses = own.filter(({ name }) => name === 'val_loss');
        // Rank 0 alone has a bar.
        expect(new Set(losses.map(({ epoch }) => epoch)).size).toBe(rank === 0 ? 2 : 0);
        const said = [
          ...(await logOf(id, String(rank))).matchAll(/^node (\S+) rank (\d+) of (\d+), GPUs (\S+)$/gm),
        ];
        expect(said.map(([, , ...rest]) => rest)).toEqual([
          [
            String(rank),
            String(nodes),
            values?.['gpus'] === '1' ? '0' : expect.stringMatching(/^(none|NoDevFiles)$/),
          ],
        ]);
        places.add(said[0]?.[1] ?? '');
      }
      expect(places.size).toBe(nodes);
      expect(await lab.processesWith(id)).toEqual([]);
    }
    return runs;
  }

  interface Row {
    label: string;
    workers: number;
    times: number[];
    time: { mean: number; sd: number; repeats: number };
    timeToFirst: number;
  }

  it('runs 2 and 8 nodes, with and without a GPU, twice each, and makes the table of run times', async () => {
    const { code, stdout, stderr } = await cli.run(
      'launch',
      'scaling',
      '--preset',
      'short',
      '--wait',
      '--json',
    );
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    const runs = await expectTrained(groupIn(stdout).group);
    expect(runs).toHaveLength(8);

    const table = await cli.run('table', 'scaling');
    const [head, , ...rows] = table.stdout.trimEnd().split('\n');
    expect(head).toBe('| run | workers | run 1 (s) | run 2 (s) | mean (s) | of the first | faster |');
    const seconds = String.raw`\d+\.\d`;
    expect(rows).toEqual(
      ['2 · gpus 0 | 2', '2 · gpus 1 | 2', '8 · gpus 0 | 8', '8 · gpus 1 | 8'].map(
        (row) =>
          expect.stringMatching(
            new RegExp(
              `^\\| nodes ${row.replaceAll('|', '\\|')} \\| ${seconds} \\| ${seconds} \\| ${seconds} ± ${seconds} \\| \\d+ % \\| [+-]?\\d+ % \\|$`,
            ),
          ) as string,
      ),
    );
    // The numbers are the greatest that the ranks of each run have printed.
    const exact = JSON.parse((await cli.run('table', 'scaling', '--json')).stdout) as Row[];
    const [first] = exact;
    for (const [index, row] of exact.entries()) {
      const printed = await Promise.all(
        runs
          .filter(({ values }) => `nodes ${values?.['nodes']} · gpus ${values?.['gpus']}` === row.label)
          .sort((a, b) => (a.trial ?? '').localeCompare(b.trial ?? ''))
          .map(async ({ id, workers }) => {
            const logs = await Promise.all(workers.map(({ rank }) => logOf(id, String(rank))));
            return Math.max(...logs.map((log) => Number(/--- ([\d.]+) seconds ---/.exec(log)?.[1])));
          }),
      );
      expect(row.times, row.label).toEqual(printed);
      const mean = ((printed[0] ?? NaN) + (printed[1] ?? NaN)) / 2;
      expect(row.time.mean).toBeCloseTo(mean);
      expect(row.time.sd).toBeCloseTo(Math.abs((printed[0] ?? NaN) - mean) * Math.SQRT2);
      expect(row.timeToFirst).toBeCloseTo(mean / (first?.time.mean ?? NaN));
      expect(index === 0 ? row.timeToFirst : 1).toBe(1);
    }
    const compared = await cli.run('compare', 'scaling');
    expect(compared.stdout.trimEnd().split('\n')).toHaveLength(6);
  });

  it('compares one node without a GPU to two that have one each', async () => {
    const { code, stdout, stderr } = await cli.run('launch', 'gpu', '--preset', 'short', '--wait', '--json');
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    expect(await expectTrained(groupIn(stdout).group)).toHaveLength(4);
    const table = await cli.run('table', 'gpu', '--format', 'csv');
    expect(table.stdout.split('\r\n').map((row) => row.split(',').slice(0, 2))).toEqual([
      ['run', 'workers'],
      ['nodes 1 · gpus 0', '1'],
      ['nodes 2 · gpus 1', '2'],
      [''],
    ]);
  });

  it('compares serialized tensors to images on a machine of its own', async () => {
    const made = await cli.launchAndWait('serialize');
    expect([made.code, made.code === 0 ? '' : made.stderr]).toEqual([0, '']);
    const { code, stderr } = await cli.run('launch', 'serialization', '--wait');
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    const rows = JSON.parse((await cli.run('table', 'serialization', '--json')).stdout) as Row[];
    expect(rows.map(({ label, times }) => [label, times.length])).toEqual([
      ['serialized yes', 2],
      ['serialized no', 2],
    ]);
  });

  it('stops a group whose jobs run and wait, with proof, and compares nothing of it', async () => {
    const settings = ['--preset', 'short', '--set', 'epochs=1000', '--set', 'pace=0.5'];
    const launched = await cli.run('launch', 'scaling', ...settings, '--json');
    expect([launched.code, launched.code === 0 ? '' : launched.stderr]).toEqual([0, '']);
    const { group, trials } = groupIn(launched.stdout);
    expect(trials.map(({ state }) => state)).toEqual(Array(8).fill('running'));
    const queue = async (): Promise<string[]> =>
      (await lab.exec('head', 'squeue -h --me -o %T')).stdout.split('\n').filter(Boolean).sort();
    await expect
      .poll(async () => [...new Set(await queue())], { timeout: 120_000 })
      .toEqual(['PENDING', 'RUNNING']);
    await expect
      .poll(
        async () => (await lab.exec('head', `cat ~/.rankwise/runs/${trials[0]?.run}/head/0.log`)).stdout,
        {
          timeout: 240_000,
        },
      )
      .toMatch(/train_loss/);
    const stopped = await cli.run('stop', 'scaling', '--json');
    expect(stopped.stderr).toMatch(/nodes 8 · gpus 1 · run 2 of 2: /);
    expect([stopped.code, JSON.parse(stopped.stdout)]).toEqual([0, { group, proven: true, unproven: [] }]);
    expect(await queue()).toEqual([]);
    for (const run of await runsOf(group)) {
      expect(run).toMatchObject({ state: 'ended', by: 'stop' });
      expect(await lab.processesWith(run.id)).toEqual([]);
    }
    const followed = await cli.run('follow', group, '--json');
    expect([followed.code, groupIn(followed.stdout).trials.map(({ state }) => state)]).toEqual([
      1,
      Array(8).fill('stopped'),
    ]);
    const table = await cli.run('table', group);
    expect(table.stderr).toContain('0 of 8 trials have ended well');
    expect(table.stdout.trimEnd().split('\n')).toHaveLength(2);
  });
});
