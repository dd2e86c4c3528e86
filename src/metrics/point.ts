/**
 * Names of metrics that are known; one word per thing everywhere. Accuracies are fractions 0-1, times in seconds,
 * throughput in samples/s.
 */
export type KnownMetric =
  | 'throughput'
  | 'accuracy'
  | 'val_accuracy'
  | 'train_accuracy'
  | 'top5'
  | 'val_top5'
  | 'loss'
  | 'val_loss'
  | 'lr'
  | 'step_time'
  | 'epoch_time'
  | 'run_time'
  | 'compute_time'
  | 'wait_time';

/** A known metric, or a name that a person gave to a pattern of their own. */
export type MetricName = KnownMetric | (string & Record<never, never>);

/** Whether a number is of the worker that printed it or of the whole job; totals add only per-worker values. */
export type Scope = 'worker' | 'job';

/** One value found in one line. */
export interface MetricPoint {
  worker: string;
  name: MetricName;
  value: number;
  /** `samples/s`, `s`, empty, or what a person gave to a pattern of their own. */
  unit: string;
  scope: Scope;
  epoch: number | undefined;
  /** Step within the epoch where an epoch is known, else counted over the run. */
  step: number | undefined;
  /** Byte offset in the worker's log at which the line begins; its time is looked up by it. */
  offset: number;
  /** Seconds since the epoch, or undefined until the clock file covers the offset. */
  time: number | undefined;
}
