import type { WorkerIdentity } from './runMetrics';
import type { WorkerAttributes, WorkerKey } from './tags/tagReader';

const kinds = new Set(['rank', 'trial', 'local', 'process', 'lane'] satisfies WorkerIdentity['kind'][]);

function kindOf(key: WorkerKey): WorkerIdentity['kind'] {
  const kind = key.slice(0, key.indexOf('/'));
  return [...kinds].find((known) => known === kind) ?? 'process';
}

/**
 * The ids of workers that a launcher's log names: a planned worker where the plan knows its rank or place, else the key.
 * An id once given stays the worker's.
 */
export class WorkerNames {
  private readonly byRank: ReadonlyMap<number, string>;
  /** Which log a key was given to. */
  private readonly owners = new Map<string, string>();

  /** @param ranks Ranks of planned workers, by their id. */
  constructor(ranks: ReadonlyMap<string, number>) {
    this.byRank = new Map([...ranks].map(([worker, rank]) => [rank, worker]));
  }

  /** @param log `host/id` of the log in which the key was read. */
  name(log: string, key: WorkerKey): string {
    const id = this.plain(log, key);
    const owner = this.owners.get(id);
    if (owner === undefined) this.owners.set(id, log);
    // Two logs that both name a rank 3 (the jobs of an array) are of two workers.
    return owner === undefined || owner === log ? id : `${id}@${log}`;
  }

  identity(log: string, key: WorkerKey, attributes: WorkerAttributes): WorkerIdentity {
    const host = log.slice(0, log.lastIndexOf('/'));
    return { kind: kindOf(key), log, ...(kindOf(key) === 'local' ? { host } : {}), ...attributes };
  }

  private plain(log: string, key: WorkerKey): string {
    const [kind, rest] = [kindOf(key), key.slice(key.indexOf('/') + 1)];
    if (kind === 'rank') return this.byRank.get(Number(rest)) ?? key;
    // A plan calls workers `host/local index`.
    if (kind === 'local') return `${log.slice(0, log.lastIndexOf('/'))}/${rest}`;
    return key;
  }
}
