import { coloursOnly } from '../base/plainText';

/** Lines longer than this are shown in pieces: a log without newlines must not fill the memory. */
const longestLine = 16_384;

/**
 * Turns one worker's bytes into whole lines behind a prefix, for a view that mixes workers. Of a progress bar drawn
 * by carriage returns its last state before the newline is shown.
 */
export class LinePrefixer {
  private readonly decoder = new TextDecoder();
  private rest = '';

  /** @param prefix asked for each line: a rank may become known while the log is open. */
  constructor(private readonly prefix: () => string) {}

  /** The lines completed by these bytes, ready for a terminal. */
  push(bytes: Uint8Array): string {
    const lines = (this.rest + this.decoder.decode(bytes, { stream: true })).split('\n');
    this.rest = lines.pop() ?? '';
    if (this.rest.length > longestLine) lines.push(this.takeRest());
    return lines.map((line) => this.show(line)).join('');
  }

  /** The unfinished last line, once nothing more will come. */
  flush(): string {
    const rest = this.takeRest() + this.decoder.decode();
    return rest === '' ? '' : this.show(rest);
  }

  private takeRest(): string {
    const { rest } = this;
    this.rest = '';
    return rest;
  }

  private show(line: string): string {
    const text = line.replace(/\r+$/, '');
    const last = text.slice(text.lastIndexOf('\r') + 1);
    return `${this.prefix()}${coloursOnly(last)}\x1b[0m\r\n`;
  }
}
