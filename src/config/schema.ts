import * as z from 'zod';
import {
  addressPattern,
  entryNamePattern,
  environmentNamePattern,
  hostNamePattern,
  hostTextPattern,
  insidePathPattern,
  linePattern,
  proxyJumpPattern,
  remotePathPattern,
  userPattern,
} from './names';

/*
 * The single source of `rankwise.yaml`: types, checks, and the published JSON schema with the descriptions and examples
 * that hover and completion show.
 */

/** Launchers that the design names and this version cannot run yet. */
export const reservedLaunchers: readonly string[] = ['ray', 'slurm', 'mxnet', 'torchrun'];

/** A key whose meaning is settled but which this version does not carry out: refused, never ignored. */
function reserved(meaning: string): z.ZodOptional<z.ZodNever> {
  return z
    .never()
    .optional()
    .meta({ description: `${meaning} (not supported by this version).` });
}

function text(pattern: RegExp, error: string): z.ZodString {
  return z.string().regex(pattern, { error });
}

function whole(from: number, to: number): z.ZodInt {
  return z.int().min(from).max(to);
}

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const oneLine = 'must be text on one line. Remove the line break or control character.';

const port = whole(1, 65535).meta({ description: 'SSH port.', examples: [22, 2222] });
const user = text(
  userPattern,
  'is not a user name. Use letters, digits and `_ . + @ -`, not beginning with a dash.',
).meta({
  description: 'User to sign in as. Default: what OpenSSH’s configuration says.',
  examples: ['ubuntu'],
});
const identityFile = text(
  remotePathPattern,
  'must be a path on one line, `~/…`, absolute, or relative to this file.',
).meta({
  description: 'Private key, tried before the agent’s. `~/…`, absolute, or relative to this file.',
  examples: ['~/.ssh/id_ed25519', 'keys/cluster.pem'],
});
const proxyJump = text(
  proxyJumpPattern,
  'is not a list of hops. Write `host`, `user@host:port`, or several separated by commas.',
).meta({
  description: 'Hosts to go through, as OpenSSH’s ProxyJump.',
  examples: ['bastion.example.com', 'me@gate:2222'],
});

const env = z
  .record(
    text(
      environmentNamePattern,
      'is not a name for the environment. Use letters, digits and `_`, not beginning with a digit or with RANKWISE_.',
    ),
    scalar,
  )
  .meta({
    description: 'Environment of the command. Values are literal text: nothing in them is expanded.',
    examples: [{ NCCL_DEBUG: 'INFO', OMP_NUM_THREADS: 1 }],
  });

const host = z
  .strictObject({
    host: text(addressPattern, 'is not a host name or address. It begins with a letter or digit.').meta({
      description: 'Name or address as one gives it to `ssh`.',
      examples: ['10.0.0.5', 'gpu1.example.com'],
    }),
    name: text(hostNamePattern, 'is not a name for a host. Use letters, digits and `. _ -`.')
      .optional()
      .meta({ description: 'Name in rows, logs and run directories. Default: `host`.', examples: ['node1'] }),
    peer: text(addressPattern, 'is not a host name or address. It begins with a letter or digit.')
      .optional()
      .meta({
        description: 'Name or address by which the other hosts reach it. Default: `host`.',
        examples: ['10.0.0.5'],
      }),
    user: user.optional(),
    port: port.optional(),
    slots: whole(1, 65536)
      .optional()
      .meta({
        description: 'Processes that fit on it. Default: 1 for ssh, the cores of the machine for mpirun.',
        examples: [4],
      }),
    identityFile: identityFile.optional(),
    proxyJump: proxyJump.optional(),
    gpus: reserved('GPUs of the host'),
  })
  .meta({
    description: 'A host with what differs from the cluster.',
    examples: [{ host: '10.0.0.5', slots: 4 }],
  });

const hostText = text(
  hostTextPattern,
  'is not a host. Write `host`, `user@host` or `user@host:port`; for slots write `{ host: node1, slots: 4 }`.',
).meta({
  description: '`host`, `user@host` or `user@host:port`.',
  examples: ['node1', 'ubuntu@10.0.0.5:2222'],
});

export const clusterSchema = z.strictObject({
  hosts: z
    .union([
      text(linePattern, oneLine).meta({
        description: 'A hostfile; the path is relative to this file.',
        examples: ['hosts'],
      }),
      z.array(z.union([hostText, host])).min(1),
    ])
    .meta({
      description:
        'The hosts: the path of a hostfile, or a list of `user@host:port` or `{ host: …, slots: … }`.',
      examples: ['hosts', ['node1', 'node2'], [{ host: '10.0.0.5', slots: 4 }]],
    }),
  user: user.optional(),
  port: port.optional(),
  identityFile: identityFile.optional(),
  proxyJump: proxyJump.optional(),
  workdir: text(
    remotePathPattern,
    'must be a path on one line: absolute, `~/…`, or relative to the home directory.',
  )
    .optional()
    .meta({
      description: 'Directory on the hosts in which commands run. Default: the home directory.',
      examples: ['~/project', '/scratch/me/project'],
    }),
  setup: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({
      description: 'Lines run before every command in the same login shell.',
      examples: ['source ~/venv/bin/activate', ['module load cuda', 'conda activate train']],
    }),
  env: env.optional(),
  login: reserved('A Slurm login node'),
  head: reserved('The host that reaches the others'),
  nodes: reserved('Number of nodes'),
  gpus: reserved('GPUs of each host'),
  partition: reserved('Slurm partition'),
});

const seconds = whole(0, 3600);
const command = z.union([z.string(), z.array(scalar)]);

