import * as z from 'zod';
import { args, whole } from './text';

export const torchrunOptions = z
  .strictObject({
    program: z
      .enum(['torchrun', 'torch.distributed.launch'])
      .default('torchrun')
      .meta({
        description: '`torchrun`, or `python -m torch.distributed.launch` for old versions of PyTorch.',
        examples: ['torchrun', 'torch.distributed.launch'],
      }),
    rendezvous: z
      .enum(['static', 'c10d'])
      .default('static')
      .meta({
        description: 'How the hosts meet: `static` (ranks by the order of the hosts) or `c10d` (elastic).',
        examples: ['static', 'c10d'],
      }),
    minNodes: whole(1, 100_000)
      .optional()
      .meta({
        description:
          'Fewest hosts an elastic job goes on with (`--nnodes MIN:MAX`). Default: all. Needs `rendezvous: c10d`.',
        examples: [2],
      }),
    maxRestarts: whole(0, 1000)
      .default(0)
      .meta({ description: '`--max-restarts`: times the workers are started again.', examples: [3] }),
    args: args('Further arguments of torchrun, verbatim.', ['--log-line-prefix-template', '']),
  })
  .meta({ description: 'Options of the torchrun launcher.' });
