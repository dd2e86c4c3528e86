import * as z from 'zod';
import { entryNamePattern, environmentNamePattern, insidePathPattern, linePattern } from '../names';

/** Text of a form; the message goes on after the key's name. */
export function text(pattern: RegExp, error: string): z.ZodString {
  return z.string().regex(pattern, { error });
}

export function whole(from: number, to: number): z.ZodInt {
  return z.int().min(from).max(to);
}

/**
 * A value taken as text as it is written: `1.10` stays `1.10`. A pipe in this schema always means that (see
 * `asWritten`).
 */
export const literal = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** As {@link literal}, for text of a form in which numbers are common: `time: 30`. */
export function literalText(
  pattern: RegExp,
  error: string,
): z.ZodPipe<z.ZodUnion<readonly [z.ZodString, z.ZodNumber]>, z.ZodTransform<string, string | number>> {
  return z.union([text(pattern, error), z.number()]).transform(String);
}

export const oneLine = 'must be text on one line. Remove the line break or control character.';

/** A path of the workspace, below the folder of the file that names it. */
export const insidePath = text(
  insidePathPattern,
  'must be a file or folder below the folder of this file. Write a relative path without `..`.',
);

/** A glob below the workdir on the hosts. */
export const insideGlob = text(
  insidePathPattern,
  'must be a path below the workdir. Write a relative path without `..`.',
);

/** The name of an option's value that goes into one word of a command: no space, quote or `#`. */
export const word = /^[A-Za-z0-9_][A-Za-z0-9_.,:;=+@%&|*()[\]/-]*$/;

export const entryName = text(entryNamePattern, 'is not a name. Use up to 100 characters on one line.');

export const line = text(linePattern, oneLine);

export const env = z
  .record(
    text(
      environmentNamePattern,
      'is not a name for the environment. Use letters, digits and `_`, not beginning with a digit or with RANKWISE_.',
    ),
    literal,
  )
  .meta({
    description:
      'Environment of the command. Values are literal text: nothing in them is expanded but `${secret:NAME}`, `${env:NAME}` and, in a launch, parameters.',
    examples: [{ NCCL_DEBUG: 'INFO', OMP_NUM_THREADS: 1, WANDB_API_KEY: '${secret:wandb}' }],
  });

/** A list of arguments, passed on as they are written. */
export function args(description: string, ...examples: string[][]): z.ZodDefault<z.ZodArray<typeof literal>> {
  return z.array(literal).default([]).meta({ description, examples });
}

export const command = z.union([z.string(), z.array(literal)]);
