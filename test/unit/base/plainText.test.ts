import { expect, it } from 'vitest';
import { coloursOnly, oneLine, stripAnsi, visibleControls } from '../../../src/base/plainText';

it('strips colours, cursor moves, titles and links', () => {
  expect(stripAnsi('\x1b[36m(RayTrainWorker pid=1)\x1b[0m loss=1')).toBe('(RayTrainWorker pid=1) loss=1');
  expect(stripAnsi('\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b\x1b[2K\x1b(Bc\x1b7d')).toBe('abcd');
  expect(stripAnsi('\x1b]8;; never ended')).toContain('never ended');
});

it('makes one row without control characters, within the limit, and never half a character', () => {
  expect(oneLine('\x1b[1m a\tb\x00c \x1b[0m', 500)).toBe('a b c');
  expect(oneLine('ab\u{1f600}', 3)).toBe('ab\ufffd');
});

it('of a line from a host only its colours reach a terminal that others share', () => {
  const hostile =
    '\x1b[2J\x1b[1A\x1b[2K\x1b]52;c;cm0=\x07\x1b]0;title\x1b\\\x1b[31mred\x1b[0m\tok\x07\x08\x1bc\x9b2J';
  expect(coloursOnly(hostile)).toBe('\x1b[31mred\x1b[0m\tok2J');
});

it('shows control characters, in a form that JSON reads as the same text', () => {
  const hostile = '\x1b]0;t\x07\x9b2J\x7f\r\ta\n';
  expect(visibleControls(hostile)).toBe('\\u001b]0;t\\u0007\\u009b2J\\u007f\\u000d\ta\n');
  // CSV ends its lines like this.
  expect(visibleControls('run,workers\r\na,1\r\n')).toBe('run,workers\r\na,1\r\n');
  const json = visibleControls(JSON.stringify(hostile));
  expect(json).not.toMatch(/\p{Cc}/u);
  expect(JSON.parse(json)).toBe(hostile);
});

it('shows what turns the direction of text', () => {
  const marks = [
    0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069,
  ];
  for (const mark of marks) {
    const name = `n1${String.fromCharCode(mark)}gpu`;
    expect(visibleControls(name)).toBe(`n1\\u${mark.toString(16).padStart(4, '0')}gpu`);
    expect(JSON.parse(visibleControls(JSON.stringify(name)))).toBe(name);
  }
  const words = 'nœud שרת 主机 \u200d';
  expect(visibleControls(words)).toBe(words);
});
