import type { RunMetrics } from '../../metrics/runMetrics';
import type { Delta, Snapshot, ViewOptions } from '../../protocol/dashboard';
import type { RunView } from '../../runs/model';
import { identitiesOf, shownRun } from '../text/shownRun';
import { axesOf, ChartBuilder } from './charts';
import { metricText } from './metricNames';
import type { RunEvents } from './runEvents';
import { runHead } from './runHead';
import { chartChange } from './seriesChange';
import { tiles } from './tiles';
import { waiting } from './waiting';
import { workerRows } from './workerRows';

/**
 * What a page shows of a run at this moment, for its way of looking at it. `now` in milliseconds since the epoch.
 * @param trusted whether the workspace is: else no host is asked
 */
export function snapshot(
  known: RunView,
  metrics: RunMetrics | undefined,
  view: ViewOptions,
  derived: { charts: ChartBuilder; events: RunEvents },
  now: number,
  trusted: boolean,
): Snapshot {
  const run = shownRun(known, identitiesOf(metrics));
  const ids = run.workers.map(({ id }) => id);
  const available = axesOf(metrics, ids);
  const axis = available.includes(view.axis) ? view.axis : (available[0] ?? view.axis);
  const head = runHead(run, metrics, trusted);
  const rows = workerRows(run, metrics, (id) => metrics && derived.charts.scale(metrics, id), {
    now,
    followed: head.lastSeen === null,
  });
  return {
    now,
    axis,
    axes: available,
    metrics: ChartBuilder.names(metrics).map((name) => ({ name, label: metricText(name).label })),
    run: head,
    tiles: tiles(run, metrics, rows),
    workers: rows,
    events: derived.events.update(run, metrics, now),
    waiting: waiting(run, metrics),
    charts: derived.charts.build(metrics, ids, { ...view, axis }, run.startedAt),
  };
}

/** What to tell a page that shows `before` so that it shows `after`; undefined when they look the same. */
export function delta(before: Snapshot, after: Snapshot): Delta | undefined {
  const change: Delta = { now: after.now };
  if (before.axis !== after.axis) change.axis = after.axis;
  if (!same(before.axes, after.axes)) change.axes = after.axes;
  if (!same(before.metrics, after.metrics)) change.metrics = after.metrics;
  if (!same(before.run, after.run)) change.run = after.run;
  if (!same(before.tiles, after.tiles)) change.tiles = after.tiles;
  if (!same(before.events, after.events)) change.events = after.events;
  if (!same(before.waiting, after.waiting)) change.waiting = after.waiting;
  const known = new Map(before.workers.map((row) => [row.id, row]));
  const rows = after.workers.filter((row) => !same(known.get(row.id), row));
  if (rows.length > 0) change.workers = rows;
  const charts = after.charts
    .map((chart, index) => {
      const shown = before.charts[index];
      return shown === undefined ? undefined : chartChange(shown, chart);
    })
    .filter((chart) => chart !== undefined);
  if (charts.length > 0) change.charts = charts;
  return Object.keys(change).length > 1 ? change : undefined;
}

/** Small plain data built by the same code, so keys stand in the same order. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
