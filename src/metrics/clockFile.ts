import { ByteCursor } from './byteCursor';
import { LineSplitter } from './lines';

/** `EPOCH_SECONDS PROCESS_ID SIZE`: at that time the log of the process had that many bytes. */
const entry = /^(\d{1,12}(?:\.\d{1,9})?) ([a-z0-9-]{1,64}) (\d{1,15})$/;

interface Growth {
  /** Seconds since the epoch, rising. */
  times: number[];
  /** Bytes, rising: only times at which the log had grown are kept. */
  sizes: number[];
}

/** First index whose value is at least `limit`; `values` rises. */
function lowerBound(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) >= limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The append-only `ID.clock` file of one process: when each byte of its log had been written (± 1 s). Lines that are none
 * of its own are skipped; entries may come out of order.
 */
export class ClockFile {
  private readonly growth = new Map<string, Growth>();
  private readonly splitter = new LineSplitter();
  private readonly cursor: ByteCursor;

  /** @param worker `host/id`, to name it in errors. */
  constructor(worker: string) {
    this.cursor = new ByteCursor(`${worker}.clock`);
  }

  /**
   * Takes bytes of the file; known ones are skipped.
   * @returns Whether any were new.
   * @throws RankwiseError `metrics.hole` when bytes are missing.
   */
  feed(bytes: Uint8Array, offset: number): boolean {
    const fresh = this.cursor.take(offset, bytes);
    this.splitter.push(fresh, ({ text }) => {
      const match = entry.exec(text);
      if (match !== null) this.add(match[2] ?? '', Number(match[1]), Number(match[3]));
    });
    return fresh.length > 0;
  }

  /**
   * Seconds since the epoch at which the byte at `offset` first was there, or undefined when no entry covers it yet.
   * @param process Local worker index, or `launcher`.
   */
  timeAt(process: string, offset: number): number | undefined {
    const growth = this.growth.get(process);
    return growth?.times[lowerBound(growth.sizes, offset + 1)];
  }

  private add(process: string, time: number, size: number): void {
    let growth = this.growth.get(process);
    const lastTime = growth?.times.at(-1) ?? -Infinity;
    const lastSize = growth?.sizes.at(-1) ?? 0;
    // A log that is smaller at a later time was replaced: what was known is of another life.
    if (growth === undefined || (time > lastTime && size < lastSize)) {
      growth = { times: [], sizes: [] };
      this.growth.set(process, growth);
    }
    const earliest = growth.times[lowerBound(growth.sizes, size)];
    if (size === 0 || (earliest !== undefined && earliest <= time)) return;
    // Entries that are later and no larger say less than this one.
    const first = lowerBound(growth.times, time);
    const end = lowerBound(growth.sizes, size + 1);
    growth.times.splice(first, end - first, time);
    growth.sizes.splice(first, end - first, size);
  }
}
