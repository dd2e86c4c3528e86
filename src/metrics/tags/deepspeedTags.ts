import type { Line } from '../lines';
import {
  mostWorkers,
  noAttributes,
  ownKey,
  type Attributed,
  type TagReader,
  type WorkerAttributes,
} from './tagReader';

/** `worker-1: ` of pdsh, the launcher of `deepspeed` over several hosts. */
const prefix = /^([A-Za-z0-9][\w.-]{0,254}): /;
/** DeepSpeed's logger: `[2026-01-02 03:04:05,678] [INFO] [logging.py:96:log_dist] [Rank 0] step=10, …`. */
const ownRank = /^(?:\[[^\]]{1,100}\] {1,2}){1,4}\[Rank (\d{1,7})\] /;
/** `global_rank_mapping=defaultdict(<class 'list'>, {'worker-0': [0, 1], 'worker-1': [2, 3]})`, once on each host. */
const mapping = 'global_rank_mapping=';
const mapped = /'([A-Za-z0-9][\w.-]{0,254})': \[(\d[\d, ]{0,2000})\]/g;

/**
 * Reads the tags of `deepspeed`: lines that name their rank, and those of a host with one worker, are of `rank/<n>`; others
 * of `host/<name>` (all workers of that host mixed) or of the launcher. What stands before a colon is a host only if the
 * plan or DeepSpeed's own map of ranks names it: `loss: 0.3` begins alike.
 */
export class DeepspeedTags implements TagReader {
  private readonly hosts: Set<string>;
  private readonly onlyRank = new Map<string, number>();
  private readonly known = new Map<string, WorkerAttributes>();
  private key = ownKey;

  /** @param hosts Names and addresses as they stand in the hostfile. */
  constructor(hosts: Iterable<string>) {
    this.hosts = new Set(hosts);
  }

  read(line: Line, emit: Attributed): void {
    if (line.continues) {
      emit(this.key, line);
      return;
    }
    if (line.text.includes(mapping)) this.learn(line.text);
    const named = prefix.exec(line.text);
    const host = named !== null && this.hosts.has(named[1] ?? '') ? named[1] : undefined;
    const start = host === undefined ? 0 : (named?.[0].length ?? 0);
    const text = line.text.slice(start);
    this.key = host === undefined ? ownKey : `host/${host}`;
    const printed = text.startsWith('[') ? ownRank.exec(text)?.[1] : undefined;
    const rank = printed === undefined ? this.onlyRank.get(host ?? '') : Number(printed);
    if (rank !== undefined) this.follow(rank, host);
    emit(this.key, start === 0 ? line : { ...line, offset: line.offset + start, text });
  }

  end(): void {
    this.key = ownKey;
  }

  attributes(key: string): WorkerAttributes {
    return this.known.get(key) ?? noAttributes;
  }

  private learn(text: string): void {
    for (const [, host = '', ranks = ''] of text.slice(text.indexOf(mapping)).matchAll(mapped)) {
      if (this.hosts.size >= mostWorkers) return;
      this.hosts.add(host);
      if (/^\d{1,7}$/.test(ranks)) this.onlyRank.set(host, Number(ranks));
    }
  }

  private follow(rank: number, host: string | undefined): void {
    const key = `rank/${rank}`;
    if (!this.known.has(key)) {
      if (this.known.size >= mostWorkers) return;
      this.known.set(key, { rank, ...(host === undefined ? {} : { host }) });
    }
    this.key = key;
  }
}
