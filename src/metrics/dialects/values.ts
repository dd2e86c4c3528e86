import type { MetricName } from '../point';
import { isFraction, plausible } from './dialect';

/** The values of one reading: only what can be gets in, and only the first of a name. */
export class Values {
  readonly map = new Map<MetricName, number>();

  /** @param value In the unit of the metric. */
  put(name: MetricName, value: number | undefined): void {
    const possible = value === undefined ? undefined : plausible(name, value);
    if (possible !== undefined && !this.map.has(name)) this.map.set(name, possible);
  }

  /** A value as people print it: an accuracy over 1 is percent. */
  putPrinted(name: MetricName, value: number | undefined): void {
    this.put(name, value !== undefined && isFraction(name) && value > 1 ? value / 100 : value);
  }
}
