import * as z from 'zod';
import { networkInterface } from './networkInterface';
import { args } from './text';

export const horovodrunOptions = z
  .strictObject({
    controller: z
      .enum(['gloo', 'mpi'])
      .default('gloo')
      .meta({
        description: 'What starts and joins the processes: Gloo, or Open MPI (`--mpi`).',
        examples: ['gloo', 'mpi'],
      }),
    interface: networkInterface('Given as `--network-interfaces`.'),
    args: args('Further arguments of horovodrun, verbatim.', ['--autotune', '--fusion-threshold-mb', '16']),
  })
  .meta({ description: 'Options of the horovodrun launcher.' });
