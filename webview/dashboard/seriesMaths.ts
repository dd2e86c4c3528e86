import type { Series } from '../../src/protocol/dashboard';

export interface Extent {
  min: number;
  max: number;
}

/** From the least to the greatest x of all series, or undefined when there is no point. */
export function xExtent(series: readonly Series[]): Extent | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (const { x } of series) {
    min = Math.min(min, x[0] ?? Infinity);
    max = Math.max(max, x[x.length - 1] ?? -Infinity);
  }
  return min <= max ? { min, max } : undefined;
}

/**
 * The part of the y axis to show for the points within `visible`: a little air above and below, never so close
 * that noise looks like a difference (at least a fifth of the greatest value), not under 0 for values that are not.
 */
export function yExtent(series: readonly Series[], visible: Extent): Extent {
  let min = Infinity;
  let max = -Infinity;
  for (const { x, y } of series) {
    for (let index = 0; index < x.length; index++) {
      const place = x[index] ?? NaN;
      const value = y[index] ?? NaN;
      if (place < visible.min || place > visible.max) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  if (min > max) return { min: 0, max: 1 };
  const least = Math.max(Math.abs(max), Math.abs(min)) * 0.2 || 1;
  const spread = Math.max(max - min, least);
  const middle = (min + max) / 2;
  const low = middle - spread * 0.56;
  return { min: min >= 0 ? Math.max(0, low) : low, max: middle + spread * 0.56 };
}

/** Index of the point nearest to x; -1 for an empty series. */
export function nearestIndex(x: readonly number[], at: number): number {
  let low = 0;
  let high = x.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  if (low > 0 && Math.abs((x[low - 1] ?? NaN) - at) <= Math.abs((x[low] ?? NaN) - at)) return low - 1;
  return high < 0 ? -1 : low;
}

/** The x of any series that is nearest, so that a reading is of a real point. */
export function snapX(series: readonly Series[], at: number): number | undefined {
  let best: number | undefined;
  for (const { x } of series) {
    const candidate = x[nearestIndex(x, at)];
    if (candidate === undefined) continue;
    if (best === undefined || Math.abs(candidate - at) < Math.abs(best - at)) best = candidate;
  }
  return best;
}

/** Value at a place between points, on the line that is drawn; undefined outside the series. */
export function valueOnLine(series: Pick<Series, 'x' | 'y'>, at: number): number | undefined {
  const { x, y } = series;
  let index = nearestIndex(x, at);
  if (index > 0 && (x[index] ?? NaN) > at) index--;
  const [x0, x1, y0, y1] = [x[index], x[index + 1], y[index], y[index + 1]];
  if (x0 === undefined || y0 === undefined || at < x0) return undefined;
  if (x1 === undefined || y1 === undefined) return at === x0 ? y0 : undefined;
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (at - x0)) / (x1 - x0);
}
