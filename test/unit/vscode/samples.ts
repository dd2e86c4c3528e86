import type { ClusterModel, ConfigModel, HostModel, LaunchModel } from '../../../src/config/model';
import { emptyPlan, type Plan } from '../../../src/launch/plan';
import { optionDefaults } from '../../../src/config/launchModel';
import type { RunView, WorkerView } from '../../../src/runs/model';
import type { KnownMetric, MetricPoint, Scope } from '../../../src/metrics/point';
import type { RunMetrics, SlowWorker } from '../../../src/metrics/runMetrics';

/* Values of the shapes that the texts read, with only what a test says differing. */

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

export function lines(start: number, end: number): typeof range {
  return { start: { line: start, character: 2 }, end: { line: end, character: 10 } };
}

export function hostModel(name: string, slots: number | undefined = 2): HostModel {
  return {
    name,
    target: { host: name },
    peer: name,
    slots,
    gpus: undefined,
    source: { file: '/w/hosts', line: 0 },
  };
}

export function clusterModel(change: Partial<ClusterModel> = {}): ClusterModel {
  return {
    name: 'lab',
    hosts: ['node1', 'node2'].map((name) => hostModel(name)),
    workdir: undefined,
    setup: [],
    env: {},
    head: undefined,
    slurm: undefined,
    remoteHostfile: undefined,
    practice: false,
    range,
    ...change,
  };
}

export function launchModel(change: Partial<LaunchModel> = {}): LaunchModel {
  return {
    ...optionDefaults,
    name: 'resnet50',
    cluster: 'lab',
    launcher: 'mpirun',
    command: 'python train.py',
    np: undefined,
    env: {},
    files: [],
    onWorkerExit: 'stop',
    stop: { interruptSeconds: 10, terminateSeconds: 10 },
    mpirun: { mca: {}, x: [], bindTo: undefined, mapBy: undefined, args: [] },
    source: '/w/rankwise.yaml',
    range: lines(5, 9),
    ...change,
  };
}

export function configModel(change: Partial<ConfigModel> = {}): ConfigModel {
  return {
    file: '/w/rankwise.yaml',
    clusters: [clusterModel()],
    launches: [launchModel()],
    problems: [],
    ...change,
  };
}

export function plan(change: Partial<Plan> = {}): Plan {
  return {
    ...emptyPlan,
    version: 1,
    run: '20260101-digits-ab12',
    launch: 'digits',
    cluster: 'lab',
    launcher: 'ssh',
    np: 2,
    hosts: ['node1', 'node2'].map((name) => ({ name, target: { host: name }, peer: name })),
    files: [],
    processes: [],
    workers: [],
    sync: [],
    workdir: '~',
    stop: [{ signal: 'INT', graceSeconds: 10 }],
    onWorkerExit: 'stop',
    notes: [],
    ...change,
  };
}

export function worker(host: string, rank: number | undefined, change: Partial<WorkerView> = {}): WorkerView {
  return {
    id: `${host}/0`,
    host,
    localIndex: 0,
    rank,
    state: { kind: 'running' },
    attempt: 1,
    logBytes: 0,
    incompleteSince: undefined,
    ...change,
  };
}

export function run(change: Partial<RunView> = {}): RunView {
  return {
    id: '20260101-digits-ab12',
    number: 14,
    launch: 'digits',
    plan: plan(),
    state: { kind: 'running' },
    contact: { node1: { kind: 'connected' }, node2: { kind: 'connected' } },
    workers: [worker('node1', 0), worker('node2', 1)],
    startedAt: 1_000_000,
    endedAt: undefined,
    ...change,
  };
}

/** Series that hold just these newest values, by worker and name. */
export function metrics(
  latest: Record<string, Partial<Record<KnownMetric, { value: number; step?: number; scope?: Scope }>>>,
  slow: SlowWorker[] = [],
): RunMetrics {
  return {
    workers: Object.keys(latest),
    names: [],
    slow,
    metrics: (id) => ({
      worker: id,
      latest: Object.fromEntries(
        Object.entries(latest[id] ?? {}).map(([name, { value, step, scope }]): [string, MetricPoint] => [
          name,
          {
            worker: id,
            name,
            value,
            unit: '',
            scope: scope ?? 'worker',
            epoch: undefined,
            step,
            offset: 0,
            time: undefined,
          },
        ]),
      ),
      lastLine: '',
      lastByteAt: undefined,
      lines: 1,
      points: 1,
    }),
    points: () => [],
    onDidChange: () => ({ dispose: () => undefined }),
    dispose: () => undefined,
  };
}
