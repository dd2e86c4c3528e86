import type { Reading } from './dialects/dialect';
import type { MetricName, Scope } from './point';
import { NumberColumn } from './numberColumn';

/** One value of a series; NaN where epoch or step are not known. */
export interface Sample {
  value: number;
  epoch: number;
  step: number;
  offset: number;
}

interface Series {
  scope: Scope;
  values: NumberColumn;
  /** Index into the rows. */
  rows: NumberColumn;
}

/**
 * All numbers of one life of one worker's log, in columns: a value costs 16 bytes, a line with values 24 more. Only
 * grows, so an index once valid stays so.
 */
export class WorkerSeries {
  private readonly epochs = new NumberColumn();
  private readonly steps = new NumberColumn();
  private readonly offsets = new NumberColumn();
  private readonly series = new Map<MetricName, Series>();

  get names(): MetricName[] {
    return [...this.series.keys()];
  }

  /** Adds what a line at byte `offset` says. */
  add(reading: Reading, scope: Scope, offset: number): void {
    const row = this.offsets.length;
    this.epochs.push(reading.epoch ?? NaN);
    this.steps.push(reading.step ?? NaN);
    this.offsets.push(offset);
    for (const [name, value] of reading.values) {
      let series = this.series.get(name);
      if (series === undefined) {
        series = { scope, values: new NumberColumn(), rows: new NumberColumn() };
        this.series.set(name, series);
      }
      series.values.push(value);
      series.rows.push(row);
    }
  }

  length(name: MetricName): number {
    return this.series.get(name)?.values.length ?? 0;
  }

  scope(name: MetricName): Scope {
    return this.series.get(name)?.scope ?? 'worker';
  }

  /** The value at `index`, which must be below {@link length}. */
  sample(name: MetricName, index: number): Sample {
    const series = this.series.get(name);
    const row = series?.rows.at(index) ?? NaN;
    return {
      value: series?.values.at(index) ?? NaN,
      epoch: this.epochs.at(row),
      step: this.steps.at(row),
      offset: this.offsets.at(row),
    };
  }
}
