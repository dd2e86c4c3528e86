/** A line of a log. */
export interface Line {
  /** Byte offset at which it begins. */
  offset: number;
  /** Without its line end; bytes that are not UTF-8 become U+FFFD. */
  text: string;
  /** True when the line was longer than {@link maxLineBytes}: `text` is its beginning. */
  cut: boolean;
  /** Bytes without the line end, also those that were cut. */
  bytes: number;
  /** True behind a carriage return or backspaces: a later state of the same printed line, such as a progress bar. */
  continues: boolean;
  /** True when a newline ended it. */
  newline: boolean;
}

/** Longer lines are cut: no measured value stands that far into a line, and memory stays bounded. */
export const maxLineBytes = 64 * 1024;

const newline = 0x0a;
const carriageReturn = 0x0d;
const backspace = 0x08;

/**
 * Splits bytes into lines as they come. `\n`, `\r\n`, a lone `\r` and backspaces (Keras) end a line: each state of a
 * progress bar is a line of its own. Wherever the bytes are cut, the same lines come out.
 */
export class LineSplitter {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private held = new Uint8Array(256);
  private heldBytes = 0;
  private cut = false;
  private afterReturn = false;
  private continues = false;
  private lineStart: number;
  private position: number;

  /** @param offset Byte offset of the first byte that will be pushed. */
  constructor(offset = 0) {
    this.lineStart = offset;
    this.position = offset;
  }

  /** Takes the next bytes; calls `onLine` for each line that they end. */
  push(bytes: Uint8Array, onLine: (line: Line) => void): void {
    let start = 0;
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index];
      if (byte !== newline && byte !== carriageReturn && byte !== backspace) {
        this.afterReturn = false;
        continue;
      }
      const length = this.position + index - this.lineStart;
      const secondOfPair = byte === newline && this.afterReturn;
      const backAgain = byte === backspace && length === 0;
      if (!secondOfPair && !backAgain) {
        this.hold(bytes.subarray(start, index));
        onLine(this.take(length, byte === newline));
      }
      this.continues = byte !== newline;
      this.afterReturn = byte === carriageReturn;
      start = index + 1;
      this.lineStart = this.position + start;
    }
    this.hold(bytes.subarray(start));
    this.position += bytes.length;
  }

  /** The unfinished last line, if any: call when nothing more will come. Bytes pushed later begin a new line. */
  flush(onLine: (line: Line) => void): void {
    if (this.heldBytes === 0 && !this.cut) return;
    onLine(this.take(this.position - this.lineStart, false));
    this.lineStart = this.position;
    this.continues = false;
  }

  private hold(part: Uint8Array): void {
    const room = maxLineBytes - this.heldBytes;
    if (part.length > room) this.cut = true;
    const kept = part.length > room ? part.subarray(0, room) : part;
    const needed = this.heldBytes + kept.length;
    if (needed > this.held.length) {
      const grown = new Uint8Array(Math.min(maxLineBytes, Math.max(needed, this.held.length * 2)));
      grown.set(this.held.subarray(0, this.heldBytes));
      this.held = grown;
    }
    this.held.set(kept, this.heldBytes);
    this.heldBytes = needed;
  }

  private take(bytes: number, newline: boolean): Line {
    const text = this.decoder.decode(this.held.subarray(0, this.heldBytes));
    const { cut, continues } = this;
    const line = { offset: this.lineStart, text, cut, bytes, continues, newline };
    this.heldBytes = 0;
    this.cut = false;
    return line;
  }
}
