import type { Disposable } from '../base/disposable';
import type { Event } from '../base/emitter';
import type { NotFinite } from './dialects/notFinite';
import type { MetricName, MetricPoint, Scope } from './point';
import type { WorkerAttributes } from './tags/tagReader';

/** A worker that computes much slower than the others. */
export interface SlowWorker {
  worker: string;
  /** Fraction under the median compute throughput, 0-1: 0.24 is "24 % slower than the median". */
  behind: number;
  /** First step of the streak. */
  sinceStep: number;
}

/** Who a worker is that has no log of its own: known by the tags of a launcher's log. */
export interface WorkerIdentity extends WorkerAttributes {
  /** `lane`: lines that repeat in a log without tags, grouped; which worker it is cannot be known. */
  kind: 'rank' | 'trial' | 'local' | 'process' | 'lane';
  /** Log in which its lines stand, such as `head/launcher`. */
  log: string;
}

/** A loss that is no number any more, since a line. */
export interface Diverged extends NotFinite {
  /** Seconds since the epoch, or undefined until the clock file covers the line. */
  time: number | undefined;
}

/** What is known of one worker's numbers. */
export interface WorkerMetrics {
  worker: string;
  /** Newest value by name: of the worker itself, or of the whole job where it prints only that. */
  latest: Readonly<Record<string, MetricPoint>>;
  /** Last line of text, without control characters, at most 500 characters. */
  lastLine: string;
  /** Milliseconds since the epoch at which the last byte was seen here. */
  lastByteAt: number | undefined;
  lines: number;
  points: number;
  /** Absent for a worker that has a log of its own. */
  identity?: WorkerIdentity;
  /** True when it has no values because rank 0 alone prints in the format of this run: it is not silent. */
  quietByDesign?: boolean;
  /** Losses whose newest value is nan or infinite: charts have no point for it. Absent where all are numbers. */
  diverged?: readonly Diverged[];
}

/** Series of one run; append-only except when a log starts a new generation. */
export interface RunMetrics extends Disposable {
  readonly workers: readonly string[];
  metrics(worker: string): WorkerMetrics | undefined;
  /**
   * All points of one worker and name in the order of the log.
   * @param scope Whose: by default the worker's own, or the whole job's where it prints only those.
   */
  points(worker: string, name: MetricName, scope?: Scope): readonly MetricPoint[];
  readonly names: readonly MetricName[];
  readonly slow: readonly SlowWorker[];
  /** Something was added or (`reset`) replaced; batched, at most 10 times a second. */
  readonly onDidChange: Event<{ reset: boolean }>;
}
