import type * as z from 'zod';
import { text } from './text';

/** The network interface of a launcher, or several. */
export function networkInterface(given: string): z.ZodOptional<z.ZodString> {
  return text(
    /^[A-Za-z0-9][A-Za-z0-9._:@,-]*$/,
    'is not a network interface. Write a name such as `eth0`, or several separated by commas.',
  )
    .optional()
    .meta({ description: `${given} Default: one that all hosts share.`, examples: ['eth0', 'ens3'] });
}
