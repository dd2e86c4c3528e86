import type { MetricName, MetricPoint } from './point';

/** What one worker reached in one epoch; undefined where its log does not say. */
export interface EpochRow {
  /** As the program counts, from 0 or 1; a fraction (Hugging Face) belongs to the epoch it is in. */
  epoch: number;
  worker: string;
  /** Fraction 0-1: at the end of the epoch, or the last value within it. */
  trainAccuracy: number | undefined;
  /** Fraction 0-1. */
  validationAccuracy: number | undefined;
  /** Seconds: as the program says, else between the last lines of the epochs. */
  seconds: number | undefined;
}

type EpochPoint = Pick<MetricPoint, 'worker' | 'name' | 'value' | 'epoch' | 'time'>;

interface Cell {
  values: Map<MetricName, number>;
  /** Seconds since the Unix epoch of the first and the last line. */
  first: number | undefined;
  last: number | undefined;
}

/**
 * The table of one run: a row for each epoch and worker, by epoch, then in the order in which workers come first.
 * @param points In the order of each worker's log; those without an epoch are left out.
 */
export function epochTable(points: Iterable<EpochPoint>): EpochRow[] {
  const workers = new Map<string, Map<number, Cell>>();
  for (const { worker, name, value, epoch, time } of points) {
    if (epoch === undefined) continue;
    const epochs = workers.get(worker) ?? new Map<number, Cell>();
    workers.set(worker, epochs);
    const whole = Math.ceil(epoch);
    const cell: Cell = epochs.get(whole) ?? {
      values: new Map<MetricName, number>(),
      first: time,
      last: time,
    };
    epochs.set(whole, cell);
    cell.values.set(name, value);
    if (time === undefined) continue;
    cell.first = Math.min(cell.first ?? time, time);
    cell.last = Math.max(cell.last ?? time, time);
  }
  const rows = [...workers].flatMap(([worker, epochs]) => rowsOf(worker, epochs));
  const order = new Map([...workers.keys()].map((worker, index) => [worker, index]));
  return rows.sort((a, b) => a.epoch - b.epoch || (order.get(a.worker) ?? 0) - (order.get(b.worker) ?? 0));
}

function rowsOf(worker: string, epochs: ReadonlyMap<number, Cell>): EpochRow[] {
  const sorted = [...epochs].sort(([a], [b]) => a - b);
  return sorted.map(([epoch, { values, first, last }], index) => {
    const [before, previous] = sorted[index - 1] ?? [];
    const start = before === epoch - 1 ? previous?.last : first;
    const measured = start === undefined || last === undefined ? undefined : last - start;
    return {
      epoch,
      worker,
      trainAccuracy: values.get('train_accuracy') ?? values.get('accuracy'),
      validationAccuracy: values.get('val_accuracy'),
      // The first and the last line may be one: then nothing was measured.
      seconds: values.get('epoch_time') ?? (measured === 0 ? undefined : measured),
    };
  });
}
