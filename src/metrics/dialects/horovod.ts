import type { Dialect, Reading } from './dialect';
import { decimal } from './number';
import { Values } from './values';

/**
 * Horovod's examples. Synthetic benchmarks: `Iter #3: 187.5 img/sec per GPU` and `Img/sec per GPU: 187.2 +-1.2` are of
 * one worker, `Total img/sec on 4 GPU(s): 748.8 +-4.8` of the whole job. ImageNet: bars `Train Epoch     #1: 50%|… loss=…,
 * accuracy=…` with values averaged over all workers. tf_cnn_benchmarks: `10\timages/sec: 310.6 +/- 0.0 (jitter = 0.0)\t7.8`
 * (step, loss, and with `--print_training_accuracy` top-1 and top-5) and `total images/sec: 1240.5` of the whole job.
 */
const iteration = new RegExp(`\\bIter #(\\d{1,9}): (${decimal}) img/sec per (?:GPU|CPU)\\b`);
const rankLoss = new RegExp(`, rank \\d{1,7} loss (${decimal})(?=\\s|$)`);
const perDevice = new RegExp(`\\bImg/sec per (?:GPU|CPU): (${decimal}) ?\\+-`);
const whole = new RegExp(
  `(?:\\bTotal img/sec on \\d{1,7} (?:GPU|CPU)\\(s\\): (${decimal}) ?\\+-|^total images/sec: (${decimal})\\s*$)`,
);
const bar = new RegExp(
  `^(Train|Validate) Epoch {1,12}#(\\d{1,9}):.{0,200}?[| ](\\d{1,12})/\\d{1,12} \\[.{0,60}?, loss=(${decimal}), accuracy=(${decimal})[\\],]`,
);
const tensorflow = new RegExp(
  `^(\\d{1,12})\\timages/sec: (${decimal}) \\+/- ${decimal} \\(jitter = ${decimal}\\)(?:\\t(${decimal})(?:\\t(${decimal})\\t(${decimal}))?)?`,
);

function read(line: string): Reading | undefined {
  if (line.includes('/sec')) return readRate(line);
  const match = line.includes(' Epoch ') ? bar.exec(line) : null;
  if (match === null) return undefined;
  const validation = match[1] === 'Validate';
  const values = new Values();
  values.put(validation ? 'val_loss' : 'loss', Number(match[4]));
  values.put(validation ? 'val_accuracy' : 'accuracy', Number(match[5]) / 100);
  return { epoch: Number(match[2]), step: Number(match[3]), values: values.map, scope: 'job' };
}

function readRate(line: string): Reading | undefined {
  const values = new Values();
  const iter = iteration.exec(line);
  if (iter !== null) {
    values.put('throughput', Number(iter[2]));
    const loss = rankLoss.exec(line);
    if (loss !== null) values.put('loss', Number(loss[1]));
    return { epoch: undefined, step: Number(iter[1]), values: values.map };
  }
  const mean = perDevice.exec(line);
  if (mean !== null) {
    values.put('throughput', Number(mean[1]));
    return { epoch: undefined, step: undefined, values: values.map };
  }
  const total = whole.exec(line);
  if (total !== null) {
    values.put('throughput', Number(total[1] ?? total[2]));
    return { epoch: undefined, step: undefined, values: values.map, scope: 'job' };
  }
  const step = tensorflow.exec(line);
  if (step === null) return undefined;
  values.put('throughput', Number(step[2]));
  if (step[3] !== undefined) values.put('loss', Number(step[3]));
  if (step[4] !== undefined) values.put('accuracy', Number(step[4]));
  if (step[5] !== undefined) values.put('top5', Number(step[5]));
  return { epoch: undefined, step: Number(step[1]), values: values.map };
}

export const horovod: Dialect = {
  name: 'Horovod examples',
  scope: 'worker',
  reporters: 'rank0',
  start: () => read,
};
