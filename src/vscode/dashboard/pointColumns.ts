import type { MetricPoint } from '../../metrics/point';

/** One series as numbers, NaN where the log does not say; read on from where it was, as points cost time to make. */
export class PointColumns {
  readonly epochs: number[] = [];
  readonly steps: number[] = [];
  /** Seconds since the epoch. */
  readonly times: number[] = [];
  readonly values: number[] = [];

  get length(): number {
    return this.values.length;
  }

  /** Takes what was added to the series, and times that have become known since. */
  extend(points: readonly MetricPoint[]): this {
    for (let index = this.firstWithoutTime(); index < points.length; index++) {
      const point = points[index];
      if (point === undefined) break;
      this.epochs[index] = point.epoch ?? NaN;
      this.steps[index] = point.step ?? NaN;
      this.times[index] = point.time ?? NaN;
      this.values[index] = point.value;
    }
    return this;
  }

  /** The times of the newest lines come a moment after the lines. */
  private firstWithoutTime(): number {
    let index = this.length;
    while (index > 0 && index > this.length - newestWithoutTime && Number.isNaN(this.times[index - 1]))
      index--;
    return index;
  }
}

const newestWithoutTime = 1000;
