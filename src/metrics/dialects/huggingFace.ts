import type { MetricName } from '../point';
import type { Dialect, Reading } from './dialect';
import { readDict } from './pythonDict';
import { Values } from './values';

/**
 * The dictionaries that `Trainer` of Hugging Face transformers prints: `{'loss': 0.4, 'learning_rate': 5e-05, 'epoch':
 * 1.0}`, `{'eval_loss': …}`, `{'train_runtime': …}`. Epochs are fractions and the only place that is told: the bars between
 * are redrawn too seldom to give the step. Numbers may stand in quotes (5.x). Rank 0 alone prints, and losses and rates
 * are of the whole job. A loss without what only `Trainer` adds to it is somebody else's dictionary.
 */
const head = /\{'(?:loss(?=': .{1,80}'(?:grad_norm|learning_rate)')|eval_[\w/]{1,60}|train_runtime)': /;
const names: Readonly<Record<string, MetricName>> = {
  loss: 'loss',
  learning_rate: 'lr',
  eval_loss: 'val_loss',
  eval_accuracy: 'val_accuracy',
  train_runtime: 'run_time',
  train_samples_per_second: 'throughput',
};

function read(line: string): Reading | undefined {
  const match = line.includes("{'") ? head.exec(line) : null;
  if (match === null) return undefined;
  const dict = readDict(line.slice(match.index));
  const epoch = dict.get('epoch');
  if (epoch === undefined) return undefined;
  const values = new Values();
  for (const [key, value] of dict) {
    const name = Object.hasOwn(names, key) ? names[key] : undefined;
    if (name !== undefined) values.put(name, value);
  }
  return { epoch, step: undefined, values: values.map };
}

export const huggingFace: Dialect = {
  name: 'Hugging Face Trainer',
  scope: 'job',
  reporters: 'rank0',
  start: () => read,
};
