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

/**
 * The points of a line that get a marker: those nearest to places every `spacing` after `first`, and the last, from
 * which the others keep their distance. Indices into `x`, rising.
 */
export function markedPoints(
  x: readonly number[],
  { min, max }: Extent,
  first: number,
  spacing: number,
): number[] {
  const last = x.length - 1;
  if (last < 0) return [];
  const end = Math.min(max, x[last] ?? NaN);
  const marked: number[] = [];
  for (let place = min + first; place < end - spacing / 3; place += spacing) {
    const index = nearestIndex(x, place);
    const at = x[index] ?? NaN;
    if (index !== marked.at(-1) && at >= min && at < end - spacing / 3) marked.push(index);
  }
  return [...marked, last];
}

/** An axis needs some length also where all points stand at one place. */
export function withLength({ min, max }: Extent): Extent {
  return max > min ? { min, max } : { min: min - 1, max: max + 1 };
}
