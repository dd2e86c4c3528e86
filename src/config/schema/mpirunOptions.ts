import * as z from 'zod';
import { args, literal, text } from './text';

export const mpirunOptions = z
  .strictObject({
    mca: z
      .record(
        text(/^[A-Za-z0-9_]+$/, 'is not the name of an MCA parameter. Use letters, digits and `_`.'),
        literal,
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
    args: args(
      'Further arguments of mpirun, verbatim. A flag here wins over what Rankwise would choose.',
      ['--oversubscribe'],
      ['--tag-output'],
    ),
  })
  .meta({ description: 'Options of the mpirun launcher.' });
