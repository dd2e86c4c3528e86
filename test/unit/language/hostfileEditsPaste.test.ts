import { expect, it } from 'vitest';
import { pastedHosts } from '../../../src/language/hostfileEditsPaste';

it('refuses a list of ranges once they are more than there is room for', () => {
  for (const parts of [2, 6000, 100_000]) {
    const ranges = Array.from({ length: parts }, () => '1-9999').join(',');
    expect(() => pastedHosts(`n[${ranges}]`, '')).toThrow('more than 10000');
  }
  expect(pastedHosts('n[1-5000,5001-9999],m', '')).toHaveLength(10_000);
});
