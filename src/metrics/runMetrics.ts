import type { Disposable } from '../base/disposable';
import type { Event } from '../base/emitter';
import type { MetricName, MetricPoint } from './point';

/** A worker that computes much slower than the others. */
export interface SlowWorker {
  worker: string;
  /** Fraction under the median compute throughput, 0-1: 0.24 is "24 % slower than the median". */
  behind: number;
  /** First step of the streak. */
  sinceStep: number;
}

/** What is known of one worker's numbers. */
export interface WorkerMetrics {
  worker: string;
  /** Newest value by name. */
  latest: Readonly<Partial<Record<MetricName, MetricPoint>>>;
  /** Last line of text, without control characters, at most 500 characters. */
  lastLine: string;
  /** Milliseconds since the epoch at which the last byte was seen here. */
  lastByteAt: number | undefined;
  lines: number;
  points: number;
}

/** Series of one run; append-only except when a log starts a new generation. */
export interface RunMetrics extends Disposable {
  readonly workers: readonly string[];
  metrics(worker: string): WorkerMetrics | undefined;
  /** All points of one worker and name in the order of the log. */
  points(worker: string, name: MetricName): readonly MetricPoint[];
  readonly names: readonly MetricName[];
  readonly slow: readonly SlowWorker[];
  /** Something was added or (`reset`) replaced; batched, at most 10 times a second. */
  readonly onDidChange: Event<{ reset: boolean }>;
}
