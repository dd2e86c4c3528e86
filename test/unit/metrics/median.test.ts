import { expect, it } from 'vitest';
import { ascending, median, quantile } from '../../../src/metrics/median';

it('interpolates between neighbours', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(quantile(ascending([30, 10, 20]), 0.25)).toBe(15);
  expect([quantile([7], 0.1), median([])]).toEqual([7, NaN]);
});
