import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../../../src/metrics/point';
import type { Series } from '../../../../src/protocol/dashboard';
import { crop, lineOf, smooth, thin } from '../../../../src/vscode/dashboard/line';
import { PointColumns } from '../../../../src/vscode/dashboard/pointColumns';
import { chartChange } from '../../../../src/vscode/dashboard/seriesChange';
import { StepScale } from '../../../../src/vscode/dashboard/stepScale';
import { summarise } from '../../../../src/vscode/dashboard/summary';

function point(epoch: number | undefined, step: number | undefined, time?: number, value = 1): MetricPoint {
  return {
    worker: 'a/0',
    name: 'throughput',
    value,
    unit: '',
    scope: 'worker',
    epoch,
    step,
    offset: 0,
    time,
  };
}

function xs(points: MetricPoint[], axis: 'step' | 'epoch' | 'time', reference = points): number[] {
  const scale = new StepScale(new PointColumns().extend(reference));
  return lineOf(new PointColumns().extend(points), scale, axis, 1000_000).x;
}

describe('the step axis', () => {
  it('goes on through epochs that count from the stride', () => {
    const points = [1, 2, 3].flatMap((epoch) => [20, 40, 60].map((step) => point(epoch, step)));
    expect(xs(points, 'step')).toEqual([20, 40, 60, 80, 100, 120, 140, 160, 180]);
  });

  it('goes on through epochs that count from zero', () => {
    const points = [0, 1].flatMap((epoch) => [0, 10, 20].map((step) => point(epoch, step)));
    expect(xs(points, 'step')).toEqual([0, 10, 20, 30, 40, 50]);
  });

  it('keeps steps that count on through the epochs', () => {
    expect(xs([point(1, 10), point(1, 20), point(2, 30), point(2, 40)], 'step')).toEqual([10, 20, 30, 40]);
  });

  it('counts steps of a log without epochs as they are', () => {
    expect(xs([point(undefined, 5), point(undefined, 6)], 'step')).toEqual([5, 6]);
  });

  it('puts a value of a whole epoch at the end of it', () => {
    const reference = [1, 2].flatMap((epoch) => [1, 2, 3].map((step) => point(epoch, step)));
    expect(xs([point(1, undefined), point(2, undefined)], 'step', reference)).toEqual([3, 6]);
  });

  it('lets a resumed training replace what it does again', () => {
    expect(
      xs(
        [1, 2, 3, 4, 3, 4, 5].map((step) => point(undefined, step)),
        'step',
      ),
    ).toEqual([1, 2, 3, 4, 5]);
  });
});

it('divides epochs by their length', () => {
  const points = [1, 2].flatMap((epoch) => [1, 2, 3, 4].map((step) => point(epoch, step)));
  expect(xs(points, 'epoch')).toEqual([1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75, 3]);
});

it('leaves out points whose time is not known yet, and has them once it is', () => {
  const points = [point(1, 1, 1001), point(1, 2, undefined)];
  expect(xs(points, 'time')).toEqual([1]);
  const columns = new PointColumns().extend(points);
  columns.extend([...points.slice(0, 1), point(1, 2, 1002), point(1, 3, 1003)]);
  expect(columns.times).toEqual([1001, 1002, 1003]);
});

describe('curves', () => {
  const line = { x: [0, 1, 2, 3, 4], y: [4, 0, 4, 0, 4] };
  it('are smoothed without a pull to zero', () => {
    expect(smooth({ x: [0, 1], y: [5, 5] }, 0.9).y).toEqual([5, 5]);
    expect(smooth(line, 0)).toBe(line);
    expect(smooth(line, 0.5).y[1]).toBeCloseTo(4 / 3);
  });
  it('keep a point beyond each edge of a range', () => {
    expect(crop(line, { min: 1.5, max: 2.5 }).x).toEqual([1, 2, 3]);
    expect(crop(line, { min: -5, max: 0.5 }).x).toEqual([0, 1]);
    expect(crop(line, null)).toBe(line);
  });
  it('keep a single spike when thinned', () => {
    const long = { x: Array.from({ length: 5000 }, (_, x) => x), y: Array.from({ length: 5000 }, () => 1) };
    long.y[3333] = 9;
    const thinned = thin(long, 200);
    expect(thinned.x.length).toBeLessThanOrEqual(200);
    expect(Math.max(...thinned.y)).toBe(9);
  });
});

it('summarises many curves by median and band, and names those that stand out', () => {
  const lines = new Map(
    Array.from({ length: 40 }, (_, worker) => [
      `w${worker}`,
      {
        x: Array.from({ length: 1000 }, (_, x) => x),
        y: Array.from({ length: 1000 }, () => (worker === 7 ? 50 : 100 + worker / 10)),
      },
    ]),
  );
  const { median, low, high, outliers } = summarise(lines, 100);
  expect(outliers).toEqual(['w7']);
  expect(median.x.length).toBeLessThanOrEqual(101);
  expect(median.y.every((y) => y > 101 && y < 103)).toBe(true);
  expect(
    low.y.every((y, index) => y < (median.y[index] ?? 0) && (high.y[index] ?? 0) > (median.y[index] ?? 0)),
  ).toBe(true);
});

it('says only what changed of a chart', () => {
  const info = { id: 'left' as const, metric: 'loss', label: 'loss', unit: '', summarised: false };
  const a: Series = { key: 'a', role: 'worker', x: [1, 2], y: [5, 6] };
  const b: Series = { key: 'b', role: 'worker', x: [1], y: [7] };
  const before = { ...info, series: [a, b] };
  expect(chartChange(before, { ...info, series: [{ ...a }, { ...b }] })).toBeUndefined();
  const longer = { ...a, x: [1, 2, 3], y: [5, 6, 8] };
  expect(chartChange(before, { ...info, series: [longer, b] })).toEqual({
    ...info,
    order: ['a', 'b'],
    changes: [{ key: 'a', role: 'worker', keep: 2, x: [3], y: [8] }],
  });
  expect(chartChange(before, { ...info, series: [b] })).toMatchObject({ order: ['b'], changes: [] });
});
