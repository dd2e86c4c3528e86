import type { HostMirror } from './hostMirror';

/** What a host's part of the run directory says about one process. */
export interface ProcessRecord {
  /** `0`, `1`, … or `launcher`. */
  id: string;
  started: boolean;
  rank: number | undefined;
  /** The node it runs on, for a task of a Slurm job: not the host whose directory holds its records. */
  node?: string | undefined;
  /** 1 for the first start, one more for each restart under the same id. */
  attempt: number;
  /** By the clock of the machine it runs on, as its exit is; milliseconds since the epoch. */
  startedAt?: number | undefined;
  exit: { code: number; at: number } | undefined;
  /** The process is gone and nobody saw how it ended (the host rebooted, or its recorder was killed). */
  gone: boolean;
  logBytes: number;
  /** The log is incomplete since this byte: the disk was full. */
  incompleteSince: number | undefined;
}

/** Reads `key=value` lines; the exit record is padded with `#` and blanks. Never throws. */
export function parseRecord(text: string): Map<string, string> {
  const entries = text.split('\n').flatMap((line) => {
    const [, key, value] = /^([a-z]+)=(\S*)$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
  return new Map(entries);
}

/**
 * Records of all processes of one host, by id, from what has been mirrored.
 * @param gone ids known to be gone without an exit record.
 * @param earlier by id, the attempts of a start that was given up: what they recorded says nothing of the run.
 */
export function readHostRecord(
  mirror: HostMirror,
  gone: ReadonlySet<string>,
  earlier: Readonly<Record<string, number>> = {},
): ProcessRecord[] {
  const mirrored = mirror.names.flatMap((name) => /^([a-z0-9-]+)\.(?:start|exit|log)$/.exec(name)?.[1] ?? []);
  const ids = new Set([...mirrored, ...gone]);
  return [...ids].sort(byIndex).map((id) => {
    const record = readProcess(mirror, id, gone.has(id));
    const isEarlier = record.attempt <= (earlier[id] ?? 0);
    return isEarlier ? { ...record, started: false, rank: undefined, exit: undefined, gone: false } : record;
  });
}

function readProcess(mirror: HostMirror, id: string, reportedGone: boolean): ProcessRecord {
  const start = parseRecord(mirror.text(`${id}.start`) ?? '');
  const exit = parseRecord(mirror.text(`${id}.exit`) ?? '');
  const attempt = integer(start.get('attempt')) ?? 1;
  // An exit left by an earlier attempt says nothing of this one.
  const isCurrent = (integer(exit.get('attempt')) ?? attempt) >= attempt;
  const code = isCurrent ? integer(exit.get('code')) : undefined;
  const epoch = decimal(start.get('epoch'));
  const incomplete = /^\d+ (\d+)/.exec(mirror.text(`${id}.incomplete`) ?? '')?.[1];
  return {
    id,
    started: start.has('pid'),
    rank: integer(start.get('rank')),
    node: start.get('node'),
    attempt,
    ...(epoch === undefined ? {} : { startedAt: epoch * 1000 }),
    exit: code === undefined ? undefined : { code, at: (decimal(exit.get('epoch')) ?? 0) * 1000 },
    gone: code === undefined && (reportedGone || (isCurrent && exit.get('code') === 'unknown')),
    logBytes: mirror.size(`${id}.log`),
    incompleteSince: integer(incomplete),
  };
}

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Numbers in their order, then names. */
function byIndex(a: string, b: string): number {
  return Number(a) - Number(b) || a.localeCompare(b);
}
