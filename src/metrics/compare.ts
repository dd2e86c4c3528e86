import { median } from './median';
import type { MetricName, MetricPoint } from './point';

/** One run as it is compared. */
export interface ComparedRun {
  /** Runs of the same label are repeats of one row, such as `8 nodes, GPU`. */
  label: string;
  workers: number;
  /** Seconds that its processes ran by their own machines' clocks; the program's own time is preferred. */
  seconds: number | undefined;
  /** It failed: a part of a run is no measurement. It is counted, and its numbers left out. */
  hasFailed?: boolean;
  points: Iterable<Pick<MetricPoint, 'worker' | 'name' | 'value' | 'scope'>>;
}

/** Mean over repeats and sample standard deviation; `sd` is undefined for a single repeat. */
export interface Mean {
  mean: number;
  sd: number | undefined;
  repeats: number;
}

/** One row of the comparison; a value is undefined where no repeat has it. */
export interface ComparisonRow {
  label: string;
  workers: number;
  /** Repeats that failed, of which no number is here. */
  failed: number;
  /** Seconds. */
  time: Mean | undefined;
  /** Seconds of each repeat of which they are known, in their order. */
  times: readonly number[];
  /** Samples/s of the whole job. */
  throughput: Mean | undefined;
  /** Throughput per worker against that of the first row, 1 is perfect scaling; by time where no throughput is known. */
  efficiency: number | undefined;
  /** Fraction 0-1: validation where known, else training. */
  accuracy: Mean | undefined;
  /** Time and throughput as a fraction of the first row's. */
  timeToFirst: number | undefined;
  throughputToFirst: number | undefined;
}

interface Summary {
  time: number | undefined;
  throughput: number | undefined;
  accuracy: number | undefined;
}

const accuracies: readonly MetricName[] = ['val_accuracy', 'train_accuracy', 'accuracy'];

/** The rows of a comparison, in the order in which labels come first; percentages are against the first row. */
export function compareRuns(runs: Iterable<ComparedRun>): ComparisonRow[] {
  const groups = new Map<string, { workers: number; failed: number; summaries: Summary[] }>();
  for (const run of runs) {
    const group = groups.get(run.label) ?? { workers: run.workers, failed: 0, summaries: [] };
    if (run.hasFailed === true) group.failed++;
    else group.summaries.push(summaryOf(run));
    groups.set(run.label, group);
  }
  const rows = [...groups].map(([label, { workers, failed, summaries }]) => ({
    label,
    workers,
    failed,
    time: meanOf(summaries.map(({ time }) => time)),
    times: summaries.flatMap(({ time }) => time ?? []),
    throughput: meanOf(summaries.map(({ throughput }) => throughput)),
    accuracy: meanOf(summaries.map(({ accuracy }) => accuracy)),
  }));
  const [first] = rows;
  return rows.map((row) => {
    const timeToFirst = ratio(row.time?.mean, first?.time?.mean);
    const throughputToFirst = ratio(row.throughput?.mean, first?.throughput?.mean);
    const speedUp = throughputToFirst ?? (timeToFirst === undefined ? undefined : ratio(1, timeToFirst));
    const scale = ratio(row.workers, first?.workers);
    const efficiency = speedUp === undefined || scale === undefined ? undefined : ratio(speedUp, scale);
    return { ...row, efficiency, timeToFirst, throughputToFirst };
  });
}

/**
 * What a run comes to. Its throughput is what it says of the whole job, else the sum over its workers of each one's
 * median (the first steps are slow); accuracies are averaged over the workers' last values.
 */
function summaryOf({ seconds, points }: ComparedRun): Summary {
  const own = new Map<string, number[]>();
  const last = new Map<MetricName, Map<string, number>>();
  const job: number[] = [];
  let longest: number | undefined;
  for (const { worker, name, value, scope } of points) {
    if (name === 'throughput') {
      if (scope === 'job') job.push(value);
      else {
        const values = own.get(worker) ?? [];
        values.push(value);
        own.set(worker, values);
      }
    } else if (name === 'run_time') longest = Math.max(longest ?? value, value);
    else if (accuracies.includes(name)) {
      const values = last.get(name) ?? new Map<string, number>();
      last.set(name, values.set(worker, value));
    }
  }
  const ownTotal = [...own.values()].reduce((sum, values) => sum + median(values), 0);
  const accuracy = accuracies.map((name) => last.get(name)).find((values) => values !== undefined);
  return {
    // Each worker may print it, some of them while it grows: the run took as long as the greatest.
    time: longest ?? seconds,
    throughput: job.length > 0 ? median(job) : own.size > 0 ? ownTotal : undefined,
    accuracy: meanOf(accuracy?.values() ?? [])?.mean,
  };
}

function meanOf(values: Iterable<number | undefined>): Mean | undefined {
  const known = [...values].filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sd = known.length > 1 ? Math.sqrt(squares / (known.length - 1)) : undefined;
  return { mean, sd, repeats: known.length };
}

/** What a row is called in a table: `8 nodes`, `8 nodes (1 of 3 failed)`. */
export function rowTitle({ label, failed, time, throughput, accuracy }: ComparisonRow): string {
  if (failed === 0) return label;
  const well = Math.max(0, ...[time, throughput, accuracy].map((mean) => mean?.repeats ?? 0));
  return well === 0 && failed === 1 ? `${label} (failed)` : `${label} (${failed} of ${failed + well} failed)`;
}

function ratio(value: number | undefined, base: number | undefined): number | undefined {
  return value === undefined || base === undefined || base === 0 ? undefined : value / base;
}
