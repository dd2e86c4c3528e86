import type { Position, Range } from './problem';

/** Offsets of a text to positions. Lines end at `\n`, `\r\n` or `\r`, as editors count them. */
export class LineIndex {
  /** Start offset of each line, and the end of its text without the line break. */
  private readonly lines: { start: number; end: number }[] = [];

  constructor(text: string) {
    let start = 0;
    for (const match of text.matchAll(/\r\n|\r|\n/g)) {
      this.lines.push({ start, end: match.index });
      start = match.index + match[0].length;
    }
    this.lines.push({ start, end: text.length });
  }

  /** The position of an offset; one inside a line break is the end of its line, one outside the text is its nearest end. */
  position(offset: number): Position {
    let low = 0;
    let high = this.lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.lines[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const line = this.lines[low] ?? { start: 0, end: 0 };
    return { line: low, character: Math.max(0, Math.min(offset, line.end) - line.start) };
  }

  /** The offset of a position; one beyond its line or the text is the nearest end. */
  offset({ line, character }: Position): number {
    const last = this.lines.length - 1;
    const { start, end } = this.lines[Math.max(0, Math.min(line, last))] ?? { start: 0, end: 0 };
    return line > last ? end : Math.min(start + Math.max(0, character), end);
  }

  range(start: number, end: number): Range {
    return { start: this.position(start), end: this.position(end) };
  }

  /** The whole text of the line that holds an offset. */
  lineRange(offset: number): Range {
    const { line } = this.position(offset);
    const { start, end } = this.lines[line] ?? { start: 0, end: 0 };
    return { start: { line, character: 0 }, end: { line, character: end - start } };
  }
}
