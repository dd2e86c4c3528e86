import * as z from 'zod';
import { remotePathPattern } from '../names';
import { gpusOfHost, host, hostText, reach } from './hostSchema';
import { slurmDefaults } from './slurmOptions';
import { env, line, text } from './text';

const onHead = z
  .strictObject({
    onHead: text(
      remotePathPattern,
      'must be a path on one line: absolute, `~/…`, or relative to the home directory.',
    ).meta({
      description: 'A hostfile on the head: absolute, `~/…`, or relative to the home directory there.',
      examples: ['~/src/hosts', '/opt/deeplearning/workers'],
    }),
  })
  .meta({ description: 'A hostfile that lies on the head.', examples: [{ onHead: '~/hosts' }] });

export const clusterSchema = z.strictObject({
  hosts: z
    .union([
      line.meta({ description: 'A hostfile; the path is relative to this file.', examples: ['hosts'] }),
      z.array(z.union([hostText, host])).min(1),
      onHead,
    ])
    .optional()
    .meta({
      description:
        'The hosts: the path of a hostfile, a list of `user@host:port` or `{ host: …, slots: … }`, or `{ onHead: … }` for a hostfile on the head. A Slurm cluster has `login:` instead.',
      examples: ['hosts', ['node1', 'node2'], [{ host: '10.0.0.5', slots: 4 }], { onHead: '~/hosts' }],
    }),
  head: z
    .union([hostText, host])
    .optional()
    .meta({
      description:
        'The host that reaches the others and on which launchers run: a host of the list by its name, or a host of its own. `localhost` in a hostfile then means the head. Default: the first host.',
      examples: ['node1', { host: '54.12.0.7', peer: '10.0.0.4', user: 'ubuntu' }],
    }),
  login: z
    .union([hostText, host])
    .optional()
    .meta({
      description: 'The login node of a Slurm cluster, instead of `hosts`.',
      examples: ['me@login.example.edu', { host: 'login.example.edu', user: 'me' }],
    }),
  slurm: slurmDefaults.prefault({}),
  gpus: gpusOfHost,
  ...reach,
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
});

export type ClusterSpec = z.infer<typeof clusterSchema>;
