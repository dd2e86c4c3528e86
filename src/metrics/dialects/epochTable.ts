import type { Dialect, Reading } from './dialect';
import { Values } from './values';

/**
 * The event lines of the 18-minute ImageNet training (diux-dev/imagenet18): `~~0\t0.01241\t\t4.248\t\t12.422`, that is
 * epoch, hours since the start, top-1 and top-5 accuracy in percent on the validation set, reduced over all workers;
 * local rank 0 of each machine prints them. A logger's time in front is skipped.
 */
const row =
  /(?:^| - )~~(\d{1,9})\t{1,2}(\d{1,9}\.\d{1,12})\t{1,2}(\d{1,3}\.\d{1,12})\t{1,2}(\d{1,3}\.\d{1,12})\s*$/;

function read(line: string): Reading | undefined {
  if (!line.includes('~~')) return undefined;
  const match = row.exec(line);
  if (match === null) return undefined;
  const values = new Values();
  values.put('run_time', Number(match[2]) * 3600);
  values.put('val_accuracy', Number(match[3]) / 100);
  values.put('val_top5', Number(match[4]) / 100);
  return { epoch: Number(match[1]), step: undefined, values: values.map };
}

export const epochTable: Dialect = {
  name: '~~epoch lines',
  scope: 'job',
  reporters: 'rank0',
  start: () => read,
};
