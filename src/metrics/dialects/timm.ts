import type { Dialect, ReadLine, Reading } from './dialect';
import { decimal } from './number';
import { Values } from './values';

/**
 * `train.py` of timm: `Train: 0 [  50/1251 (  4%)]  Loss: 6.9 (6.9)  Time: 0.4s,  640.1/s  (0.5s,  500.0/s)  LR: 1e-05`
 * with the current value before the average, and `Test: [  48/48]  …  Loss: 1.2 (1.3)  Acc@1: 70.0 (71.0)  …`, where the
 * averages of the last batch are those of the validation set. Rank 0 alone prints; rates count the samples of all.
 */
const train = /(?:^|\s)Train: (\d{1,9}) \[ {0,12}(\d{1,12})\/\d{1,12} \( {0,3}\d{1,3}%\)\]/;
const test = /(?:^|\s)Test(?: \(EMA\))?: \[ {0,12}(\d{1,12})\/(\d{1,12})\] {1,4}Time: /;
const loss = new RegExp(` Loss: {1,12}(${decimal})(?= |$)`);
const time = new RegExp(` Time: {1,12}(${decimal})s, {1,12}(${decimal})/s(?= |$)`);
const lr = new RegExp(` LR: {1,12}(${decimal})(?= |$)`);
const mean = (name: string): RegExp =>
  new RegExp(` ${name}: {1,12}${decimal} {1,4}\\( {0,12}(${decimal})\\)`);
const means = [
  { pattern: mean('Loss'), name: 'val_loss', scale: 1 },
  { pattern: mean('Acc@1'), name: 'val_accuracy', scale: 100 },
  { pattern: mean('Acc@5'), name: 'val_top5', scale: 100 },
] as const;

function readTrain(text: string): Values {
  const values = new Values();
  const number = (pattern: RegExp, group = 1): number | undefined => {
    const found = pattern.exec(text)?.[group];
    return found === undefined ? undefined : Number(found);
  };
  values.put('loss', number(loss));
  values.put('step_time', number(time));
  values.put('throughput', number(time, 2));
  values.put('lr', number(lr));
  return values;
}

function readTest(text: string): Values {
  const values = new Values();
  for (const { pattern, name, scale } of means) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) values.put(name, Number(found) / scale);
  }
  return values;
}

function start(): ReadLine {
  let epoch: number | undefined;
  return (line): Reading | undefined => {
    const head = line.includes('Train: ') ? train.exec(line) : null;
    if (head !== null) {
      epoch = Number(head[1]);
      const { map } = readTrain(line.slice(head.index + head[0].length));
      return { epoch, step: Number(head[2]), values: map };
    }
    const batch = line.includes('Test') ? test.exec(line) : null;
    if (batch === null) return undefined;
    const isLast = batch[1] === batch[2];
    return { epoch, step: undefined, values: isLast ? readTest(line.slice(batch.index)).map : new Map() };
  };
}

export const timm: Dialect = { name: 'timm', scope: 'job', reporters: 'rank0', start };
