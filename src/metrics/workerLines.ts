import { LineSplitter, type Line } from './lines';
import type { LogOptions } from './logPipeline';
import type { WorkerIdentity } from './runMetrics';
import { startTags } from './tags/startTags';
import type { TagReader, WorkerKey } from './tags/tagReader';

/** One worker's lines of a log that many print into, told apart by the tags of its launcher, which are taken off. */
export class WorkerLines {
  private readonly splitter = new LineSplitter();
  private readonly tags: TagReader;
  private text = '';

  /**
   * @param key as {@link keyOf}
   * @param from lines that begin before this byte are only read for what they say about workers
   */
  constructor(
    { tags = 'none', hosts }: LogOptions,
    private readonly key: WorkerKey,
    private readonly from = 0,
  ) {
    this.tags = startTags(tags, hosts);
  }

  /** Takes the next bytes of the log, from its first on. @returns its lines, each state of a progress bar before a carriage return */
  push(bytes: Uint8Array): string {
    this.splitter.push(bytes, (line) => this.tags.read(line, this.take));
    return this.taken();
  }

  /** What was held back, once nothing more comes. */
  flush(): string {
    this.splitter.flush((line) => this.tags.read(line, this.take));
    this.tags.end(this.take);
    return this.taken();
  }

  private readonly take = (key: WorkerKey, line: Line): void => {
    if (key === this.key && line.offset >= this.from)
      this.text += `${line.text}${line.newline ? '\n' : '\r'}`;
  };

  private taken(): string {
    const { text } = this;
    this.text = '';
    return text;
  }
}

/** By what a log's tags name the worker; undefined for one that they do not name (a lane). */
export function keyOf({ kind, rank, localRank, trial }: WorkerIdentity): WorkerKey | undefined {
  if (kind === 'rank' && rank !== undefined) return `rank/${rank}`;
  if (kind === 'local' && localRank !== undefined) return `local/${localRank}`;
  if (kind === 'trial' && trial !== undefined) return `trial/${trial}`;
  return undefined;
}
