import { reduceIndices } from '../../metrics/reduce';
import type { Axis } from '../../protocol/dashboard';
import type { PointColumns } from './pointColumns';
import type { StepScale } from './stepScale';

/** A curve: as many x as y, x never falling. */
export interface Line {
  x: number[];
  y: number[];
}

/**
 * A series as a curve over an axis. Where x goes back (a training resumed from a checkpoint), the later part
 * replaces the earlier one. Points without a position on this axis are left out.
 */
export function lineOf(columns: PointColumns, scale: StepScale, axis: Axis, startedAt: number): Line {
  const x: number[] = [];
  const y: number[] = [];
  for (let index = 0; index < columns.length; index++) {
    const value = columns.values[index] ?? NaN;
    const place = scale.position(
      columns.epochs[index] ?? NaN,
      columns.steps[index] ?? NaN,
      columns.times[index] ?? NaN,
      axis,
      startedAt,
    );
    if (Number.isNaN(place) || !Number.isFinite(value)) continue;
    const goesBack = (x[x.length - 1] ?? place) > place;
    while (goesBack && (x[x.length - 1] ?? -Infinity) >= place) {
      x.pop();
      y.pop();
    }
    x.push(place);
    y.push(value);
  }
  return { x, y };
}

/** At most `most` points that keep the shape of the curve, its extremes among them. */
export function thin(line: Line, most: number): Line {
  if (line.x.length <= most) return line;
  const chosen = reduceIndices(line.x.length, (index) => line.y[index] ?? NaN, most);
  return { x: chosen.map((index) => line.x[index] ?? NaN), y: chosen.map((index) => line.y[index] ?? NaN) };
}

/** Moving average with exponential weights; `weight` of the past 0 (off) to 0.99, without bias towards zero at the start. */
export function smooth(line: Line, weight: number): Line {
  if (weight <= 0) return line;
  let sum = 0;
  let mass = 0;
  const y = line.y.map((value) => {
    sum = weight * sum + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return sum / mass;
  });
  return { x: line.x, y };
}

/** The part within the range and one point on either side, so that the curve reaches the edges. */
export function crop(line: Line, range: { min: number; max: number } | null): Line {
  if (range === null) return line;
  const from = firstAtLeast(line.x, range.min);
  const to = firstAtLeast(line.x, range.max);
  const start = Math.max(0, from - 1);
  return { x: line.x.slice(start, to + 1), y: line.y.slice(start, to + 1) };
}

/** Index of the first value that is not smaller, in a rising list. */
export function firstAtLeast(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
