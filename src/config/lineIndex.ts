import type { Position, Range } from './problem';

/** Offsets of a text to positions. Lines end at `\n`, `\r\n` or `\r`, as editors count them. */
export class LineIndex {
  private readonly starts: number[] = [];
  /** Where the text of each line ends, before its line break. */
  private readonly ends: number[] = [];

  constructor(text: string) {
    let start = 0;
    let carriageReturn = text.indexOf('\r');
    let lineFeed = text.indexOf('\n');
    while (carriageReturn >= 0 || lineFeed >= 0) {
      const isReturn = carriageReturn >= 0 && (lineFeed < 0 || carriageReturn < lineFeed);
      const end = isReturn ? carriageReturn : lineFeed;
      this.starts.push(start);
      this.ends.push(end);
      start = isReturn && lineFeed === end + 1 ? end + 2 : end + 1;
      if (isReturn) carriageReturn = text.indexOf('\r', start);
      if (lineFeed >= 0 && lineFeed < start) lineFeed = text.indexOf('\n', start);
    }
    this.starts.push(start);
    this.ends.push(text.length);
  }

  /** The position of an offset; one inside a line break is the end of its line, one outside the text is its nearest end. */
  position(offset: number): Position {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const start = this.starts[low] ?? 0;
    return { line: low, character: Math.max(0, Math.min(offset, this.ends[low] ?? 0) - start) };
  }

  /** The offset of a position; one beyond its line or the text is the nearest end. */
  offset({ line, character }: Position): number {
    const last = this.starts.length - 1;
    const at = Math.max(0, Math.min(line, last));
    const end = this.ends[at] ?? 0;
    return line > last ? end : Math.min((this.starts[at] ?? 0) + Math.max(0, character), end);
  }

  range(start: number, end: number): Range {
    return { start: this.position(start), end: this.position(end) };
  }

  /** The whole text of the line that holds an offset. */
  lineRange(offset: number): Range {
    const { line } = this.position(offset);
    const length = (this.ends[line] ?? 0) - (this.starts[line] ?? 0);
    return { start: { line, character: 0 }, end: { line, character: length } };
  }
}
