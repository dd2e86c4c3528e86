import * as z from 'zod';
import { args, insidePath, literal, literalText, text, whole, word } from './text';

const one = (what: string): string => `is not ${what}. Write one word, without spaces, quotes or \`#\`.`;

/** What a cluster may say for all its launches. */
const shared = {
  partition: text(word, one('a partition'))
    .optional()
    .meta({ description: '`--partition`.', examples: ['gpu', 'gpgpu-1'] }),
  account: text(word, one('an account'))
    .optional()
    .meta({ description: '`--account`.', examples: ['proj42'] }),
  qos: text(word, one('a QOS'))
    .optional()
    .meta({ description: '`--qos`.', examples: ['normal'] }),
  constraint: text(/^[A-Za-z0-9_[(][A-Za-z0-9_.,:=&|*()[\]-]*$/, one('a constraint'))
    .optional()
    .meta({ description: '`--constraint`: features of the nodes.', examples: ['a100', 'ib&a100'] }),
  time: literalText(
    /^(?:\d+(?::\d+){0,2}|\d+-\d+(?::\d+){0,2}|UNLIMITED|INFINITE)$/,
    'is not a time limit. Write minutes, `hours:minutes:seconds` or `days-hours:minutes:seconds`, in quotes.',
  )
    .optional()
    .meta({
      description: '`--time`: minutes, `h:m:s`, `d-h`, `d-h:m:s`. `m:s` is minutes and seconds.',
      examples: ['48:00:00', '2-12', 30],
    }),
  mem: literalText(
    /^\d+(?:[KMGTkmgt][Bb]?)?$/,
    'is not a size. Write a whole number and K, M, G or T, such as `10G`.',
  )
    .optional()
    .meta({ description: '`--mem`: memory per node; megabytes without a unit.', examples: ['10G'] }),
  gres: text(/^[A-Za-z][A-Za-z0-9_.:,=/*()-]*$/, one('a generic resource'))
    .optional()
    .meta({
      description: '`--gres`. Default: `gpu:N` where the launch says `gpus: N`.',
      examples: ['gpu:4', 'gpu:a100:2'],
    }),
  cpusPerTask: whole(1, 65536)
    .optional()
    .meta({ description: '`--cpus-per-task`.', examples: [16] }),
  ntasksPerNode: whole(1, 65536)
    .optional()
    .meta({
      description: '`--ntasks-per-node`: one for each GPU with torch DDP and Lightning, 1 with Ray.',
      examples: [1, 4],
    }),
  requeue: z
    .boolean()
    .optional()
    .meta({ description: '`--requeue` or `--no-requeue`. Default: as the site has it.', examples: [true] }),
  exclusive: z
    .boolean()
    .optional()
    .meta({ description: '`--exclusive`: no other job on the nodes.', examples: [true] }),
};

/** `slurm:` of a launch. */
export const slurmOptions = z
  .strictObject({
    script: insidePath.optional().meta({
      description:
        'Your own sbatch script, relative to this file, submitted as it is. Default: one is made from the launch.',
      examples: ['train.sbatch'],
    }),
    ...shared,
    array: literalText(
      /^\d+(?:-\d+(?::\d+)?)?(?:,\d+(?:-\d+(?::\d+)?)?)*(?:%\d+)?$/,
      'is not an array. Write indices such as `0-15`, `1,3,5` or `0-15%4`.',
    )
      .optional()
      .meta({ description: '`--array`: indices, `%N` for at most N at a time.', examples: ['0-15%4'] }),
    dependency: text(/^[A-Za-z][A-Za-z0-9_:,?+-]*$/, one('a dependency'))
      .optional()
      .meta({ description: '`--dependency`.', examples: ['afterok:48213', 'singleton'] }),
    after: z
      .array(z.string())
      .default([])
      .meta({
        description: 'Launches whose newest run has to succeed first (`--dependency=afterok:…`).',
        examples: [['prepare']],
      }),
    args: args('Further arguments of sbatch, verbatim; they win.', ['--mail-type=END']),
    srun: args('Further arguments of srun.', ['--cpu-bind=none']),
  })
  .meta({ description: 'Options of sbatch and srun.' });

/** `slurm:` of a cluster. */
export const slurmDefaults = z
  .strictObject({
    ...shared,
    args: z
      .array(literal)
      .optional()
      .meta({
        description: 'Further arguments of sbatch for all launches, verbatim.',
        examples: [['--mail-type=END']],
      }),
    pollSeconds: whole(10, 3600)
      .default(30)
      .meta({
        description: 'Least seconds between two questions to the controller about all jobs.',
        examples: [30, 60],
      }),
  })
  .meta({ description: 'What all launches on this Slurm cluster say to sbatch unless they say otherwise.' });
