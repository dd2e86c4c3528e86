import { describe, expect, it } from 'vitest';
import { contrast, difference, parseColor } from '../../webview/dashboard/color';
import { formatDuration, formatSigned, formatValue } from '../../webview/dashboard/format';
import { palette, paletteSize } from '../../webview/dashboard/palette';
import { nearestIndex, markedPoints, snapX, withLength, yExtent } from '../../webview/dashboard/seriesMaths';
import { themes } from '../support/dashboard/themes';

const variables = [
  'charts-blue',
  'charts-orange',
  'charts-green',
  'charts-purple',
  'charts-red',
  'terminal-ansiCyan',
  'charts-yellow',
  'terminal-ansiMagenta',
];

describe('line colours', () => {
  it.each(Object.keys(themes))('are legible and different in %s', (name) => {
    const theme = themes[name] ?? {};
    const background = theme['editor-background'] ?? '';
    const colors = palette(
      variables.map((variable) => theme[variable] ?? ''),
      background,
    );
    expect(colors).toHaveLength(paletteSize);
    const parsed = colors.map((color) => parseColor(color)!);
    for (const [index, color] of parsed.entries()) {
      expect(contrast(color, parseColor(background)!)).toBeGreaterThanOrEqual(2.95);
      for (const other of parsed.slice(index + 1)) expect(difference(color, other)).toBeGreaterThan(0.06);
    }
  });

  it('come from nowhere else when a theme has none', () => {
    expect(new Set(palette([], '#000000')).size).toBe(paletteSize);
  });
});

it('reads the colours that themes write', () => {
  expect(parseColor('#fff')).toEqual({ r: 1, g: 1, b: 1 });
  expect(parseColor('rgba(255, 0, 0, 0.5)')).toEqual({ r: 1, g: 0, b: 0 });
  expect(parseColor('#00ff0080')).toEqual({ r: 0, g: 1, b: 0 });
  expect(parseColor('var(--x)')).toBeUndefined();
});

describe('places on a line', () => {
  const series = { key: 'a', role: 'worker' as const, x: [1, 2, 4], y: [10, 20, 0] };
  it('finds the nearest point', () => {
    expect([0, 1.4, 1.6, 3.1, 9].map((x) => nearestIndex(series.x, x))).toEqual([0, 0, 1, 2, 2]);
    expect(nearestIndex([], 1)).toBe(-1);
  });
  it('marks points that were measured, each once, the last always', () => {
    const all = { min: 0, max: 100 };
    const dense = Array.from({ length: 101 }, (_, index) => index);
    expect(markedPoints(dense, all, 15, 30)).toEqual([15, 45, 75, 100]);
    expect(markedPoints([0, 50, 100], all, 5, 10)).toEqual([0, 1, 2]);
    expect(markedPoints([10], { min: 9, max: 11 }, 0.2, 0.5)).toEqual([0]);
    expect(markedPoints([], all, 5, 10)).toEqual([]);
  });
  it('marks only what is visible, and the last', () => {
    const dense = Array.from({ length: 101 }, (_, index) => index);
    expect(markedPoints(dense, { min: 20, max: 40 }, 5, 10)).toEqual([25, 35, 100]);
  });
  it('gives an axis of one point some length', () => {
    expect(withLength({ min: 10, max: 10 })).toEqual({ min: 9, max: 11 });
    expect(withLength({ min: 1, max: 3 })).toEqual({ min: 1, max: 3 });
  });
  it('snaps to a point of any series', () => {
    expect(snapX([series, { ...series, x: [3], y: [1] }], 2.9)).toBe(3);
    expect(snapX([], 1)).toBeUndefined();
  });
});

describe('the y axis', () => {
  const flat = (y: number[]) => [{ key: 'a', role: 'worker' as const, x: y.map((_, index) => index), y }];
  const all = { min: 0, max: 10 };
  it('does not blow up noise', () => {
    const { min, max } = yExtent(flat([100, 101]), all);
    expect(max - min).toBeGreaterThan(20);
  });
  it('does not go below zero for values that do not', () => {
    expect(yExtent(flat([0, 1]), all).min).toBe(0);
    expect(yExtent(flat([-1, 1]), all).min).toBeLessThan(-1);
  });
  it('fits what is visible', () => {
    expect(yExtent(flat([1000, 1, 2]), { min: 1, max: 2 }).max).toBeLessThan(3);
  });
});

it('writes numbers as a person reads them', () => {
  expect([1240.4, 155.23, 12.5, 0.713, 0, 0.00012].map(formatValue)).toEqual([
    '1,240',
    '155.2',
    '12.50',
    '0.713',
    '0.000',
    '0.00012',
  ]);
  expect([7, 760, 11_220].map(formatDuration)).toEqual(['0:07', '12:40', '3:07:00']);
  expect([0.03, -0.24, 0.001].map(formatSigned)).toEqual(['+3 %', '\u221224 %', '±0 %']);
});
