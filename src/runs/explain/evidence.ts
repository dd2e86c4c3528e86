/** What the kernel of a host says of lack of memory since a run began. */
export interface OomEvidence {
  /** Processes it killed since the run began; undefined where that was not counted before. */
  killsSinceStart: number | undefined;
  /** Its own records, where they can be read; undefined: they cannot. */
  records: OomKill[] | undefined;
}

export interface OomKill {
  /** Seconds since the epoch, ± 1 s. */
  at: number;
  pid: number;
  /** Of an account that is ours on that host; undefined where the record does not say. */
  isOurs: boolean | undefined;
  name: string;
}

/** Everything a reason is read from. */
export interface Evidence {
  /** Exit status as the shell gives it. */
  code: number;
  /** When it ended, in seconds since the epoch; undefined where that is not known. */
  endedAt: number | undefined;
  host: string;
  /** The last lines of the log, without escapes, oldest first. */
  lines: readonly string[];
  /** A person stopped the run: its signals are ours. */
  wasStopped: boolean;
  /** Undefined: the host was not asked or did not answer. */
  oom: OomEvidence | undefined;
}

/** Why a process failed, as far as it can be known. */
export interface Reason {
  /** Stable code such as `cudaOutOfMemory`. */
  code: string;
  /** One sentence without a trailing period. */
  what: string;
  /** An imperative sentence. */
  todo: string;
}

/** Knows one way to fail. Pure; undefined where the evidence does not show it. */
export type Recogniser = (evidence: Evidence) => Reason | undefined;

/** The newest line that matches. */
export function lastMatch(lines: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  for (const line of [...lines].reverse()) {
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
  return undefined;
}
