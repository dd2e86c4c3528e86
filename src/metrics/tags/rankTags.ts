import type { Line } from '../lines';
import { Pieces } from './pieces';
import { mostWorkers, noAttributes, ownKey, type Attributed, type TagReader } from './tagReader';

/**
 * `[job,rank]<stdout>:` of Open MPI's `--tag-output` and `[rank]<stdout>:` of horovodrun with gloo, a time in front
 * allowed (`--timestamp-output`, `--prefix-output-with-timestamp`). Open MPI tags what it reads at once (4 KB, or one
 * state of a progress bar): a tag can stand anywhere in a line, and pieces of ranks alternate within it.
 */
const tag =
  /(?:[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})?\[(?:\d{1,10},)?(\d{1,7})\]<(stdout|stderr|stddiag)>:/g;
const mark = ']<std';

/** Reads the tags of mpirun and horovodrun: the worker is the rank. */
export class RankTags implements TagReader {
  private readonly pieces = new Pieces();
  private readonly keys = new Map<string, string>();
  /** Who wrote the text since the last tag; empty for nobody. */
  private writer = '';
  private key = ownKey;

  read(line: Line, emit: Attributed): void {
    if (!line.continues) this.writer = '';
    const { text } = line;
    let start = 0;
    if (text.includes(mark)) {
      tag.lastIndex = 0;
      for (let match = tag.exec(text); match !== null; match = tag.exec(text)) {
        if (match.index > start) this.hand(line, start, match.index, false, emit);
        this.follow(match[1] ?? '', match[2] ?? '');
        start = tag.lastIndex;
      }
    }
    this.hand(line, start, text.length, true, emit);
  }

  end(emit: Attributed): void {
    this.pieces.end(emit);
  }

  attributes(key: string): { rank?: number } {
    const rank = /^rank\/(\d+)$/.exec(key)?.[1];
    return rank === undefined ? noAttributes : { rank: Number(rank) };
  }

  private follow(rank: string, stream: string): void {
    const known = this.keys.get(rank);
    if (known !== undefined) this.key = known;
    else if (this.keys.size < mostWorkers) {
      this.key = `rank/${Number(rank)}`;
      this.keys.set(rank, this.key);
    } else {
      this.key = ownKey;
      this.writer = '';
      return;
    }
    this.writer = `${stream}${rank}`;
  }

  /** What stands between two tags, or behind the last. */
  private hand(line: Line, start: number, end: number, complete: boolean, emit: Attributed): void {
    const whole = start === 0 && end === line.text.length;
    const piece = whole ? line : { ...line, offset: line.offset + start, text: line.text.slice(start, end) };
    if (this.writer === '') emit(ownKey, piece);
    else this.pieces.add(this.writer, this.key, piece, complete, emit);
  }
}
