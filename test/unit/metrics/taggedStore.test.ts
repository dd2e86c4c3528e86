import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlanProcess, TagStyle } from '../../../src/launch/plan';
import { MetricsStore, type StoreOptions } from '../../../src/metrics/metricsStore';
import { storeOptions } from '../../../src/metrics/storeOptions';

const logs = join(import.meta.dirname, '../../fixtures/logs');
const encode = (text: string) => new TextEncoder().encode(text);
const recorded = (file: string) => readFileSync(join(logs, file));

function store(tags: TagStyle, bytes: Uint8Array, options: StoreOptions = {}, log = 'head/launcher') {
  const made = new MetricsStore({ logs: new Map([[log, { tags, workers: 8 }]]), ...options });
  made.feed({ run: 'r', worker: log, offset: 0, generation: 0, bytes });
  for (const id of made.logIds) made.end(id);
  return made;
}

describe('MetricsStore of a launcher log with tags', () => {
  it('makes a worker of each rank, in order, and none of the launcher', () => {
    const made = store('openmpi', recorded('mpirun-tag-output-8-ranks.log'));
    expect(made.workers).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((rank) => `rank/${rank}`));
    expect(made.points('rank/7', 'loss')).toHaveLength(6);
    expect(made.metrics('rank/3')).toMatchObject({
      identity: { kind: 'rank', rank: 3, log: 'head/launcher' },
      points: 24,
      lines: 7,
    });
    made.dispose();
  });

  it('gives the lines of a rank to the planned worker that has it, and their time by the launcher log', () => {
    const made = store('openmpi', encode('[1,1]<stdout>:loss=2\n'), {
      workers: ['node1/0', 'node2/0'],
      ranks: new Map([
        ['node1/0', 0],
        ['node2/0', 1],
      ]),
    });
    made.feedClock('head/launcher', encode('1700000000 launcher 21\n'), 0);
    expect(made.workers).toEqual(['node1/0', 'node2/0']);
    expect(made.points('node2/0', 'loss')).toMatchObject([{ value: 2, offset: 14, time: 1700000000 }]);
    expect(made.metrics('node1/0')).toMatchObject({ points: 0, lines: 0 });
    made.dispose();
  });

  it('keeps what is said of the whole job apart from what each worker says of itself', () => {
    const made = store('none', recorded('horovod-synthetic-benchmark.log'), {}, 'node1/0');
    expect(made.points('node1/0', 'throughput').map(({ value, scope }) => [value, scope])).toEqual([
      [187.5, 'worker'],
      [188.1, 'worker'],
      [186.9, 'worker'],
      [187.5, 'worker'],
    ]);
    expect(made.points('node1/0', 'throughput', 'job').map(({ value }) => value)).toEqual([750]);
    const hugging = store('none', recorded('huggingface-trainer.log'), {}, 'node1/0');
    expect(hugging.metrics('node1/0')?.latest['throughput']).toMatchObject({ value: 382.105, scope: 'job' });
    made.dispose();
    hugging.dispose();
  });

  it('groups the mixed lines of two workers into lanes, and calls them so', () => {
    const made = store('auto', recorded('mxnet-launch-py-2-workers-mixed.log'), {
      logs: new Map([['head/launcher', { tags: 'auto', workers: 2 }]]),
    });
    expect(made.workers).toEqual(['lane/0', 'lane/1']);
    for (const lane of made.workers) {
      expect(made.metrics(lane)?.identity?.kind).toBe('lane');
      expect(made.points(lane, 'throughput').map(({ epoch, step }) => [epoch, step])).toEqual(
        [0, 1, 2].flatMap((epoch) => [5, 10, 15].map((step) => [epoch, step])),
      );
      expect(made.points(lane, 'epoch_time')).toHaveLength(3);
    }
    made.dispose();
  });

  it('says which workers are quiet because rank 0 alone reports', () => {
    const made = store('srunLabel', recorded('srun-label-lightning-tqdm.log'));
    expect(made.workers).toEqual(['rank/0', 'rank/1']);
    expect(made.metrics('rank/0')?.quietByDesign).toBeUndefined();
    expect(made.metrics('rank/1')).toMatchObject({ points: 0, quietByDesign: true });
    made.dispose();
  });

  it('names the workers of torchrun by the host of their log', () => {
    const made = new MetricsStore({
      logs: new Map(['node1', 'node2'].map((host) => [`${host}/launcher`, { tags: 'torchrun' as const }])),
    });
    for (const host of ['node1', 'node2']) {
      made.feed({
        run: 'r',
        worker: `${host}/launcher`,
        offset: 0,
        generation: 0,
        bytes: encode('[default0]:loss=1\n'),
      });
    }
    expect(made.workers).toEqual(['node1/0', 'node2/0']);
    expect(made.metrics('node2/0')?.identity).toMatchObject({ kind: 'local', host: 'node2', localRank: 0 });
    made.dispose();
  });

  it('forgets the workers of a log that was replaced, and counts nothing twice', () => {
    const made = store('openmpi', encode('[1,0]<stdout>:loss=1\n[1,1]<stdout>:loss=1\n'));
    const piece = { run: 'r', worker: 'head/launcher', offset: 0, bytes: encode('[1,0]<stdout>:loss=5\n') };
    made.feed({ ...piece, generation: 1 });
    made.feed({ ...piece, generation: 1 });
    expect(made.workers).toEqual(['rank/0']);
    expect(made.points('rank/0', 'loss').map(({ value }) => value)).toEqual([5]);
    made.dispose();
  });

  it('reads tags, hosts and own metrics from the plan', () => {
    const process = { host: 'head', id: 'launcher', role: 'launcher', argv: [], env: {}, cwd: '' } as const;
    const target = { host: 'a' };
    const metrics = [{ name: 'dice', pattern: 'dice (.*)', unit: 'x', scope: 'worker' as const }];
    const options = storeOptions(
      {
        hosts: [{ name: 'head', peer: '10.0.0.1', target }],
        processes: [{ ...process, argv: [], tags: 'deepspeed' }],
        np: 2,
        metrics,
        slurm: undefined,
      },
      [],
    );
    const made = new MetricsStore(options);
    const bytes = encode('10.0.0.1: step=1 dice 0.5\n10.0.0.1: step=1 dice 0.25\n');
    made.feed({ run: 'r', worker: 'head/launcher', offset: 0, generation: 0, bytes });
    expect(made.workers).toEqual(['lane/10.0.0.1/0', 'lane/10.0.0.1/1']);
    expect(made.points('lane/10.0.0.1/1', 'dice')).toMatchObject([{ value: 0.25, unit: 'x', step: 1 }]);
    made.dispose();
  });

  it('reads tags of a job of Slurm in the log of its batch script', () => {
    const process = { host: 'login', id: 'submit', role: 'launcher', argv: [], env: {}, cwd: '' } as const;
    const options = storeOptions(
      {
        hosts: [{ name: 'login', peer: 'login', target: { host: 'login' } }],
        processes: [{ ...process, argv: [], tags: 'openmpi' }],
        np: 0,
        metrics: [],
        slurm: { script: 'login/job.sbatch', hasRecords: true, pollSeconds: 30 },
      },
      [],
    );
    const made = new MetricsStore(options);
    const bytes = encode('[1,3]<stdout>:step=1 loss=2\n');
    made.feed({ run: 'r', worker: 'login/batch', offset: 0, generation: 0, bytes });
    expect(made.points('rank/3', 'loss')).toMatchObject([{ value: 2 }]);
    made.dispose();
  });
});

