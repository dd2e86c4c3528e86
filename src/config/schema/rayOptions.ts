import * as z from 'zod';
import { args, text, whole } from './text';

export const rayOptions = z
  .strictObject({
    address: text(
      /^(?:(?:https?|ray):\/\/)?(?:[A-Za-z0-9][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\]):[1-9][0-9]{0,4}\/?$/,
      'is not the address of a Ray cluster. Write `host:6379`, or `http://host:8265` with `mode: submit`.',
    )
      .optional()
      .meta({
        description:
          'An existing Ray cluster: `host:6379`, or `http://host:8265` to submit to. Default: Rankwise starts one for the run.',
        examples: ['10.0.0.5:6379', 'http://10.0.0.5:8265'],
      }),
    mode: z
      .enum(['driver', 'submit'])
      .default('driver')
      .meta({
        description: 'Run the command on the head as the driver, or hand it to `ray job submit`.',
        examples: ['driver', 'submit'],
      }),
    numCpus: whole(0, 65536)
      .optional()
      .meta({ description: '`--num-cpus` of each host. Default: what Ray finds.', examples: [20, 40] }),
    numGpus: whole(0, 1024)
      .optional()
      .meta({
        description: '`--num-gpus` of each host. Default: `gpus`, else what Ray finds.',
        examples: [2, 4],
      }),
    joinSeconds: whole(1, 86_400)
      .default(120)
      .meta({ description: 'Seconds to wait until every host has joined.', examples: [120, 600] }),
    headArgs: args('Further arguments of `ray start --head`, verbatim.', [
      '--object-store-memory',
      '8000000000',
    ]),
    nodeArgs: args('Further arguments of `ray start` on the other hosts, verbatim.', [
      '--object-store-memory',
      '8000000000',
    ]),
  })
  .meta({ description: 'Options of the ray launcher.' });
