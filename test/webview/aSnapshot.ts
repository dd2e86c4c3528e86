import type { Chart, ChartId, Snapshot, WorkerRow } from '../../src/protocol/dashboard';

function row(index: number, change: Partial<WorkerRow> = {}): WorkerRow {
  return {
    id: `node${index + 1}/0`,
    index,
    name: `rank ${index}`,
    host: `node${index + 1}`,
    local: 0,
    rank: index,
    step: 3,
    throughput: 100 + index,
    accuracy: 0.5,
    loss: 1.25,
    versusMedian: 0,
    lastLine: 'epoch=1 step=3',
    state: 'running',
    stateText: 'running',
    points: 3,
    ...change,
  };
}

function chart(id: ChartId, metric: string, base: number): Chart {
  const series = [0, 1].map((index) => ({
    key: `node${index + 1}/0`,
    role: 'worker' as const,
    x: [1, 2, 3],
    y: [base + index, base + 1 + index, base + 2 + index],
  }));
  return { id, metric, label: metric, unit: '', summarised: false, series };
}

/** A run of two workers with three points each; the second is slow. */
export function aSnapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    now: 1_000_000,
    axis: 'step',
    axes: ['step', 'time'],
    metrics: [
      { name: 'throughput', label: 'throughput' },
      { name: 'accuracy', label: 'accuracy' },
    ],
    run: {
      id: 'r1',
      title: 'digits #1',
      status: { kind: 'running', label: 'running', detail: '', nextStep: '', deadline: null },
      startedAt: 940_000,
      endedAt: null,
      contact: [],
      lastSeen: null,
      running: 2,
      expected: 2,
      epoch: 1,
      canStop: true,
    },
    tiles: [
      { id: 'throughput', label: 'samples/s', value: '201', detail: 'total of 2 workers', tone: 'plain' },
    ],
    workers: [row(0), row(1, { state: 'slow', stateText: 'slow since step 1', versusMedian: -0.3 })],
    events: [{ id: 'launched', at: 940_000, tone: 'plain', text: 'launched on node1, node2' }],
    waiting: null,
    charts: [chart('left', 'throughput', 100), chart('right', 'accuracy', 0.5)],
    ...change,
  };
}
