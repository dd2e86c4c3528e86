import { RankwiseError } from '../base/errors';

/** Makes one stream of pieces that may overlap: what was already taken is skipped, a hole is an error. */
export class ByteCursor {
  private position = 0;

  /** @param source Names the log in messages, such as `node1/0`. */
  constructor(private readonly source: string) {}

  /**
   * The bytes of a piece that are new, possibly none.
   * @throws RankwiseError `metrics.hole` when bytes before it are missing; nothing is taken then.
   */
  take(offset: number, bytes: Uint8Array): Uint8Array {
    if (offset > this.position) {
      throw new RankwiseError(
        'metrics.hole',
        `${this.source}: bytes ${this.position} to ${offset - 1} of the log are missing`,
        { nextStep: 'Open the run again to read its log from the beginning' },
      );
    }
    const fresh = bytes.subarray(Math.min(bytes.length, this.position - offset));
    this.position += fresh.length;
    return fresh;
  }
}
