import { describe, expect, it } from 'vitest';
import { readToExtension, readToPage } from '../../src/protocol/dashboardGuards';
import { receive, type PageState } from '../../webview/dashboard/dashboardState';
import { aSnapshot } from './aSnapshot';

const view = { axis: 'step', smoothing: 0, range: null, points: 400, left: null, right: null, picked: [] };

describe('messages from the page', () => {
  it('lets well-formed ones through', () => {
    expect(readToExtension({ type: 'ready', view })).toEqual({ type: 'ready', view });
    expect(readToExtension({ type: 'stop' })).toEqual({ type: 'stop' });
    expect(readToExtension({ type: 'showLogs', worker: null })).toEqual({ type: 'showLogs', worker: null });
  });

  it.each([
    undefined,
    null,
    7,
    'stop',
    [],
    {},
    { type: 'toString' },
    { type: '__proto__' },
    { type: 'ready' },
    { type: 'ready', view: { ...view, axis: 'moon' } },
    { type: 'view', view: { ...view, range: { min: 0, max: Infinity } } },
    { type: 'view', view: { ...view, picked: [3] } },
    { type: 'showLogs', worker: 3 },
    { type: 'export', format: 'exe', data: '' },
  ])('refuses %j', (value) => {
    expect(readToExtension(value)).toBeUndefined();
  });
});

describe('messages to the page', () => {
  it('refuses a snapshot with a part missing or of another kind', () => {
    const state = aSnapshot();
    expect(readToPage({ type: 'snapshot', cursor: 1, state })).toBeDefined();
    expect(readToPage({ type: 'snapshot', cursor: 1, state: { ...state, run: undefined } })).toBeUndefined();
    expect(readToPage({ type: 'snapshot', cursor: NaN, state })).toBeUndefined();
    const [chart] = state.charts;
    const broken = { ...chart, series: [{ key: 'a', role: 'worker', x: [1], y: [NaN] }] };
    expect(
      readToPage({ type: 'snapshot', cursor: 1, state: { ...state, charts: [broken] } }),
    ).toBeUndefined();
  });
});

describe('deltas', () => {
  const state: PageState = { kind: 'shown', cursor: 4, snapshot: aSnapshot() };

  it('asks for a snapshot when one was missed, and keeps what it shows', () => {
    const result = receive(state, { type: 'delta', cursor: 6, change: { now: 1 } });
    expect(result).toEqual({ state, missed: true });
  });

  it('asks for a snapshot when there is none yet', () => {
    const result = receive({ kind: 'loading' }, { type: 'delta', cursor: 1, change: { now: 1 } });
    expect(result.missed).toBe(true);
  });

  it('appends points, replaces changed rows and leaves the rest the same objects', () => {
    const [left, right] = state.snapshot.charts;
    const [first, second] = state.snapshot.workers;
    const { series, ...info } = left!;
    const { state: after } = receive(state, {
      type: 'delta',
      cursor: 5,
      change: {
        now: 2,
        workers: [{ ...second!, step: 99 }],
        charts: [
          {
            ...info,
            order: series.map(({ key }) => key),
            changes: [{ key: series[0]!.key, role: 'worker', keep: 2, x: [3, 4], y: [7, 8] }],
          },
        ],
      },
    });
    if (after.kind !== 'shown') throw new Error('not shown');
    expect(after.snapshot.workers[0]).toBe(first);
    expect(after.snapshot.workers[1]?.step).toBe(99);
    expect(after.snapshot.charts[1]).toBe(right);
    expect(after.snapshot.charts[0]?.series[1]).toBe(series[1]);
    expect(after.snapshot.charts[0]?.series[0]).toMatchObject({ x: [1, 2, 3, 4], y: [100, 101, 7, 8] });
  });

  it('takes away a series that is no longer drawn', () => {
    const { series, ...info } = state.snapshot.charts[0]!;
    const change = { now: 2, charts: [{ ...info, order: [series[1]!.key], changes: [] }] };
    const { state: after } = receive(state, { type: 'delta', cursor: 5, change });
    if (after.kind !== 'shown') throw new Error('not shown');
    expect(after.snapshot.charts[0]?.series.map(({ key }) => key)).toEqual([series[1]?.key]);
  });
});
