import * as z from 'zod';
import { args } from './text';

export const deepspeedOptions = z
  .strictObject({ args: args('Further arguments of deepspeed, verbatim.', ['--module']) })
  .meta({ description: 'Options of the deepspeed launcher.' });

export const accelerateOptions = z
  .strictObject({
    args: args('Further arguments of `accelerate launch`, verbatim.', ['--mixed_precision', 'bf16']),
  })
  .meta({ description: 'Options of the accelerate launcher.' });
