import type { Line } from '../lines';

/** Key of what no worker of its own printed: the launcher's own lines, or all lines of a log without tags. */
export const ownKey = '';

/**
 * Who printed a line. `rank/<n>`, `trial/<name>`, `local/<n>` (local rank on the host of the log) and `process/<n>` (the
 * n-th process whose rank its log never told) are workers. {@link ownKey} and `host/<name>` say only where it came from.
 */
export type WorkerKey = string;

/** What a log says about a worker; each may come late. */
export interface WorkerAttributes {
  rank?: number;
  localRank?: number;
  nodeRank?: number;
  /** Host name or address as the launcher printed it. */
  host?: string;
  trial?: string;
}

/** Takes a line that was attributed; its text has no tag any more, its offset is where it begins in the log. */
export type Attributed = (key: WorkerKey, line: Line) => void;

/**
 * Reads one family of tags in the lines of one log. Total, bounded in memory: a line is handed on exactly once, at
 * once or, where its worker is not known yet, as soon as it is.
 */
export interface TagReader {
  read(line: Line, emit: Attributed): void;
  /** Nothing more comes for now: hands on what waits. */
  end(emit: Attributed): void;
  attributes(key: WorkerKey): WorkerAttributes;
}

/** More workers in one log than any real one has: whatever comes after is the launcher's. */
export const mostWorkers = 20_000;

export const noAttributes: WorkerAttributes = {};

/** True for a key that names a worker. */
export function isWorker(key: WorkerKey): boolean {
  return key !== ownKey && !key.startsWith('host/');
}
