import { MetricsStore } from '../../../src/metrics/metricsStore';
import type { Contact, RunState, RunView, WorkerState } from '../../../src/runs/model';
import { emptyPlan, type Plan } from '../../../src/launch/plan';

/** A run with its numbers as the dashboard's feed gets them. */
export interface Scenario {
  run: RunView;
  metrics: MetricsStore;
  /** Milliseconds since the epoch at which it is looked at. */
  now: number;
  /** Whether the workspace is: else no host is asked. */
  trusted: boolean;
}

export interface ScenarioOptions {
  workers?: number;
  /** Lines with metrics per worker. */
  steps?: number;
  stepsPerEpoch?: number;
  /** Rank whose own computation takes this many times as long. */
  slow?: { rank: number; factor: number };
  state?: RunState;
  workerState?: WorkerState | ((rank: number) => WorkerState);
  contact?: (host: string) => Contact;
  trusted?: boolean;
  /** Lines without any metric, before the others. */
  chatter?: string[];
  /** What a worker prints at each step, in place of a line with everything. */
  line?: (step: number, rank: number) => string;
}

const startedAt = Date.UTC(2026, 4, 4, 12, 0, 0);

/** A training over four hosts whose workers log like the practice training; the same numbers each time. */
export function scenario(options: ScenarioOptions = {}): Scenario {
  const { workers: count = 4, steps = 300, stepsPerEpoch = 100 } = options;
  const secondsPerStep = 0.4;
  const endedAt = startedAt + steps * secondsPerStep * 1000;
  const hosts = ['node1', 'node2', 'node3', 'node4'];
  const ids = Array.from({ length: count }, (_, rank) => ({
    id: `${hosts[rank % 4] ?? ''}/${Math.floor(rank / 4)}`,
    host: hosts[rank % 4] ?? '',
    localIndex: Math.floor(rank / 4),
    rank,
  }));
  const metrics = new MetricsStore({ workers: ids.map(({ id }) => id), clock: { now: () => endedAt } });
  for (const { id, rank, localIndex } of ids) {
    const { text, clock } = logOf(rank, localIndex, options, steps, stepsPerEpoch, secondsPerStep);
    metrics.feedClock(id, new TextEncoder().encode(clock), 0);
    if (text !== '') {
      metrics.feed({ run: 'r', worker: id, offset: 0, generation: 0, bytes: new TextEncoder().encode(text) });
    }
  }
  const plan: Plan = {
    ...emptyPlan,
    version: 1,
    run: 'r',
    launch: 'resnet50-4x2',
    cluster: 'lab',
    launcher: 'ssh',
    np: count,
    hosts: hosts.map((name) => ({ name, target: { host: name }, peer: name })),
    files: [],
    processes: [],
    workers: ids,
    sync: [],
    workdir: '~',
    stop: [],
    onWorkerExit: 'stop',
    notes: [],
  };
  const state = options.state ?? { kind: 'running' };
  const run: RunView = {
    id: '20260504-120000-resnet50-a1b2',
    number: 14,
    launch: plan.launch,
    plan,
    state,
    contact: Object.fromEntries(
      hosts.map((host) => [host, options.contact?.(host) ?? { kind: 'connected' as const }]),
    ),
    workers: ids.map((worker) => ({
      ...worker,
      state: stateOf(worker.rank, options.workerState),
      attempt: 1,
      logBytes: 0,
      incompleteSince: undefined,
    })),
    startedAt,
    endedAt: state.kind === 'ended' ? endedAt : undefined,
  };
  return { run, metrics, now: endedAt + 900, trusted: options.trusted ?? true };
}

function stateOf(rank: number, state: ScenarioOptions['workerState']): WorkerState {
  return typeof state === 'function' ? state(rank) : (state ?? { kind: 'running' });
}

function logOf(
  rank: number,
  localIndex: number,
  { slow, chatter = [], line }: ScenarioOptions,
  steps: number,
  stepsPerEpoch: number,
  secondsPerStep: number,
): { text: string; clock: string } {
  const noise = randomFrom(rank + 1);
  let text = chatter.map((line) => `${line}\n`).join('');
  let clock = text === '' ? '' : `${startedAt / 1000 + 1} ${localIndex} ${text.length}\n`;
  for (let step = 1; step <= steps; step++) {
    const factor = slow?.rank === rank && step > 60 ? slow.factor : 1;
    const compute = 0.2 * factor * (1 + 0.04 * (noise() - 0.5) + 0.01 * Math.sin(step / 17 + rank));
    const progress = step / (step + 120);
    const accuracy = Math.min(0.97, 0.1 + 0.85 * progress + 0.03 * (noise() - 0.5));
    const loss = 2.3 * (1 - progress) + 0.1 * noise();
    const epoch = Math.ceil(step / stepsPerEpoch);
    const within = ((step - 1) % stepsPerEpoch) + 1;
    text += line
      ? `${line(step, rank)}\n`
      : `epoch=${epoch} step=${within} loss=${loss.toFixed(4)} accuracy=${accuracy.toFixed(4)} ` +
        `throughput=${(32 / compute).toFixed(1)} compute_time=${compute.toFixed(4)}\n`;
    clock += `${startedAt / 1000 + Math.round(step * secondsPerStep)} ${localIndex} ${text.length}\n`;
  }
  return { text, clock };
}

