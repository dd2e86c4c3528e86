import type { KnownMetric, MetricName, Scope } from '../point';

/** What one line says. */
export interface Reading {
  epoch: number | undefined;
  step: number | undefined;
  /** Finite numbers in the units of {@link unitOf}; one name at most once. */
  values: ReadonlyMap<MetricName, number>;
  /** Whose numbers this line carries, where it differs from the dialect's other lines. */
  scope?: Scope;
}

/**
 * Undefined when the line is not of this dialect; a reading without values when it is, but says nothing that is
 * plotted. Total: never throws, linear in the length of the line. Given text without escape sequences.
 */
export type ReadLine = (line: string) => Reading | undefined;

/** Who prints in this format: every worker for itself, or rank 0 alone by design of the program. */
export type Reporters = 'every' | 'rank0';

/** One format of training logs. */
export interface Dialect {
  name: string;
  /** Whose numbers these lines carry. */
  scope: Scope;
  reporters: Reporters;
  /** A reader for the lines of one worker: it may remember a heading above (bounded memory). */
  start(): ReadLine;
}

/** The unit of each known metric; times in seconds, fractions without a unit. */
const units: Readonly<Record<KnownMetric, string>> = {
  throughput: 'samples/s',
  step_time: 's',
  epoch_time: 's',
  run_time: 's',
  compute_time: 's',
  wait_time: 's',
  accuracy: '',
  val_accuracy: '',
  train_accuracy: '',
  top5: '',
  val_top5: '',
  loss: '',
  val_loss: '',
  lr: '',
};

/** Whether a name is one that Rankwise knows. */
export function isKnown(name: MetricName): name is KnownMetric {
  return Object.hasOwn(units, name);
}

/** The unit in which points of this name are given: `samples/s`, `s`, or empty. */
export function unitOf(name: MetricName): string {
  return isKnown(name) ? units[name] : '';
}

const fractions: ReadonlySet<MetricName> = new Set([
  'accuracy',
  'val_accuracy',
  'train_accuracy',
  'top5',
  'val_top5',
] satisfies KnownMetric[]);

/** True for names whose values are fractions 0-1 and are often printed in percent. */
export function isFraction(name: MetricName): boolean {
  return fractions.has(name);
}

/** The value if a metric of this name can have it: finite, fractions 0-1, times and throughput not negative. */
export function plausible(name: MetricName, value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (isFraction(name)) return value >= 0 && value <= 1 ? value : undefined;
  if (unitOf(name) !== '' && value < 0) return undefined;
  return value;
}
