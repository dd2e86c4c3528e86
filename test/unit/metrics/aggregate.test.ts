import { describe, expect, it } from 'vitest';
import { aggregate } from '../../../src/metrics/aggregate';

const workers = (count: number, y: (worker: number, x: number) => number, xs = [0, 10, 20]) =>
  Array.from({ length: count }, (_, worker) => ({
    worker: `w${worker}`,
    xs,
    ys: xs.map((x) => y(worker, x)),
  }));

describe('aggregate', () => {
  it('gives median and spread at each x', () => {
    const { bands, outliers } = aggregate(
      workers(11, (worker, x) => worker + x),
      0,
    );
    expect(bands).toEqual([
      { x: 0, median: 5, p10: 1, p90: 9, workers: 11 },
      { x: 10, median: 15, p10: 11, p90: 19, workers: 11 },
      { x: 20, median: 25, p10: 21, p90: 29, workers: 11 },
    ]);
    expect(outliers).toEqual([]);
  });

  it('names those who are apart more often than not', () => {
    const apart = (worker: number, x: number) => (worker === 3 || (worker === 4 && x === 0) ? 900 : worker);
    expect(aggregate(workers(20, apart), 0).outliers).toEqual(['w3']);
  });

  it('brings different x together in places of a width; the last value of a worker counts', () => {
    const lines = [
      { worker: 'a', xs: [0.1, 0.9, 1.5], ys: [1, 3, 7] },
      { worker: 'b', xs: [0.4, 1.1], ys: [5, NaN] },
    ];
    expect(aggregate(lines, 1).bands.map(({ x, median, workers: count }) => [x, median, count])).toEqual([
      [0, 4, 2],
      [1, 7, 1],
    ]);
  });
});
