import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClockFile } from '../../../src/metrics/clockFile';

const encode = (text: string) => new TextEncoder().encode(text);

function clock(text: string): ClockFile {
  const file = new ClockFile('node1');
  file.feed(encode(text), 0);
  return file;
}

describe('ClockFile', () => {
  it('gives the first time at which a byte was there', () => {
    const file = clock('100 0 10\n100 launcher 5\n101 0 10\n102 0 30\n');
    expect([0, 9, 10, 29, 30].map((offset) => file.timeAt('0', offset))).toEqual([
      100,
      100,
      102,
      102,
      undefined,
    ]);
    expect(file.timeAt('launcher', 4)).toBe(100);
    expect(file.timeAt('7', 0)).toBeUndefined();
  });

  it('waits for the end of a line: half a size is another size', () => {
    const file = new ClockFile('node1');
    file.feed(encode('100 0 4'), 0);
    expect(file.timeAt('0', 1)).toBeUndefined();
    file.feed(encode('8\n'), 7);
    expect(file.timeAt('0', 47)).toBe(100);
  });

  it('skips known bytes and refuses a hole', () => {
    const file = clock('100 0 10\n');
    expect(file.feed(encode('0 10\n101 0 20\n'), 4)).toBe(true);
    expect(file.feed(encode('100 0 10\n'), 0)).toBe(false);
    expect(file.timeAt('0', 15)).toBe(101);
    expect(() => file.feed(encode('x'), 100)).toThrowError(/node1\.clock: bytes 18 to 99/);
  });

  it('takes garbage for nothing', () => {
    const file = clock('x\n100 0\n-5 0 3\n100 ../x 3\n1e3 0 3\n\n100 0 99999999999999999999\n100 0 7 \n');
    expect(file.timeAt('0', 0)).toBeUndefined();
  });

  it('starts over when a log is smaller at a later time: it was replaced', () => {
    const file = clock('100 0 50\n200 0 10\n201 0 20\n');
    expect([0, 15, 30].map((offset) => file.timeAt('0', offset))).toEqual([200, 201, undefined]);
    expect(clock('100 0 50\n200 0 0\n').timeAt('0', 0)).toBeUndefined();
  });

  it('answers as a search through all entries does, in whatever order they come', () => {
    const step = fc.record({ dt: fc.nat(3), ds: fc.nat(20), key: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        let [time, size] = [1000, 0];
        const entries = steps.map(({ dt, ds, key }) => ({ time: (time += dt), size: (size += ds), key }));
        // The last entry first: one that is later and smaller would be a replaced log.
        const rest = entries.slice(0, -1).sort((a, b) => a.key - b.key);
        const shuffled = [...entries.slice(-1), ...rest];
        const file = clock(shuffled.map((entry) => `${entry.time} 0 ${entry.size}\n`).join(''));
        for (let offset = 0; offset <= size; offset++) {
          const covering = entries.filter((entry) => entry.size > offset).map((entry) => entry.time);
          expect(file.timeAt('0', offset)).toBe(covering.length > 0 ? Math.min(...covering) : undefined);
        }
      }),
    );
  });
});
