import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reduceIndices } from '../../../src/metrics/reduce';

const series = fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(NaN)), { maxLength: 400 });

describe('reduceIndices', () => {
  it('keeps within the number, in order, with both ends and both extremes', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 4, max: 60 }), (values, most) => {
        const chosen = reduceIndices(values.length, (index) => values[index] ?? NaN, most);
        expect(chosen.length).toBeLessThanOrEqual(most);
        expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
        const kept = chosen.map((index) => values[index] ?? NaN);
        expect(kept.some(Number.isNaN)).toBe(false);
        const known = values.map((value, index) => ({ value, index })).filter(({ value }) => !isNaN(value));
        expect(Math.min(...kept)).toBe(Math.min(...known.map(({ value }) => value)));
        expect(Math.max(...kept)).toBe(Math.max(...known.map(({ value }) => value)));
        expect([chosen[0], chosen.at(-1)]).toEqual([known[0]?.index, known.at(-1)?.index]);
      }),
    );
  });

  it('keeps everything that fits', () => {
    expect(reduceIndices(5, (index) => index, 5)).toEqual([0, 1, 2, 3, 4]);
  });

  it('moves no earlier choice when one value is appended, as long as the stretch is the same', () => {
    const value = (index: number) => Math.sin(index * 1.7) * index;
    const [before, after] = [1030, 1031].map((length) => reduceIndices(length, value, 100));
    expect(after?.slice(0, 60)).toEqual(before?.slice(0, 60));
  });
});
