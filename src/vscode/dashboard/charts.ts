import type { MetricName } from '../../metrics/point';
import type { RunMetrics } from '../../metrics/runMetrics';
import type { Axis, Chart, ChartId, ChartInfo, Series, ViewOptions } from '../../protocol/dashboard';
import { chartIds } from '../../protocol/dashboard';
import { crop, lineOf, smooth, thin, type Line } from './line';
import { metricOrder, metricText, preferred } from './metricNames';
import { PointColumns } from './pointColumns';
import { StepScale } from './stepScale';
import { summarise } from './summary';

/** Up to this many workers have a line each. */
export const mostLines = 16;
const summaryBins = 240;

/** Turns the series of a run into what two charts can show, reading only what was added since the last time. */
export class ChartBuilder {
  private readonly scales = new Map<string, { length: number; scale: StepScale }>();
  private readonly columns = new Map<string, PointColumns>();

  /** Names that the run has values for, in the order of {@link metricOrder}; those that a person gave follow. */
  static names(metrics: RunMetrics | undefined): MetricName[] {
    const present = new Set(metrics?.names);
    const known = metricOrder.filter((name) => present.delete(name));
    return [...known, ...present];
  }

  /** @param workers ids in the order of the plan */
  build(
    metrics: RunMetrics | undefined,
    workers: readonly string[],
    view: ViewOptions,
    startedAt: number,
  ): Chart[] {
    return chartIds.map((id) => {
      const info = this.info(id, metrics, workers, view);
      const { metric, summarised } = info;
      const empty = metrics === undefined || metric === null;
      return {
        ...info,
        series: empty ? [] : this.series(metric, summarised, metrics, workers, view, startedAt),
      };
    });
  }

  /** Forgets what was read: the logs were replaced. */
  reset(): void {
    this.scales.clear();
    this.columns.clear();
  }

  /** How the points of a worker stand on an axis. */
  scale(metrics: RunMetrics, worker: string): StepScale {
    const name = referenceName(metrics, worker);
    const reference = name === undefined ? new PointColumns() : this.read(metrics, worker, name);
    const known = this.scales.get(worker);
    if (known?.length === reference.length) return known.scale;
    const scale = new StepScale(reference);
    this.scales.set(worker, { length: reference.length, scale });
    return scale;
  }

  private info(
    id: ChartId,
    metrics: RunMetrics | undefined,
    workers: readonly string[],
    view: ViewOptions,
  ): ChartInfo & { metric: MetricName | null } {
    const names = ChartBuilder.names(metrics);
    const metric = names.find((name) => name === view[id]) ?? preferred(names)[chartIds.indexOf(id)] ?? null;
    const { label, unit } = metric === null ? { label: '', unit: '' } : metricText(metric);
    return { id, metric, label, unit, summarised: workers.length > mostLines };
  }

  private series(
    metric: MetricName,
    summarised: boolean,
    metrics: RunMetrics,
    workers: readonly string[],
    view: ViewOptions,
    startedAt: number,
  ): Series[] {
    const lines = new Map<string, Line>();
    for (const worker of workers) {
      const columns = this.read(metrics, worker, metric);
      const line = lineOf(columns, this.scale(metrics, worker), view.axis, startedAt);
      if (line.x.length > 0) lines.set(worker, crop(smooth(line, view.smoothing), view.range));
    }
    const alone = (worker: string): Series => ({
      key: worker,
      role: 'worker',
      ...thin(lines.get(worker) ?? { x: [], y: [] }, view.points),
    });
    if (!summarised) return [...lines.keys()].map(alone);
    const summary = summarise(lines, Math.min(summaryBins, view.points));
    const slow = metrics.slow.map(({ worker }) => worker);
    const shown = new Set(
      [...view.picked, ...slow, ...summary.outliers].filter((worker) => lines.has(worker)),
    );
    return [
      { key: 'low', role: 'low', ...summary.low },
      { key: 'high', role: 'high', ...summary.high },
      { key: 'median', role: 'median', ...summary.median },
      ...[...shown].slice(0, mostLines).map(alone),
    ];
  }

  private read(metrics: RunMetrics, worker: string, name: MetricName): PointColumns {
    const key = `${name} ${worker}`;
    const known = this.columns.get(key) ?? new PointColumns();
    this.columns.set(key, known);
    return known.extend(metrics.points(worker, name));
  }
}

/** The axes that the run has values for; a time is known once the host's clock file covers the line. */
export function axesOf(metrics: RunMetrics | undefined, workers: readonly string[]): Axis[] {
  const axes: Axis[] = [];
  if (metrics === undefined) return axes;
  for (const worker of workers) {
    const name = referenceName(metrics, worker) ?? metrics.names[0];
    const first = name === undefined ? undefined : metrics.points(worker, name)[0];
    if (first === undefined) continue;
    if (first.step !== undefined) axes.push('step');
    if (first.epoch !== undefined) axes.push('epoch');
    if (first.time !== undefined) axes.push('time');
    break;
  }
  return axes;
}

/** The longest series of a worker that counts steps: from it the others take their place. */
function referenceName(metrics: RunMetrics, worker: string): MetricName | undefined {
  let best: MetricName | undefined;
  let longest = 0;
  for (const name of metrics.names) {
    const points = metrics.points(worker, name);
    if (points.length > longest && points[0]?.step !== undefined) {
      best = name;
      longest = points.length;
    }
  }
  return best;
}
