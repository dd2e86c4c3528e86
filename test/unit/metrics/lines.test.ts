import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter, maxLineBytes, type Line } from '../../../src/metrics/lines';

const encode = (text: string) => new TextEncoder().encode(text);

function split(pieces: Uint8Array[], offset = 0): Line[] {
  const lines: Line[] = [];
  const splitter = new LineSplitter(offset);
  for (const piece of pieces) splitter.push(piece, (line) => lines.push(line));
  splitter.flush((line) => lines.push(line));
  return lines;
}

const texts = (text: string) => split([encode(text)]).map((line) => line.text);

/** Bytes in which line ends, multi-byte characters and garbage are frequent. */
const logBytes = fc
  .array(
    fc.oneof(
      fc
        .constantFrom('\n', '\r\n', '\r', '\b', '\b\b\r', 'loss=1.5', '█▌', 'é', '\u{1f600}', '\x1b[32m')
        .map(encode),
      fc.uint8Array({ maxLength: 6 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

describe('LineSplitter', () => {
  it('ends a line at LF, CR LF and a lone CR, and gives the tail when flushed', () => {
    expect(texts('a\nb\r\nc\rd')).toEqual(['a', 'b', 'c', 'd']);
    expect(texts('a\n\nb\n')).toEqual(['a', '', 'b']);
    expect(texts('\r\n\n\r')).toEqual(['', '', '']);
  });

  it('gives each line the byte offset of its start', () => {
    const bytes = encode('é1\r\n2\r3');
    expect(split([bytes], 100)).toEqual([
      { offset: 100, text: 'é1', cut: false, bytes: 3, continues: false, newline: false },
      { offset: 105, text: '2', cut: false, bytes: 1, continues: false, newline: false },
      { offset: 107, text: '3', cut: false, bytes: 1, continues: true, newline: false },
    ]);
  });

  it('takes backspaces as the way back to the start of a bar, however many', () => {
    const lines = split([encode('1/16 loss: 1.9\b\b\b\b'), encode('\b\b\b16/16 loss: 1.5\nnext')]);
    expect(lines.map(({ offset, text, continues }) => [offset, text, continues])).toEqual([
      [0, '1/16 loss: 1.9', false],
      [21, '16/16 loss: 1.5', true],
      [37, 'next', false],
    ]);
  });

  it('goes on after a flush with a new line at the right offset', () => {
    const lines: Line[] = [];
    const splitter = new LineSplitter();
    const keep = (line: Line) => lines.push(line);
    splitter.push(encode('tail'), keep);
    splitter.flush(keep);
    splitter.flush(keep);
    splitter.push(encode('more\n'), keep);
    expect(lines.map(({ offset, text }) => [offset, text])).toEqual([
      [0, 'tail'],
      [4, 'more'],
    ]);
  });

  it('keeps a BOM as a character and turns bytes that are not UTF-8 into U+FFFD', () => {
    expect(split([Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0x0a, 0xff, 0xc3, 0x0a)]).map((l) => l.text)).toEqual(
      ['\ufeffa', '\ufffd\ufffd'],
    );
  });

  it('gives the same lines wherever the bytes are cut', () => {
    fc.assert(
      fc.property(logBytes, fc.array(fc.nat(300), { maxLength: 8 }), (bytes, places) => {
        const cuts = [0, ...places.filter((place) => place < bytes.length).sort((a, b) => a - b)];
        const pieces = cuts.map((from, index) => bytes.slice(from, cuts[index + 1] ?? bytes.length));
        expect(split(pieces)).toEqual(split([bytes]));
      }),
      { numRuns: 500 },
    );
  });

  it('cuts a line of 10 MB, marks it, and reads on behind it', () => {
    const chunk = new Uint8Array(64_000).fill(0x78);
    const pieces = [...Array.from({ length: 160 }, () => chunk), encode('\nnext\n')];
    const [long, next] = split(pieces);
    expect([long?.text.length, long?.cut]).toEqual([maxLineBytes, true]);
    expect(long?.bytes).toBe(160 * 64_000);
    expect(next).toMatchObject({ offset: 160 * 64_000 + 1, text: 'next', cut: false });
  });

  it('does not mark a line of exactly the bound', () => {
    const [line] = split([new Uint8Array(maxLineBytes).fill(0x78), encode('\n')]);
    expect([line?.text.length, line?.cut]).toEqual([maxLineBytes, false]);
  });
});
