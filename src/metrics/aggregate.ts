import { ascending, quantile } from './median';

/** A worker's line; both arrays have the same length. */
export interface WorkerLine {
  worker: string;
  xs: readonly number[];
  ys: readonly number[];
}

/** All workers at one x. */
export interface Band {
  x: number;
  median: number;
  /** A tenth of the workers are below `p10`, a tenth above `p90`. */
  p10: number;
  p90: number;
  workers: number;
}

/** Newest x places by which outliers are told. */
const recentPlaces = 20;
/** Tukey's fences: this many interquartile ranges outside the quartiles. */
const fence = 1.5;

/** Values of all workers by x, in rising x; of several values of a worker in one place the last counts. */
function byPlace(lines: readonly WorkerLine[], binWidth: number): [number, Map<string, number>][] {
  const places = new Map<number, Map<string, number>>();
  for (const { worker, xs, ys } of lines) {
    xs.forEach((x, index) => {
      const y = ys[index] ?? NaN;
      if (Number.isNaN(y) || Number.isNaN(x)) return;
      const place = binWidth > 0 ? Math.floor(x / binWidth) * binWidth : x;
      const values = places.get(place) ?? new Map<string, number>();
      places.set(place, values.set(worker, y));
    });
  }
  return [...places].sort(([a], [b]) => a - b);
}

/**
 * Many workers' lines as one band and the few that stand apart: those outside the fences at more than half of the
 * newest places where they have a value.
 * @param binWidth Width of a place on the x axis; 0 where workers share exact x values (steps, not time).
 */
export function aggregate(
  lines: readonly WorkerLine[],
  binWidth: number,
): { bands: Band[]; outliers: string[] } {
  const places = byPlace(lines, binWidth);
  const bands = places.map(([x, values]) => {
    const sorted = ascending(values.values());
    return {
      x,
      median: quantile(sorted, 0.5),
      p10: quantile(sorted, 0.1),
      p90: quantile(sorted, 0.9),
      workers: sorted.length,
    };
  });

  const apart = new Map<string, { outside: number; seen: number }>();
  for (const [, values] of places.slice(-recentPlaces)) {
    const sorted = ascending(values.values());
    const [q1, q3] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
    const reach = fence * (q3 - q1);
    for (const [worker, y] of values) {
      const count = apart.get(worker) ?? { outside: 0, seen: 0 };
      count.seen++;
      if (y < q1 - reach || y > q3 + reach) count.outside++;
      apart.set(worker, count);
    }
  }
  const outliers = lines
    .map(({ worker }) => worker)
    .filter((worker) => {
      const count = apart.get(worker);
      return count !== undefined && count.outside * 2 > count.seen;
    });
  return { bands, outliers };
}
