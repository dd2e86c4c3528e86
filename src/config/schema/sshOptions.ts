import * as z from 'zod';
import { command } from './text';

export const sshOptions = z
  .strictObject({
    per: z
      .enum(['slot', 'host'])
      .default('slot')
      .meta({ description: 'One process per slot, or one per host.', examples: ['slot', 'host'] }),
    service: command.optional().meta({
      description:
        'A command that runs once, on the first host, beside the workers and ends with them: a name server.',
      examples: ['python nameserver.py', ['python', 'nameserver.py']],
    }),
  })
  .meta({ description: 'Options of the ssh launcher.' });
