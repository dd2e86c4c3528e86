import type { MetricName, MetricPoint } from '../../metrics/point';
import type { RunMetrics } from '../../metrics/runMetrics';
import type { Tile, WorkerRow } from '../../protocol/dashboard';
import type { ShownRun } from '../text/shownRun';
import { accuracyNames, lossNames } from './metricNames';
import { divergedText, latestOf } from './workerRows';

const none = '–';

/** The four numbers a person looks at first. Totals add only values that are of one worker each. */
export function tiles(run: ShownRun, metrics: RunMetrics | undefined, rows: readonly WorkerRow[]): Tile[] {
  const latest = (names: readonly MetricName[]): MetricPoint[] =>
    run.workers.map(({ id }) => latestOf(metrics?.metrics(id), names)).filter((point) => point !== undefined);
  const missing = run.endedAt === undefined ? 'no value yet' : 'not in the logs';
  return [
    throughputTile(latest(['throughput']), missing),
    meanTile('accuracy', latest(accuracyNames), 3, missing),
    divergedTile(metrics, rows) ?? meanTile('loss', latest(lossNames), 3, missing),
    slowestTile(metrics, rows),
  ];
}

function throughputTile(points: MetricPoint[], missing: string): Tile {
  const tile = { id: 'throughput', label: 'samples/s', tone: 'plain' } as const;
  const own = points.filter(({ scope }) => scope === 'worker').map(({ value }) => value);
  if (own.length > 0) {
    const total = own.reduce((sum, value) => sum + value, 0);
    return { ...tile, value: number(total, 0), detail: `total of ${count(own.length, 'worker')}` };
  }
  const [job] = points;
  if (job === undefined) return { ...tile, value: none, detail: missing };
  return { ...tile, value: number(job.value, 0), detail: 'of the whole job' };
}

function meanTile(label: string, points: MetricPoint[], digits: number, missing: string): Tile {
  const tile = { id: label, label, tone: 'plain' } as const;
  if (points.length === 0) return { ...tile, value: none, detail: missing };
  const values = points.map(({ value }) => value);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const detail =
    values.length === 1
      ? points[0]?.scope === 'job'
        ? 'of the whole job'
        : 'one worker'
      : `mean · ${number(low, digits)} to ${number(high, digits)}`;
  return { ...tile, value: number(mean, digits), detail };
}

/** Where a loss is no number any more, a mean of the others would hide it. */
function divergedTile(metrics: RunMetrics | undefined, rows: readonly WorkerRow[]): Tile | undefined {
  const found = rows.flatMap(({ id, name }) => {
    const [first] = metrics?.metrics(id)?.diverged ?? [];
    return first === undefined ? [] : [{ name, first }];
  });
  const [one] = found;
  if (one === undefined) return undefined;
  const detail =
    found.length === 1 ? `${one.name}: ${divergedText(one.first)}` : `of ${count(found.length, 'worker')}`;
  return { id: 'loss', label: 'loss', tone: 'warn', value: one.first.text, detail };
}

function slowestTile(metrics: RunMetrics | undefined, rows: readonly WorkerRow[]): Tile {
  const tile = { id: 'slowest', label: 'slowest worker' } as const;
  const [slow, ...more] = [...(metrics?.slow ?? [])].sort((a, b) => b.behind - a.behind);
  if (slow !== undefined) {
    const name = rows.find(({ id }) => id === slow.worker)?.name ?? slow.worker;
    const others = more.length === 0 ? '' : ` · ${more.length} more slow`;
    return {
      ...tile,
      tone: 'warn',
      value: name,
      detail: `${number(slow.behind * 100, 0)} % behind the median since step ${slow.sinceStep}${others}`,
    };
  }
  const spread = rows.map(({ versusMedian }) => versusMedian).filter((value) => value !== null);
  if (spread.length < 2) {
    const reporting = rows.filter(({ points }) => points > 0).length;
    const detail =
      reporting < 2 ? 'needs values of two workers' : 'needs samples/s or compute time in the logs';
    return { ...tile, tone: 'plain', value: none, detail };
  }
  const behind = Math.max(0, -Math.min(...spread));
  return {
    ...tile,
    tone: 'good',
    value: 'none',
    detail: `all within ${number(Math.max(behind * 100, 1), 0)} % of the median`,
  };
}

const count = (amount: number, noun: string) => `${amount} ${noun}${amount === 1 ? '' : 's'}`;

const number = (value: number, digits: number) =>
  value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
