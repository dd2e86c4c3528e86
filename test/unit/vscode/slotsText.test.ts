import { expect, it } from 'vitest';
import { slotsText } from '../../../src/vscode/text/slotsText';

it.each([
  [[2, 2, 2, 2], '8 slots on 4 hosts'],
  [[1], '1 slot on 1 host'],
  [[undefined, undefined], '2 hosts'],
  [[4, undefined], '4 slots on 2 hosts, 1 of them without a count'],
  [Array<number>(1000).fill(8), '8,000 slots on 1,000 hosts'],
])('counts slots', (slots, text) => {
  expect(slotsText(slots.map((one) => ({ slots: one })))).toBe(text);
});
