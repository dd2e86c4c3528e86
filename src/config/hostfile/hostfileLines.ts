import { LineIndex } from '../lineIndex';
import type { OpenMpiLine } from './openMpiReader';
import type { OwnLine, OwnReading } from './ownReader';
import { plainLine, type PlainLine } from './plainLine';
import type { HostfileFinding, LineReading } from './reading';

/**
 * A line of a hostfile without its `\n`, and what each program makes of it where that depends on nothing else. Offsets in it count from
 * its own start, so it can stand in several texts.
 */
export class TextLine {
  readonly plain: PlainLine | undefined;
  own: OwnLine | undefined;
  mpirun: OpenMpiLine | undefined;
  horovodrun: LineReading | undefined;
  deepspeed: LineReading | undefined;
  mxnet: LineReading | undefined;
  /** Blanks at its end and look-alikes, whoever reads it. */
  marks: readonly HostfileFinding[] | undefined;

  constructor(readonly text: string) {
    this.plain = plainLine(text);
  }
}

/** How many texts are remembered: more hostfiles than a person edits at a time. */
const mostTexts = 4;

/** A text as a head and a tail of another one, with lines of its own between. */
interface Change {
  from: HostfileLines;
  /** How many characters they begin and end alike with. */
  head: number;
  tail: number;
}

/**
 * The lines of a hostfile. Between two keystrokes all but one of them stay as they are, and what was read of those is remembered:
 * reading 10,000 lines by the rules of five programs takes too long for each keystroke.
 */
export class HostfileLines {
  private static recent: readonly HostfileLines[] = [];
  readonly lines: TextLine[] = [];
  /** Where each line starts. */
  readonly starts: number[] = [];
  /** What Rankwise makes of it all: several ask for it between two changes. */
  own: OwnReading | undefined;
  private lineIndex: LineIndex | undefined;

  private constructor(
    readonly text: string,
    change: Change | undefined,
  ) {
    const kept = change === undefined ? 0 : this.keepHead(change);
    this.split(change === undefined ? text.length : this.tailStart(change, kept), change !== undefined);
    if (change !== undefined) this.keepTail(change);
  }

  /** The lines of a text; those that stood in a text shortly before are the same ones. */
  static of(text: string): HostfileLines {
    const { recent } = HostfileLines;
    const known = recent.find((lines) => lines.text === text);
    const change = known === undefined ? nearest(text, recent) : undefined;
    const lines = known ?? new HostfileLines(text, change);
    // Of a file that is being edited, only the latest text is needed.
    const isEdit = change !== undefined && 2 * (change.head + change.tail) > text.length;
    const others = recent.filter((other) => other !== lines && !(isEdit && other === change.from));
    HostfileLines.recent = [lines, ...others].slice(0, mostTexts);
    return lines;
  }

  /** Whether a line break ends the line of this number; only the last may be without. */
  isEnded(index: number): boolean {
    return index < this.lines.length - 1 || this.text.endsWith('\n');
  }

  /** Positions in the text. */
  get index(): LineIndex {
    return (this.lineIndex ??= new LineIndex(this.text));
  }

  private get end(): number {
    const last = this.lines.length - 1;
    return last < 0 ? 0 : (this.starts[last] ?? 0) + (this.lines[last]?.text.length ?? 0) + 1;
  }

  private add(line: TextLine, start: number): void {
    this.lines.push(line);
    this.starts.push(start);
  }

  /** Takes the first lines that stand in the common head with their line breaks. @returns how many */
  private keepHead({ from, head }: Change): number {
    let count = 0;
    for (const line of from.lines) {
      const start = from.starts[count] ?? 0;
      if (start + line.text.length + 1 > head) break;
      this.add(line, start);
      count += 1;
    }
    return count;
  }

  /** Where the first line starts that stands in the common tail with the line break before it. */
  private tailStart({ from, tail }: Change, kept: number): number {
    const moved = this.text.length - from.text.length;
    let next = from.lines.length;
    let start = this.text.length;
    for (; next > kept; next--) {
      const before = (from.starts[next - 1] ?? 0) + moved;
      if (before - 1 < this.text.length - tail || before < this.end) break;
      start = before;
    }
    return start;
  }

  private keepTail({ from }: Change): void {
    const moved = this.text.length - from.text.length;
    const { end } = this;
    for (let next = lineFrom(from.starts, end - moved); next < from.lines.length; next++) {
      const line = from.lines[next];
      if (line !== undefined) this.add(line, (from.starts[next] ?? 0) + moved);
    }
  }

  private split(until: number, isPart: boolean): void {
    for (let start = this.end; start < until;) {
      const lineBreak = this.text.indexOf('\n', start);
      const end = lineBreak < 0 ? this.text.length : lineBreak;
      const written = this.text.slice(start, end);
      this.add(new TextLine(isPart ? ownCopy(written) : written), start);
      start = end + 1;
    }
  }
}

/** The text that has most of another one at its two ends. */
function nearest(text: string, known: readonly HostfileLines[]): Change | undefined {
  let best: Change | undefined;
  for (const from of known) {
    const head = commonHead(from.text, text);
    const tail = commonTail(from.text, text, Math.min(from.text.length, text.length) - head);
    if (head + tail > (best === undefined ? 0 : best.head + best.tail)) best = { from, head, tail };
  }
  return best;
}

/** Characters compared at once: the engine does so many times faster than one by one. */
const block = 1024;

/** The number of characters with which two texts begin alike. */
function commonHead(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length + block <= most && a.startsWith(b.slice(length, length + block), length)) length += block;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

/** The number of characters, at most `most`, with which two texts end alike. */
function commonTail(a: string, b: string, most: number): number {
  let length = 0;
  while (
    length + block <= most &&
    a.endsWith(b.slice(b.length - length - block, b.length - length), a.length - length)
  ) {
    length += block;
  }
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) {
    length++;
  }
  return length;
}

/** The number of the first line that starts at an offset or behind it. */
function lineFrom(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A slice keeps the whole text alive that it was cut from; a line that outlives many texts must not. */
function ownCopy(text: string): string {
  return Array.from({ length: text.length }, (_, index) => text.charAt(index)).join('');
}
