import type { MetricName } from '../point';
import { plausible, type Dialect, type Reading } from './dialect';

/**
 * MXNet 0.9 to 1.9: `mx.callback.Speedometer`, and the end-of-epoch lines of `Module.fit`. Without a metric
 * Speedometer writes `Iter` for `Epoch`; 1.3 and later give a range of batches. Whatever a logger puts in front
 * is skipped.
 */
const head = /\b(?:Epoch|Iter)\[(\d{1,9})\]\s{1,4}/;
const batch = /^Batch ?\[(?:\d{1,12}-)?(\d{1,12})\]\s{1,4}Speed: (\d[\d.e+]{0,30}) samples\/sec/;
const cost = /^Time cost=(\d[\d.e+-]{0,30})\s*$/;
const pair = /^(Train-|Validation-)?([A-Za-z_][\w-]{0,40})=([-+]?\d[\d.e+-]{0,30})$/;

/** Metric classes of `mxnet.metric` by the name they print, in training, in `Train-` and in `Validation-` lines. */
const metrics: Readonly<
  Record<string, { batch: MetricName; train: MetricName; validation: MetricName | undefined }>
> = {
  accuracy: { batch: 'accuracy', train: 'train_accuracy', validation: 'val_accuracy' },
  top_k_accuracy_5: { batch: 'top5', train: 'top5', validation: undefined },
  'cross-entropy': { batch: 'loss', train: 'loss', validation: 'val_loss' },
  loss: { batch: 'loss', train: 'loss', validation: 'val_loss' },
};

function readPair(text: string, inBatch: boolean, values: Map<MetricName, number>): boolean {
  const match = pair.exec(text);
  if (match === null) return false;
  const names = Object.hasOwn(metrics, match[2] ?? '') ? metrics[match[2] ?? ''] : undefined;
  const name = match[1] === 'Validation-' ? names?.validation : inBatch ? names?.batch : names?.train;
  const value = name === undefined ? undefined : plausible(name, Number(match[3]));
  if (name !== undefined && value !== undefined) values.set(name, value);
  return match[1] !== undefined;
}

function read(line: string): Reading | undefined {
  const start = head.exec(line);
  if (start === null) return undefined;
  const rest = line.slice(start.index + start[0].length);
  const values = new Map<MetricName, number>();
  const epoch = Number(start[1]);

  const speed = batch.exec(rest);
  if (speed !== null) {
    const throughput = plausible('throughput', Number(speed[2]));
    if (throughput !== undefined) values.set('throughput', throughput);
    for (const field of rest.slice(speed[0].length).split('\t')) readPair(field.trim(), true, values);
    return { epoch, step: Number(speed[1]), values };
  }
  const seconds = cost.exec(rest);
  if (seconds !== null) {
    const value = plausible('epoch_time', Number(seconds[1]));
    if (value !== undefined) values.set('epoch_time', value);
    return { epoch, step: undefined, values };
  }
  return readPair(rest.trim(), false, values) ? { epoch, step: undefined, values } : undefined;
}

export const mxnet: Dialect = { name: 'MXNet', scope: 'worker', reporters: 'every', start: () => read };
