import { expect, it } from 'vitest';
import { lazyArray } from '../../../src/metrics/lazyArray';

it('behaves as the array it stands for', () => {
  const real = [0, 10, 20, 30, 40];
  const lazy = lazyArray(5, (index) => index * 10);
  expect(lazy).toEqual(real);
  expect(Array.isArray(lazy)).toBe(true);
  expect([...lazy]).toEqual(real);
  expect(lazy.slice(3)).toEqual([30, 40]);
  expect(lazy.at(-1)).toBe(40);
  expect(lazy[5]).toBeUndefined();
  expect(lazy.map((value) => value + 1)).toEqual([1, 11, 21, 31, 41]);
  expect(lazy.filter((value) => value > 15)).toEqual([20, 30, 40]);
  expect(lazy.findLast((value) => value < 25)).toBe(20);
  expect(lazy.concat([50])).toEqual([...real, 50]);
  expect(JSON.stringify(lazy)).toBe('[0,10,20,30,40]');
  expect(Object.keys(lazy)).toEqual(['0', '1', '2', '3', '4']);
  expect(2 in lazy && !(5 in lazy)).toBe(true);
});

it('makes only what is read', () => {
  const made: number[] = [];
  const lazy = lazyArray(1_000_000, (index) => made.push(index) && index);
  lazy.slice(999_998);
  expect([...new Set(made)]).toEqual([999_998, 999_999]);
});

it('cannot be written', () => {
  const lazy = lazyArray(2, (index) => index) as number[];
  expect(() => (lazy[0] = 5)).toThrow(TypeError);
  expect(() => lazy.push(5)).toThrow(TypeError);
  expect(() => lazy.pop()).toThrow(TypeError);
});
