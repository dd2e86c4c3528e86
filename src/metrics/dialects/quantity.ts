import type { MetricName } from '../point';
import { isFraction, plausible, unitOf } from './dialect';

/** A number, thousands with commas allowed, and the unit right behind it. Every repetition is bounded. */
const quantity =
  /\s{0,4}([-+]?(?:\d{1,3}(?:,\d{3}){1,5}(?!\d)|\d{1,30})?(?:\.\d{0,30})?(?:e[-+]?\d{1,4})?)( ?%|ms|us|sec|s)?(?![\w%]|\.\d|[-:/]\d|,\d)( [A-Za-z]{1,12}\/(?:s|sec|second|min|minute|h|hour)\b(?!\s{0,4}[=:]))?/iy;
const samplesPerSecond = /^ (?:samples?|images?|imgs?|examples?)\/s(?:ec|econd)?$/i;
const seconds: Readonly<Record<string, number>> = { s: 1, sec: 1, ms: 1e-3, us: 1e-6 };

/**
 * The value that begins at `start`, in the unit of the metric. Accuracies with `%` or over 1 are percent. Undefined
 * where no plain number stands there (a date, a range, a word) or its unit is not one of this metric.
 */
export function readQuantity(line: string, start: number, metric: MetricName): number | undefined {
  quantity.lastIndex = start;
  const match = quantity.exec(line);
  const digits = match?.[1] ?? '';
  if (match === null || !/\d/.test(digits)) return undefined;
  const value = Number(digits.replaceAll(',', ''));
  const suffix = (match[2] ?? '').trim().toLowerCase();
  const rate = match[3];

  if (rate !== undefined && (metric !== 'throughput' || !samplesPerSecond.test(rate))) return undefined;
  if (isFraction(metric)) {
    if (suffix !== '' && suffix !== '%') return undefined;
    return plausible(metric, suffix === '%' || value > 1 ? value / 100 : value);
  }
  if (suffix === '') return plausible(metric, value);
  const factor = unitOf(metric) === 's' ? seconds[suffix] : undefined;
  return factor === undefined ? undefined : plausible(metric, value * factor);
}