/** Uniform values in [0, 1), the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Every state a person can meet, by name. */
export const scenarios: Readonly<Record<string, () => Scenario>> = {
  preparing: () =>
    scenario({
      steps: 0,
      state: { kind: 'preparing', step: 'copying train.py to node3' },
      workerState: { kind: 'waiting' },
      contact: () => ({ kind: 'connecting' }),
    }),
  waiting: () =>
    scenario({ steps: 0, chatter: ['Downloading CIFAR-10 …', 'Files already downloaded and verified'] }),
  running: () => scenario({}),
  bare: () => scenario({ line: (step, rank) => `loss=${(1 + rank / 10 + 20 / step).toFixed(3)}` }),
  first: () =>
    scenario({ steps: 1, line: (_, rank) => `step=10 loss=2.${rank} throughput=${150 + 4 * rank}` }),
  slow: () => scenario({ slow: { rank: 3, factor: 1.32 } }),
  many: () => scenario({ workers: 64, slow: { rank: 37, factor: 1.5 } }),
  sixteen: () => scenario({ workers: 16 }),
  stopping: () =>
    scenario({
      state: {
        kind: 'stopping',
        step: 'SIGTERM sent to the workers',
        deadline: startedAt + 127_000,
      },
    }),
  failed: () =>
    scenario({
      state: {
        kind: 'ended',
        exit: { code: 3, process: 'node3/0' },
        by: 'workerExit',
        message: 'exit 3 on node3/0 · last line: RuntimeError: loss is nan',
        proven: true,
      },
      workerState: (rank) => ({ kind: 'exited', code: rank === 2 ? 3 : 130, at: startedAt + 119_000 }),
      contact: () => ({ kind: 'done' }),
    }),
  silentLog: () =>
    scenario({
      steps: 0,
      chatter: ['Downloading CIFAR-10 …', 'done'],
      state: { kind: 'ended', exit: { code: 0, process: undefined }, by: 'itself', proven: true },
      workerState: { kind: 'exited', code: 0, at: startedAt + 3000 },
      contact: () => ({ kind: 'done' }),
    }),
  finished: () =>
    scenario({
      state: { kind: 'ended', exit: { code: 0, process: undefined }, by: 'itself', proven: true },
      workerState: { kind: 'exited', code: 0, at: startedAt + 121_000 },
      contact: () => ({ kind: 'done' }),
    }),
  stopped: () =>
    scenario({
      slow: { rank: 2, factor: 2.5 },
      state: { kind: 'ended', exit: { code: 130, process: 'node1/0' }, by: 'stop', proven: true },
      workerState: { kind: 'exited', code: 130, at: startedAt + 119_000 },
      contact: () => ({ kind: 'done' }),
    }),
  failedToStart: () =>
    scenario({
      steps: 0,
      state: {
        kind: 'ended',
        exit: { code: 127, process: 'node3/0' },
        by: 'failedToStart',
        message: 'node3: train.py: no such file in ~/project. Add it to `files:` of the launch',
        proven: true,
      },
      workerState: { kind: 'waiting' },
      contact: () => ({ kind: 'done' }),
    }),
  unreachable: () =>
    scenario({
      contact: (host) =>
        host === 'node3'
          ? { kind: 'unreachable', since: startedAt + 100_000, reason: 'no sign of life for 10 s' }
          : { kind: 'connected' },
    }),
  offline: () =>
    scenario({
      contact: () => ({
        kind: 'unreachable',
        since: startedAt + 100_000,
        reason: 'no sign of life for 10 s.',
      }),
    }),
  untrusted: () => scenario({ trusted: false, contact: () => ({ kind: 'connecting' }) }),
  gone: () =>
    scenario({
      steps: 40,
      state: { kind: 'gone', hosts: ['node2', 'node4'] },
      workerState: { kind: 'gone' },
    }),
};
