import type { Dialect, Reading } from './dialect';
import { decimal } from './number';
import { Values } from './values';

/**
 * DeepSpeed's engine, every `steps_per_print` steps on rank 0: `… [Rank 0] step=10, skipped=0, lr=[0.01], mom=[0.9]` and
 * `epoch=0/micro_step=10/global_step=10, RunningAvgSamplesPerSec=410.1, CurrSamplesPerSec=422.3, …` (before 0.7 without
 * the names). The rate is counted with the batch of all workers: it is of the whole job.
 */
const step = new RegExp(`\\bstep=(\\d{1,12}), skipped=\\d{1,12}, lr=\\[(${decimal})[,\\]]`);
const speed = new RegExp(
  `(?:\\bepoch=(\\d{1,9})/micro_step=\\d{1,12}/global_step=(\\d{1,12})|(?:^|\\s)(\\d{1,9})/(\\d{1,12})), ` +
    `RunningAvgSamplesPerSec=(${decimal}|nan|inf), CurrSamplesPerSec=(${decimal})(?:,|\\s|$)`,
);

function read(line: string): Reading | undefined {
  const values = new Values();
  if (line.includes('SamplesPerSec=')) {
    const match = speed.exec(line);
    if (match === null) return undefined;
    values.put('throughput', Number(match[6]));
    const [epoch, at] = [match[1] ?? match[3], match[2] ?? match[4]];
    return { epoch: Number(epoch), step: Number(at), values: values.map };
  }
  const match = line.includes('skipped=') ? step.exec(line) : null;
  if (match === null) return undefined;
  values.put('lr', Number(match[2]));
  return { epoch: undefined, step: Number(match[1]), values: values.map };
}

export const deepspeed: Dialect = { name: 'DeepSpeed', scope: 'job', reporters: 'rank0', start: () => read };
