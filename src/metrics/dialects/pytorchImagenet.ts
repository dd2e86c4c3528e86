import type { MetricName } from '../point';
import { plausible, type Dialect, type ReadLine, type Reading } from './dialect';
import { Values } from './values';

/**
 * The ImageNet example of PyTorch (`ProgressMeter`) and the many programs that began as a copy of it: fields
 * between tabs, each `Name current (average)`. The current value is read. Whatever stands in front is skipped.
 */
const trainHead = /\bEpoch: ?\[(\d{1,9})\]\[ {0,12}(\d{1,12})\/\d{1,12}\]\t/;
const testHead = /\bTest: {0,2}(?:\[\d{1,9}\])?\[ {0,12}\d{1,12}\/\d{1,12}\]\t/;
const number = '[-+]?\\d[\\d.]{0,30}(?:e[-+]?\\d{1,4})?';
const field = new RegExp(`^ {0,12}([A-Za-z]{1,12}(?:@\\d)?) {1,12}(${number})(?= |$)`);
const speed = new RegExp(`^ {0,12}(${number}) (?:samples|images|img)/s(?:ec)?\\b`);
const summary = new RegExp(
  `(?:^|[\\s:])\\* {1,12}(?:Acc|Prec)@1 {1,12}(${number})(?: {1,12}(?:Acc|Prec)@5 {1,12}(${number}))?(?= |$)`,
);

/** Names of the meters, and what their value is divided by. */
const meters: Readonly<Record<string, { name: MetricName; scale: number }>> = {
  Time: { name: 'step_time', scale: 1 },
  Loss: { name: 'loss', scale: 1 },
  'Acc@1': { name: 'accuracy', scale: 100 },
  'Prec@1': { name: 'accuracy', scale: 100 },
  'Acc@5': { name: 'top5', scale: 100 },
  'Prec@5': { name: 'top5', scale: 100 },
};

function readFields(text: string): Map<MetricName, number> {
  const values = new Map<MetricName, number>();
  const put = (name: MetricName, read: number): void => {
    const value = plausible(name, read);
    if (value !== undefined) values.set(name, value);
  };
  for (const part of text.split('\t')) {
    const rate = speed.exec(part);
    if (rate !== null) put('throughput', Number(rate[1]));
    const match = field.exec(part);
    if (match === null) continue;
    const meter = Object.hasOwn(meters, match[1] ?? '') ? meters[match[1] ?? ''] : undefined;
    if (meter !== undefined) put(meter.name, Number(match[2]) / meter.scale);
  }
  return values;
}

function readSummary(line: string, epoch: number | undefined): Reading | undefined {
  const whole = line.includes('@1') ? summary.exec(line) : null;
  if (whole === null) return undefined;
  const values = new Values();
  values.put('val_accuracy', Number(whole[1]) / 100);
  if (whole[2] !== undefined) values.put('val_top5', Number(whole[2]) / 100);
  return { epoch, step: undefined, values: values.map };
}

function start(): ReadLine {
  let epoch: number | undefined;
  return (line) => {
    const head = line.includes('Epoch:') ? trainHead.exec(line) : null;
    if (head !== null) {
      epoch = Number(head[1]);
      return { epoch, step: Number(head[2]), values: readFields(line.slice(head.index + head[0].length)) };
    }
    // A batch of the validation set is not the validation accuracy; the summary line after the last one is, and it is
    // of the epoch that was trained before.
    if (line.includes('Test:') && testHead.test(line)) return { epoch, step: undefined, values: new Map() };
    return readSummary(line, epoch);
  };
}

export const pytorchImagenet: Dialect = {
  name: 'PyTorch ImageNet example',
  scope: 'worker',
  reporters: 'every',
  start,
};
