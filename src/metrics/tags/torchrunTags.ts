import type { Line } from '../lines';
import { mostWorkers, noAttributes, ownKey, type Attributed, type TagReader } from './tagReader';
import type { WorkerAttributes } from './tagReader';

/** `[default0]:` of `torchrun --tee` and `--redirects`: the role (`--role`) and the local rank. */
const localTag = /^\[[A-Za-z_][\w-]{0,40}?(\d{1,5})\]:/;
/** `[rank3]:`, the global rank, that PyTorch 2.3 and later put before each line of a traceback. */
const rankTag = /^\[rank(\d{1,7})\]: ?/;

/**
 * Reads the tags of torchrun. `[default1]:` names the local rank on the host of the log (`local/1`); its global rank is
 * an attribute that becomes known with the first `[rank3]:` behind it. A line with `[rank3]:` alone is of `rank/3`, or
 * of the local worker that is known to be it.
 */
export class TorchrunTags implements TagReader {
  private readonly known = new Map<string, WorkerAttributes>();
  private readonly localOfRank = new Map<number, string>();
  private key = ownKey;

  read(line: Line, emit: Attributed): void {
    if (line.continues) {
      emit(this.key, line);
      return;
    }
    this.key = ownKey;
    let start = 0;
    if (line.text.startsWith('[')) {
      const rankOnly = rankTag.exec(line.text);
      const local = rankOnly === null ? localTag.exec(line.text) : null;
      if (local !== null) {
        start = local[0].length;
        this.follow(`local/${Number(local[1])}`, { localRank: Number(local[1]) });
      }
      const behind = rankTag.exec(line.text.slice(start, start + 20));
      if (behind !== null) {
        this.learn(Number(behind[1]), local !== null);
        start += behind[0].length;
      }
    }
    const own = start === 0 ? line : { ...line, offset: line.offset + start, text: line.text.slice(start) };
    emit(this.key, own);
  }

  end(): void {
    this.key = ownKey;
  }

  attributes(key: string): WorkerAttributes {
    return this.known.get(key) ?? noAttributes;
  }

  private learn(rank: number, behindLocal: boolean): void {
    if (!behindLocal) {
      this.follow(this.localOfRank.get(rank) ?? `rank/${rank}`, { rank });
      return;
    }
    if (this.key === ownKey) return;
    this.known.set(this.key, { ...this.known.get(this.key), rank });
    this.localOfRank.set(rank, this.key);
  }

  private follow(key: string, attributes: WorkerAttributes): void {
    if (!this.known.has(key)) {
      if (this.known.size >= mostWorkers) return;
      this.known.set(key, attributes);
    }
    this.key = key;
  }
}
