import { describe, expect, it } from 'vitest';
import { LineIndex } from '../../../src/config/lineIndex';

describe('LineIndex', () => {
  const text = 'one\r\ntwo\rthree\n\nend';
  const lines = new LineIndex(text);

  it('finds the offset of each position again', () => {
    for (const offset of [0, 2, 3, 5, 8, 9, 14, 15, 16, text.length]) {
      expect(lines.offset(lines.position(offset))).toBe(offset);
    }
  });

  it('takes a position outside the text for the nearest end', () => {
    expect(lines.offset({ line: 0, character: 99 })).toBe(3);
    expect(lines.offset({ line: 99, character: 0 })).toBe(text.length);
    expect(lines.offset({ line: -1, character: -1 })).toBe(0);
  });
});
