import type { Dialect, ReadLine } from './dialect';
import { decimal } from './number';
import { Values } from './values';

/**
 * The MNIST example of PyTorch and of Horovod: `Train Epoch: 1 [640/60000 (1%)]\tLoss: 0.31` (the step is the number of
 * samples seen in the epoch) and `Test set: Average loss: 0.05, Accuracy: 9846/10000 (98%)` or `…, Accuracy: 98.46%`.
 */
const train = new RegExp(
  `Train Epoch: (\\d{1,9}) \\[ {0,12}(\\d{1,12})/\\d{1,12} \\(.{1,8}\\)\\]\\s{1,4}[Ll]oss: (${decimal})(?=\\s|$)`,
);
const test = new RegExp(
  `Test set: Average loss: (${decimal}), Accuracy: (?:(\\d{1,12})/(\\d{1,12}) |(${decimal})%)`,
);

function start(): ReadLine {
  let epoch: number | undefined;
  return (line) => {
    if (!line.includes(' Epoch: ') && !line.includes('Test set: ')) return undefined;
    const values = new Values();
    const head = train.exec(line);
    if (head !== null) {
      epoch = Number(head[1]);
      values.put('loss', Number(head[3]));
      return { epoch, step: Number(head[2]), values: values.map };
    }
    const match = test.exec(line);
    if (match === null) return undefined;
    values.put('val_loss', Number(match[1]));
    const percent = match[4];
    const fraction = percent === undefined ? Number(match[2]) / Number(match[3]) : Number(percent) / 100;
    values.put('val_accuracy', fraction);
    return { epoch, step: undefined, values: values.map };
  };
}

export const pytorchMnist: Dialect = {
  name: 'PyTorch MNIST example',
  scope: 'worker',
  reporters: 'every',
  start,
};
