import type { Chart, ChartChange, Delta, Series, Snapshot, ToPage } from '../../src/protocol/dashboard';

/** What the page knows of the run: the last snapshot with all deltas since, or why there is none. */
export type PageState =
  | { kind: 'loading' }
  | { kind: 'unavailable'; message: string; nextStep: string }
  | { kind: 'shown'; cursor: number; snapshot: Snapshot };

/** The state after a message; `missed` when a message before it never came, so that a new snapshot is needed. */
export function receive(state: PageState, message: ToPage): { state: PageState; missed: boolean } {
  switch (message.type) {
    case 'snapshot':
      return {
        state: { kind: 'shown', cursor: message.cursor, snapshot: message.state },
        missed: false,
      };
    case 'unavailable':
      return {
        state: { kind: 'unavailable', message: message.message, nextStep: message.nextStep },
        missed: false,
      };
    case 'delta':
      if (state.kind !== 'shown' || message.cursor !== state.cursor + 1) return { state, missed: true };
      return {
        state: {
          kind: 'shown',
          cursor: message.cursor,
          snapshot: withDelta(state.snapshot, message.change),
        },
        missed: false,
      };
  }
}

/** Objects that did not change stay the same objects, so that what draws them can tell. */
function withDelta(before: Snapshot, change: Delta): Snapshot {
  const rows = new Map((change.workers ?? []).map((row) => [row.id, row]));
  const known = new Set(before.workers.map(({ id }) => id));
  const charts = new Map((change.charts ?? []).map((chart) => [chart.id, chart]));
  return {
    now: change.now,
    axis: change.axis ?? before.axis,
    axes: change.axes ?? before.axes,
    metrics: change.metrics ?? before.metrics,
    run: change.run ?? before.run,
    tiles: change.tiles ?? before.tiles,
    workers:
      rows.size === 0
        ? before.workers
        : [
            ...before.workers.map((row) => rows.get(row.id) ?? row),
            ...[...rows.values()].filter(({ id }) => !known.has(id)),
          ],
    events: change.events ?? before.events,
    waiting: change.waiting === undefined ? before.waiting : change.waiting,
    charts: before.charts.map((chart) => {
      const changed = charts.get(chart.id);
      return changed === undefined ? chart : withChartChange(chart, changed);
    }),
  };
}

function withChartChange(before: Chart, { order, changes, ...info }: ChartChange): Chart {
  const series = new Map<string, Series>(before.series.map((one) => [one.key, one]));
  for (const { key, role, keep, x, y } of changes) {
    const known = series.get(key);
    series.set(key, {
      key,
      role,
      x: [...(known?.x.slice(0, keep) ?? []), ...x],
      y: [...(known?.y.slice(0, keep) ?? []), ...y],
    });
  }
  return { ...info, series: order.map((key) => series.get(key)).filter((one) => one !== undefined) };
}
