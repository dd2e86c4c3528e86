import type { MetricPoint } from '../../metrics/point';
import type { RunMetrics } from '../../metrics/runMetrics';
import type { RunView } from '../../runs/model';
import { identitiesOf, shownRun } from '../text/shownRun';

const columns = ['worker', 'rank', 'host', 'metric', 'epoch', 'step', 'time', 'value', 'unit', 'scope'];

/** Every point of the run, one per line (RFC 4180); `time` in ISO 8601. */
export function runToCsv(run: RunView, metrics: RunMetrics): string {
  const lines = [columns.join(',')];
  for (const worker of shownRun(run, identitiesOf(metrics)).workers) {
    for (const point of pointsOf(metrics, worker.id)) {
      const { name, epoch, step, value, unit, scope } = point;
      const cells = [
        worker.id,
        worker.rank,
        worker.host,
        name,
        epoch,
        step,
        isoTime(point),
        value,
        unit,
        scope,
      ];
      lines.push(cells.map((cell) => csvCell(cell === undefined ? '' : String(cell))).join(','));
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** The run with every point of every worker, in the order of the logs. */
export function runToJson(run: RunView, metrics: RunMetrics): string {
  const workers = shownRun(run, identitiesOf(metrics)).workers.map(({ id, rank, host, localIndex }) => ({
    id,
    rank,
    host,
    localIndex,
    points: pointsOf(metrics, id).map((point) => ({
      metric: point.name,
      epoch: point.epoch,
      step: point.step,
      time: isoTime(point),
      value: point.value,
      unit: point.unit,
      scope: point.scope,
    })),
  }));
  const { id, number, launch, state, startedAt, endedAt } = run;
  return `${JSON.stringify({ run: { id, number, launch, state, startedAt, endedAt }, workers }, undefined, 2)}\n`;
}

function pointsOf(metrics: RunMetrics, worker: string): MetricPoint[] {
  return metrics.names
    .flatMap((name) => [...metrics.points(worker, name)])
    .sort((a, b) => a.offset - b.offset);
}

function isoTime({ time }: MetricPoint): string | undefined {
  return time === undefined ? undefined : new Date(time * 1000).toISOString();
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
