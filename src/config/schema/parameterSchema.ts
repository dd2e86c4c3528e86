import * as z from 'zod';
import { parameterNamePattern } from '../names';
import { entryName, literal, text, whole } from './text';

const parameterName = text(
  parameterNamePattern,
  'is not a name for a parameter. Use letters, digits, `_` and `-`, not beginning with a digit or with RANKWISE_.',
);

const values = z.record(parameterName, literal);

export const params = values.default({}).meta({
  description:
    'Parameters with their defaults. `${params.NAME}` or `${NAME}` in list elements and in `env:`; where the command is text, a variable of the environment: `$NAME`.',
  examples: [{ lr: 0.1, epochs: 90 }],
});

export const presets = z
  .record(entryName, values)
  .default({})
  .meta({
    description: 'Named sets of parameters and of `nodes`, `gpus`, `np`, `partition`.',
    examples: [{ x4: { nodes: 4, epochs: 40 } }],
  });

const combination = values.meta({
  description: 'Values by parameter or resource.',
  examples: [{ nodes: 2, gpus: 0 }],
});

export const matrix = z
  .object({
    include: z
      .array(combination)
      .default([])
      .meta({
        description:
          'Values added to the combinations they agree with; a combination of their own where they agree with none.',
        examples: [[{ nodes: 1, gpus: 0 }]],
      }),
    exclude: z
      .array(combination)
      .default([])
      .meta({ description: 'Combinations left out.', examples: [[{ nodes: 8, gpus: 0 }]] }),
  })
  .catchall(
    z
      .array(literal)
      .min(1)
      .meta({ description: 'The values it takes, one run for each.', examples: [[2, 8]] }),
  )
  .meta({
    description:
      'Runs of every combination. An axis is a parameter or one of `nodes`, `gpus`, `np`, `partition`.',
    examples: [{ nodes: [2, 8], gpus: [0, 1] }],
  });

export const repeat = whole(1, 1000)
  .default(1)
  .meta({ description: 'Runs of each combination.', examples: [3] });

export const parallel = z
  .union([whole(1, 10_000), z.literal('slots')])
  .optional()
  .meta({
    description:
      'Runs of the matrix at the same time on the whole cluster; `slots`: one on each free slot. Default: 1; on Slurm all are submitted at once.',
    examples: [1, 'slots'],
  });
