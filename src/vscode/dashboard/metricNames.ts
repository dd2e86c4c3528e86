import { isKnown } from '../../metrics/dialects/dialect';
import type { KnownMetric, MetricName } from '../../metrics/point';

/** Label and unit of each metric, in the order in which a person is offered them. */
export const metricTexts: Readonly<Record<KnownMetric, { label: string; unit: string }>> = {
  throughput: { label: 'throughput', unit: 'samples/s' },
  accuracy: { label: 'accuracy', unit: '' },
  train_accuracy: { label: 'train accuracy', unit: '' },
  val_accuracy: { label: 'validation accuracy', unit: '' },
  top5: { label: 'top-5 accuracy', unit: '' },
  val_top5: { label: 'validation top-5 accuracy', unit: '' },
  loss: { label: 'loss', unit: '' },
  val_loss: { label: 'validation loss', unit: '' },
  lr: { label: 'learning rate', unit: '' },
  step_time: { label: 'step time', unit: 's' },
  compute_time: { label: 'compute time', unit: 's' },
  wait_time: { label: 'wait time', unit: 's' },
  epoch_time: { label: 'epoch time', unit: 's' },
  run_time: { label: 'run time', unit: 's' },
};

/** In the order in which a person is offered them. */
export const metricOrder = Object.keys(metricTexts) as KnownMetric[];

/** Label and unit of a metric; one that a person named keeps that name. */
export function metricText(name: MetricName): { label: string; unit: string } {
  return isKnown(name) ? metricTexts[name] : { label: name, unit: '' };
}

/** Which metric stands for the speed, the accuracy and the loss of a run: the first that its log has. */
export const speedNames = ['throughput', 'step_time'] as const satisfies MetricName[];
export const accuracyNames = [
  'accuracy',
  'train_accuracy',
  'val_accuracy',
  'top5',
] as const satisfies MetricName[];
export const lossNames = ['loss', 'val_loss'] as const satisfies MetricName[];

/**
 * What the charts show until a person chooses: speed, then accuracy, then loss, as far as the log has them, else the
 * next that it has.
 */
export function preferred(present: readonly MetricName[]): MetricName[] {
  const groups: readonly (readonly MetricName[])[] = [speedNames, accuracyNames, lossNames];
  const first = groups
    .map((names) => names.find((name) => present.includes(name)))
    .filter((name) => name !== undefined);
  return [...first, ...present.filter((name) => !first.includes(name))];
}
