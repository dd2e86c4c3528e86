import * as z from 'zod';
import { launcherNames, preflightChecks } from '../model';
import { accelerateOptions, deepspeedOptions } from './argsOptions';
import { horovodrunOptions } from './horovodrunOptions';
import { metricPattern } from './metricPattern';
import { mpirunOptions } from './mpirunOptions';
import { mxnetOptions } from './mxnetOptions';
import { matrix, parallel, params, presets, repeat } from './parameterSchema';
import { rayOptions } from './rayOptions';
import { slurmOptions } from './slurmOptions';
import { sshOptions } from './sshOptions';
import { args, command, env, insideGlob, insidePath, text, whole, word } from './text';
import { torchrunOptions } from './torchrunOptions';

const seconds = whole(0, 3600);

const launcher = z.enum(launcherNames).meta({
  description:
    '`ssh`: one process per slot with RANK, WORLD_SIZE, MASTER_ADDR, …; `mpirun`: Open MPI; `horovodrun`; `torchrun`; `deepspeed`; `accelerate`; `mxnet`; `ray`; `slurm`: sbatch and srun.',
  examples: [...launcherNames],
});

const checkout = z
  .strictObject({
    repository: text(
      /^(?:(?:https?|ssh|git|file):\/\/|[A-Za-z0-9_.][A-Za-z0-9_.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:|\/|~\/)[!-~]+$/,
      'is not a repository. Write `https://…`, `ssh://…`, `user@host:path`, or an absolute path on the hosts.',
    ).meta({
      description: 'The git repository, as the hosts reach it.',
      examples: ['https://github.com/diux-dev/cluster.git', 'git@example.com:me/train.git'],
    }),
    ref: text(/^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./+@-]{0,199}$/, 'is not a commit, tag or branch.').meta({
      description: 'Commit, tag or branch.',
      examples: ['main', 'v1.2', '3f2c9e1'],
    }),
  })
  .meta({
    description:
      'A commit of a git repository put into the workdir before the start; another way than `files`.',
  });

const resume = z
  .strictObject({
    newest: insideGlob.meta({
      description: 'Files to go on from, below the workdir; the newest is taken.',
      examples: ['checkpoints/*.pt'],
    }),
    args: args('Added to a command that is a list; `${checkpoint}` is the file.', [
      '--resume',
      '${checkpoint}',
    ]),
  })
  .meta({
    description: 'How to go on from the newest checkpoint. CHECKPOINT in the environment names the file.',
  });

const stop = z
  .strictObject({
    interruptSeconds: seconds
      .default(10)
      .meta({ description: 'Seconds to wait after SIGINT before SIGTERM.', examples: [10, 120] }),
    terminateSeconds: seconds
      .default(10)
      .meta({ description: 'Seconds to wait after SIGTERM before SIGKILL.', examples: [10] }),
  })
  .prefault({})
  .meta({ description: 'How long Stop waits before each harder signal.' });

export const launchSchema = z.strictObject({
  cluster: z
    .string()
    .meta({ description: 'A name from `clusters:`, or `practice`.', examples: ['lab', 'practice'] }),
  launcher,
  command: command.optional().meta({
    description:
      'What every process runs. Text runs unchanged in bash as a login shell on the host; a list is literal arguments. Left out with `slurm: { script: … }`.',
    examples: ['python train.py --epochs 10', ['python', 'train.py', '--epochs', '10']],
  }),
  np: whole(1, 1_000_000)
    .optional()
    .meta({ description: 'Number of processes. Default: the sum of the slots.', examples: [8] }),
  nodes: whole(1, 100_000)
    .optional()
    .meta({
      description: 'Hosts to use, in the order of the cluster. Default: all; Slurm: 1.',
      examples: [4],
    }),
  gpus: whole(0, 1024)
    .optional()
    .meta({ description: 'GPUs on each host.', examples: [4] }),
  partition: text(word, 'is not a partition. Write one word, without spaces, quotes or `#`.')
    .optional()
    .meta({ description: 'Slurm partition, short for `slurm: { partition: … }`.', examples: ['gpu'] }),
  env: env.optional(),
  files: z
    .array(insidePath)
    .default([])
    .meta({
      description: 'Files and folders copied to the workdir before the start, relative to this file.',
      examples: [['train.py', 'data/']],
    }),
  checkout: checkout.optional(),
  setupScript: insidePath.optional().meta({
    description:
      'A script run on every host before the start, once for the same content and file system. Relative to this file.',
    examples: ['setup/setup_env.sh'],
  }),
  onWorkerExit: z
    .enum(['stop', 'keep'])
    .default('stop')
    .meta({
      description:
        'When one process ends with an error: stop the others, or keep them. Carried out while Rankwise follows.',
      examples: ['stop', 'keep'],
    }),
  stop,
  joinSeconds: whole(1, 86_400)
    .default(120)
    .meta({ description: 'Seconds within which every worker must have started.', examples: [120, 600] }),
  skipChecks: z
    .array(z.enum(preflightChecks))
    .default([])
    .meta({
      description: `Checks before the start to leave out: ${preflightChecks.join(', ')}.`,
      examples: [['clock', 'gpus']],
    }),
  params,
  presets,
  matrix: matrix.optional(),
  repeat,
  parallel,
  metrics: z
    .array(metricPattern)
    .default([])
    .meta({
      description: 'Metrics in lines of the log that Rankwise does not know by itself.',
      examples: [[{ name: 'loss', pattern: 'loss is ([0-9.]+)' }]],
    }),
  config: insidePath.optional().meta({
    description: 'The training config file (JSON), relative to this file.',
    examples: ['config.json'],
  }),
  outputs: z
    .array(insideGlob)
    .default([])
    .meta({
      description: 'What the run produces, as globs below the workdir.',
      examples: [['checkpoints/*.pt', 'logs/**']],
    }),
  packages: z
    .array(text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'is not the name of a Python package.'))
    .default([])
    .meta({
      description: 'Python packages whose versions are stored with the run.',
      examples: [['torch', 'horovod']],
    }),
  resume: resume.optional(),
  mpirun: mpirunOptions.prefault({}),
  horovodrun: horovodrunOptions.prefault({}),
  torchrun: torchrunOptions.prefault({}),
  deepspeed: deepspeedOptions.prefault({}),
  accelerate: accelerateOptions.prefault({}),
  mxnet: mxnetOptions.prefault({}),
  ray: rayOptions.prefault({}),
  slurm: slurmOptions.prefault({}),
  ssh: sshOptions.prefault({}),
});

export type LaunchSpec = z.infer<typeof launchSchema>;
