import * as z from 'zod';
import { line, text } from './text';

export const metricPattern = z
  .strictObject({
    name: text(
      /^[A-Za-z][A-Za-z0-9_./-]{0,63}$/,
      'is not a name for a metric. Use letters, digits and `_ . / -`, beginning with a letter.',
    ).meta({
      description:
        'Its name. Known to Rankwise: throughput, accuracy, val_accuracy, loss, lr, step_time, epoch_time, run_time, …',
      examples: ['throughput', 'loss'],
    }),
    pattern: line.meta({
      description:
        'Regular expression with one group for the number, or named groups `value`, `step` and `epoch`.',
      examples: ['loss is ([0-9.]+)', 'step (?<step>\\d+): (?<value>[0-9.]+) images/s'],
    }),
    unit: line
      .max(30)
      .optional()
      .meta({ description: 'Its unit.', examples: ['samples/s', 's'] }),
    scope: z
      .enum(['worker', 'job'])
      .default('worker')
      .meta({
        description: '`job`: one value for all workers, which totals do not add.',
        examples: ['worker', 'job'],
      }),
  })
  .meta({
    description: 'A metric in lines of the log.',
    examples: [{ name: 'loss', pattern: 'loss is ([0-9.]+)' }],
  });
