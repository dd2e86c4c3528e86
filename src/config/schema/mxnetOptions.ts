import * as z from 'zod';
import { remotePathPattern } from '../names';
import { networkInterface } from './networkInterface';
import { args, text, whole } from './text';

const remotePath = text(
  remotePathPattern,
  'must be a path on one line: absolute, `~/…`, or relative to the workdir.',
);

export const mxnetOptions = z
  .strictObject({
    servers: whole(0, 65536)
      .optional()
      .meta({ description: 'Parameter servers (`-s`). Default: as many as workers.', examples: [2] }),
    launchPy: remotePath.optional().meta({
      description:
        'Your own `launch.py` on the head. Default: Rankwise starts scheduler, servers and workers itself.',
      examples: ['../../tools/launch.py', '~/mxnet/tools/launch.py'],
    }),
    tracker: z
      .enum(['local', 'ssh', 'mpi', 'sge', 'yarn'])
      .default('ssh')
      .meta({ description: '`--launcher` of launch.py.', examples: ['ssh', 'mpi'] }),
    syncDstDir: remotePath
      .optional()
      .meta({ description: '`--sync-dst-dir` of launch.py.', examples: ['/tmp/mxnet'] }),
    interface: networkInterface('DMLC_INTERFACE.'),
    args: args('Further arguments of launch.py, verbatim.', ['--env', 'OMP_NUM_THREADS:4']),
  })
  .meta({ description: 'Options of the mxnet launcher.' });
