import type { MetricName, Scope } from '../point';

/** What one line says. */
export interface Reading {
  epoch: number | undefined;
  step: number | undefined;
  /** Finite numbers in the units of {@link unitOf}; one name at most once. */
  values: ReadonlyMap<MetricName, number>;
}

/** One format of training logs. */
export interface Dialect {
  name: string;
  /** Whose numbers these lines carry. */
  scope: Scope;
  /**
   * Undefined when the line is not of this dialect; a reading without values when it is, but says nothing that is
   * plotted. Total: never throws, linear in the length of the line. Given text without escape sequences.
   */
  read(line: string): Reading | undefined;
}

/** The unit in which points of this name are given: `samples/s`, `s`, or empty. */
export function unitOf(name: MetricName): string {
  switch (name) {
    case 'throughput':
      return 'samples/s';
    case 'step_time':
    case 'epoch_time':
    case 'run_time':
    case 'compute_time':
    case 'wait_time':
      return 's';
    case 'accuracy':
    case 'val_accuracy':
    case 'train_accuracy':
    case 'top5':
    case 'loss':
    case 'val_loss':
    case 'lr':
      return '';
  }
}

/** True for names whose values are fractions 0-1 and are often printed in percent. */
export function isFraction(name: MetricName): boolean {
  return name === 'accuracy' || name === 'val_accuracy' || name === 'train_accuracy' || name === 'top5';
}

/** The value if a metric of this name can have it: finite, fractions 0-1, times and throughput not negative. */
export function plausible(name: MetricName, value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (isFraction(name)) return value >= 0 && value <= 1 ? value : undefined;
  if (unitOf(name) !== '' && value < 0) return undefined;
  return value;
}
