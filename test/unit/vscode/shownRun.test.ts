import { describe, expect, it } from 'vitest';
import { MetricsStore } from '../../../src/metrics/metricsStore';
import { ChartBuilder } from '../../../src/vscode/dashboard/charts';
import { runToJson } from '../../../src/vscode/dashboard/exportRun';
import { RunEvents } from '../../../src/vscode/dashboard/runEvents';
import { snapshot } from '../../../src/vscode/dashboard/snapshot';
import { runRow } from '../../../src/vscode/text/runText';
import { summarize } from '../../../src/vscode/text/runSummary';
import { identitiesOf, shownRun } from '../../../src/vscode/text/shownRun';
import { workerRow } from '../../../src/vscode/text/workerText';
import { plan, run, worker } from './samples';

const launcher = 'node1/launcher';

/** A run whose workers only its launcher's log names, by Open MPI's tags. */
function taggedRun(text: string, tags: 'openmpi' | 'ray' | 'auto' = 'openmpi') {
  const store = new MetricsStore({ logs: new Map([[launcher, { tags }]]), clock: { now: () => 0 } });
  store.feed({ run: 'r', worker: launcher, offset: 0, generation: 0, bytes: new TextEncoder().encode(text) });
  const view = run({ workers: [], plan: plan({ np: 0, launcher: 'ray' }) });
  return { view, store };
}

const values = (rank: number, step: number) =>
  `[1,${rank}]<stdout>:epoch=1 step=${step} loss=1.0 accuracy=0.5 throughput=${100 + rank}\n`;
const lines = [2, 10, 0].flatMap((rank) => [1, 2].map((step) => values(rank, step))).join('');

describe('workers that only tags name', () => {
  const { view, store } = taggedRun(lines);
  const shown = shownRun(view, identitiesOf(store));

  it('are listed by rank, with the titles of other ranks', () => {
    const rows = shown.workers.map((one) => workerRow(shown, one, summarize(store).workers.get(one.id)));
    expect(rows.map(({ label }) => label)).toEqual(['rank 0', 'rank 2', 'rank 10']);
    expect(rows[1]).toMatchObject({ description: 'node1 · 102/s · step 2', contextValue: 'taggedWorker' });
    expect(rows[1]?.tooltip).toContain('Known by the tags in node1/launcher.');
  });

  it('are counted in the row of the run', () => {
    expect(runRow(view, summarize(store), view.startedAt + 5000).description).toContain('3/3 · 312/s');
  });

  it('have the colour of their rank in the dashboard, whenever they appear', () => {
    const derived = { charts: new ChartBuilder(), events: new RunEvents() };
    const view0 = {
      axis: 'step' as const,
      smoothing: 0,
      range: null,
      points: 100,
      left: null,
      right: null,
      picked: [],
    };
    const { workers, run: head, charts } = snapshot(view, store, view0, derived, 0, true);
    expect(workers.map(({ name, index, local }) => [name, index, local])).toEqual([
      ['rank 0', 0, null],
      ['rank 2', 2, null],
      ['rank 10', 10, null],
    ]);
    expect(head.expected).toBe(3);
    expect(charts[0]?.series.map(({ key }) => key)).toEqual(['rank/0', 'rank/2', 'rank/10']);
  });

  it('are exported with their points', () => {
    const read = JSON.parse(runToJson(view, store)) as { workers: { id: string; points: unknown[] }[] };
    expect(read.workers.map(({ id, points }) => [id, points.length])).toEqual([
      ['rank/0', 6],
      ['rank/2', 6],
      ['rank/10', 6],
    ]);
  });

  it('have the hole of the log that names them', () => {
    const holed = shownRun({ ...view, incompleteLogs: { [launcher]: 4096 } }, identitiesOf(store));
    expect(holed.workers.map(({ incompleteSince }) => incompleteSince)).toEqual([4096, 4096, 4096]);
  });

  it('are over with their run: nobody wrote down how they ended themselves', () => {
    const exit = { code: 1, process: launcher };
    const ended = shownRun(
      { ...view, state: { kind: 'ended', exit, by: 'itself', proven: true } },
      identitiesOf(store),
    );
    expect(ended.workers.map((one) => workerRow(ended, one, undefined).description)).toEqual([
      'over · node1',
      'over · node1',
      'over · node1',
    ]);
  });
});

describe('the row of a worker', () => {
  it('says which attempt it is', () => {
    const again = worker('node2', 1, { attempt: 3 });
    expect(workerRow(run(), again, undefined).description).toBe('attempt 3 · node2');
  });

  it('names the compute node of a task, and the login node in the hover', () => {
    const row = workerRow(run(), worker('login', 1, { node: 'gpu07' }), undefined);
    expect(row.description).toBe('gpu07');
    expect(row.tooltip).toContain('on gpu07, followed through login');
  });

  it('calls lanes lanes', () => {
    const identity = { kind: 'lane', log: 'login/0' } as const;
    const shown = shownRun(run({ workers: [] }), new Map([['lane/2', identity]]));
    const row = workerRow(shown, shown.workers[0]!, undefined);
    expect(row.label).toBe('lane 2');
    expect(row.tooltip).toContain('whose they are cannot be known');
  });
});

it('says how many workers have not joined, and why', () => {
  const notJoined = [{ worker: 'node2/0', host: 'node2', reason: 'no process of the run is on node2' }];
  const row = runRow(run({ notJoined }), undefined, 1_005_000);
  expect(row.description).toContain('1 not joined');
  expect(row.tooltip).toContain('node2/0 has not joined: no process of the run is on node2');
  expect(row.icon.id).toBe('warning');
});