const mpirun = z
  .strictObject({
    mca: z
      .record(
        text(/^[A-Za-z0-9_]+$/, 'is not the name of an MCA parameter. Use letters, digits and `_`.'),
        scalar,
      )
      .default({})
      .meta({
        description: 'MCA parameters, each given as `-mca KEY VALUE`.',
        examples: [{ pml: 'ob1', btl: '^openib', btl_tcp_if_include: 'eth0' }],
      }),
    x: z
      .array(z.string())
      .default([])
      .meta({
        description:
          'Names of variables of the launching shell to pass on with `-x NAME`. Those in `env:` are passed anyway.',
        examples: [['PATH', 'LD_LIBRARY_PATH']],
      }),
    bindTo: text(/^[A-Za-z0-9][A-Za-z0-9:,_-]*$/, 'is not a binding. Write `none`, `core`, `socket`, …')
      .optional()
      .meta({ description: 'Given as `-bind-to`.', examples: ['none', 'socket', 'core'] }),
    mapBy: text(/^[A-Za-z0-9][A-Za-z0-9:,=_-]*$/, 'is not a mapping. Write `slot`, `node`, `ppr:2:node`, …')
      .optional()
      .meta({ description: 'Given as `-map-by`.', examples: ['slot', 'node', 'ppr:2:node'] }),
    args: z
      .array(scalar)
      .default([])
      .meta({
        description:
          'Further arguments of mpirun, verbatim. A flag here wins over what Rankwise would choose.',
        examples: [['--oversubscribe'], ['--tag-output']],
      }),
  })
  .meta({ description: 'Options of the mpirun launcher.' });

export const launchSchema = z.strictObject({
  cluster: z
    .string()
    .meta({ description: 'A name from `clusters:`, or `practice`.', examples: ['lab', 'practice'] }),
  launcher: z.enum(['ssh', 'mpirun']).meta({
    description: '`ssh`: one process per slot with RANK, WORLD_SIZE, MASTER_ADDR, …; `mpirun`: Open MPI.',
    examples: ['ssh', 'mpirun'],
  }),
  command: command.meta({
    description:
      'What every process runs. Text runs unchanged in bash as a login shell on the host; a list is literal arguments.',
    examples: ['python train.py --epochs 10', ['python', 'train.py', '--epochs', '10']],
  }),
  np: whole(1, 1_000_000)
    .optional()
    .meta({ description: 'Number of processes. Default: the sum of the slots.', examples: [8] }),
  env: env.optional(),
  files: z
    .array(
      text(
        insidePathPattern,
        'must be a file or folder below the folder of this file. Write a relative path without `..`.',
      ),
    )
    .default([])
    .meta({
      description: 'Files and folders copied to the workdir before the start, relative to this file.',
      examples: [['train.py', 'data/']],
    }),
  onWorkerExit: z
    .enum(['stop', 'keep'])
    .default('stop')
    .meta({
      description:
        'When one process ends with an error: stop the others, or keep them. Carried out while Rankwise follows.',
      examples: ['stop', 'keep'],
    }),
  stop: z
    .strictObject({
      interruptSeconds: seconds
        .default(10)
        .meta({ description: 'Seconds to wait after SIGINT before SIGTERM.', examples: [10, 120] }),
      terminateSeconds: seconds
        .default(10)
        .meta({ description: 'Seconds to wait after SIGTERM before SIGKILL.', examples: [10] }),
    })
    .prefault({})
    .meta({ description: 'How long Stop waits before each harder signal.' }),
  mpirun: mpirun.prefault({}),
  ssh: z.strictObject({}).optional().meta({ description: 'Options of the ssh launcher: none yet.' }),
  nodes: reserved('Number of nodes'),
  gpus: reserved('GPUs for each process'),
  partition: reserved('Slurm partition'),
  config: reserved('A training config file'),
  metrics: reserved('Patterns of metrics in the log'),
  matrix: reserved('Varies parameters or resources'),
  repeat: reserved('Runs of each combination'),
  params: reserved('Parameters with defaults'),
  presets: reserved('Named sets of parameters'),
  outputs: reserved('Files that the run produces'),
  parallel: reserved('Runs at the same time'),
  packages: reserved('Packages whose versions are stored with the run'),
  ray: reserved('Options of the ray launcher'),
  slurm: reserved('Options of the slurm launcher'),
  mxnet: reserved('Options of the mxnet launcher'),
  torchrun: reserved('Options of the torchrun launcher'),
});

const entryName = text(entryNamePattern, 'is not a name. Use up to 100 characters on one line.');

export const rankwiseSchema = z
  .strictObject({
    version: z.literal(1).meta({ description: 'Version of this format.', examples: [1] }),
    clusters: z
      .record(
        entryName,
        clusterSchema.meta({ description: 'A cluster: hosts, how to reach them, and defaults.' }),
      )
      .optional()
      .meta({ description: 'Clusters by name. `practice` is built in.' }),
    launches: z
      .record(
        entryName,
        launchSchema.meta({ description: 'A launch: cluster, launcher, command and resources.' }),
      )
      .optional()
      .meta({ description: 'Launches by name.' }),
  })
  .meta({ title: 'rankwise.yaml', description: 'Clusters and launches of Rankwise.' });

export type ClusterSpec = z.infer<typeof clusterSchema>;
export type LaunchSpec = z.infer<typeof launchSchema>;

/** The published JSON schema (draft 7, as editors read it): what may be written, before defaults are filled in. */
export function rankwiseJsonSchema(): unknown {
  return z.toJSONSchema(rankwiseSchema, { io: 'input', target: 'draft-7' });
}
