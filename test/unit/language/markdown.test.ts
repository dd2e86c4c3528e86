import { describe, expect, it } from 'vitest';
import { codeSpan, escapeMarkdown } from '../../../src/language/markdown';

describe('text of others in Markdown', () => {
  it('stands on one line and has no meaning of its own', () => {
    expect(escapeMarkdown('[a](command:x) \n\n <img src=x>')).toBe('\\[a\\]\\(command:x\\) \\<img src=x\\>');
    expect(codeSpan('a``b\r\n`c`')).toBe('``` a``b `c` ```');
    expect(codeSpan('')).toBe('`  `');
  });

  it.each([' ', '\t', '\n', ' \n', '`', '` '])('is made plain in time, however many %j it has', (unit) => {
    const text = unit.repeat(200_000);
    const start = process.cpuUsage();
    escapeMarkdown(text);
    codeSpan(text);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});