describe("MetricsStore of a Slurm script of the user's own", () => {
  const tags: TagStyle = 'auto';
  const role: PlanProcess['role'] = 'launcher';
  const plan = {
    hosts: [],
    processes: [{ id: 'submit', host: 'head', role, argv: [], env: {}, cwd: '~', tags }],
    np: 0,
    metrics: [],
    slurm: { script: 'head/job.sbatch', hasRecords: false, pollSeconds: 30 },
  };
  const made = (...logs: [id: string, text: string][]): MetricsStore => {
    // As when the run was opened before its job began.
    const store = new MetricsStore(storeOptions(plan, []));
    for (const [id, text] of logs)
      store.feed({ run: 'r', worker: `head/${id}`, offset: 0, generation: 0, bytes: encode(text) });
    for (const id of store.logIds) store.end(id);
    return store;
  };
  const steps = 'starting\nstep=1 loss=0.5\nstep=2 loss=0.4\n';
  const losses = (store: MetricsStore, worker: string): number[] =>
    store.points(worker, 'loss').map(({ value }) => value);

  it('gives what the script prints to the script, in an array to that of each task', () => {
    const one = made(['submit', 'Submitted job 3.\n'], ['batch', steps], ['batch-err', 'loss=9\n']);
    expect(one.workers).toEqual(['head/batch']);
    expect(losses(one, 'head/batch')).toEqual([0.5, 0.4]);
    expect(one.metrics('head/batch')?.lines).toBe(3);
    const array = made(['batch-1', steps], ['batch-2', 'step=1 loss=0.7\n']);
    expect(array.workers).toEqual(['head/batch-1', 'head/batch-2']);
    expect(losses(array, 'head/batch-2')).toEqual([0.7]);
  });

  it('gives it to nobody where tasks have logs of their own, and each line to one worker', () => {
    const store = made(['batch', steps], ['0-0', 'step=1 loss=0.3\n'], ['0-1', 'step=1 loss=0.2\n']);
    expect(store.workers).toEqual(['head/0-0', 'head/0-1']);
    expect(losses(store, 'head/0-1')).toEqual([0.2]);
  });

  it('makes one worker of the script and its rank 0 where tags name ranks', () => {
    const store = made(['batch', 'starting\n[1,0]<stdout>:loss=1\n[1,1]<stdout>:loss=2\n']);
    expect(store.workers).toEqual(['head/batch', 'rank/1']);
    expect(losses(store, 'head/batch')).toEqual([1]);
  });
});
