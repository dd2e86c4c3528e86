import { hasOption } from './mpirunArguments';

/** A long option by its name with underscores, and its value; undefined: left out. */
export type Option = readonly [name: string, value: string | undefined];

/**
 * `--name=value` for each option that the user's own arguments do not have, in either spelling: flags that the user
 * wrote win. Underscores are what every version of PyTorch's and Hugging Face's launchers accepts.
 */
export function longOptions(options: readonly Option[], args: readonly string[]): string[] {
  return options.flatMap(([name, value]) =>
    value === undefined || hasOption(args, name, name.replaceAll('_', '-')) ? [] : [`--${name}=${value}`],
  );
}
