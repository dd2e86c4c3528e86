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
  values: NumberColumn;
  /** Index into the rows. */
  rows: NumberColumn;
}

/**
 * All numbers of one life of one worker's log, in columns: a value costs 16 bytes, a line with values 24 more. Only
 * grows, so an index once valid stays so. What a worker says of itself and of the whole job are series of their own.
 */
export class WorkerSeries {
  private readonly epochs = new NumberColumn();
  private readonly steps = new NumberColumn();
  private readonly offsets = new NumberColumn();
  private readonly series: Readonly<Record<Scope, Map<MetricName, Series>>> = {
    worker: new Map(),
    job: new Map(),
  };

  get names(): MetricName[] {
    return [...new Set([...this.series.worker.keys(), ...this.series.job.keys()])];
  }

  /** Adds what a line at byte `offset` says. */
  add(reading: Reading, scope: Scope, offset: number): void {
    const row = this.offsets.length;
    this.epochs.push(reading.epoch ?? NaN);
    this.steps.push(reading.step ?? NaN);
    this.offsets.push(offset);
    for (const [name, value] of reading.values) {
      const of = this.series[scope];
      let series = of.get(name);
      if (series === undefined) {
        series = { values: new NumberColumn(), rows: new NumberColumn() };
        of.set(name, series);
      }
      series.values.push(value);
      series.rows.push(row);
    }
  }

  length(name: MetricName, scope: Scope = this.scope(name)): number {
    return this.series[scope].get(name)?.values.length ?? 0;
  }

  /** Whose numbers stand for this name: the worker's own, or the whole job's where it prints only those. */
  scope(name: MetricName): Scope {
    return this.series.worker.has(name) || !this.series.job.has(name) ? 'worker' : 'job';
  }

  /** The value at `index`, which must be below {@link length}. */
  sample(name: MetricName, index: number, scope: Scope = this.scope(name)): Sample {
    const series = this.series[scope].get(name);
    const row = series?.rows.at(index) ?? NaN;
    return {
      value: series?.values.at(index) ?? NaN,
      epoch: this.epochs.at(row),
      step: this.steps.at(row),
      offset: this.offsets.at(row),
    };
  }
}
