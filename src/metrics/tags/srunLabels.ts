import type { Line } from '../lines';
import { Pieces } from './pieces';
import { noAttributes, ownKey, type Attributed, type TagReader } from './tagReader';

/** Slurm pads the number to the width of the greatest. */
const label = /^ {0,6}(\d{1,7}): /;
/** srun hands on output without a newline in pieces of this many bytes (seen on 22.05), each with a label and a newline. */
const pieceBytes = 1024;

/** Reads `3: ` of `srun --label`. Only for logs known to have labels: plain text may begin so, too. */
export class SrunLabels implements TagReader {
  private readonly pieces = new Pieces();
  private writer = '';
  private key = ownKey;
  /** Offset behind the label of the present line. */
  private start = 0;

  read(line: Line, emit: Attributed): void {
    let own = line;
    if (!line.continues) {
      const match = label.exec(line.text);
      this.writer = match?.[1] ?? '';
      this.key = match === null ? ownKey : `rank/${Number(match[1])}`;
      const length = match?.[0].length ?? 0;
      this.start = line.offset + length;
      if (length > 0) own = { ...line, offset: this.start, text: line.text.slice(length) };
    }
    if (this.writer === '') {
      emit(ownKey, own);
      return;
    }
    const wasCut = line.newline && line.offset + line.bytes - this.start === pieceBytes;
    this.pieces.add(this.writer, this.key, own, !wasCut, emit);
  }

  end(emit: Attributed): void {
    this.pieces.end(emit);
  }

  attributes(key: string): { rank?: number } {
    return key.startsWith('rank/') ? { rank: Number(key.slice('rank/'.length)) } : noAttributes;
  }
}
