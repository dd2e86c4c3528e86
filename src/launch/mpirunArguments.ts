import type { MpirunOptions } from '../config/model';

/** Whether the user's verbatim arguments hold an option, written with one dash or two. */
export function hasOption(args: readonly string[], ...names: string[]): boolean {
  return args.some((arg) => names.some((name) => arg === `-${name}` || arg === `--${name}`));
}

/** Names of MCA parameters the user set, as `mca:` keys or verbatim as `-mca NAME VALUE`. */
function ownMca({ mca, args }: MpirunOptions): Set<string> {
  const verbatim = args.filter((_, index) => hasOption(args.slice(index - 1, index), 'mca', 'gmca'));
  return new Set([...Object.keys(mca), ...verbatim]);
}

/** The option unless the user's own arguments have it: flags that the user wrote win. */
export function unlessOwn(
  args: readonly string[],
  names: readonly string[],
  value: readonly string[],
): string[] {
  return hasOption(args, ...names) ? [] : [...value];
}

/** `-mca NAME VALUE` for each entry the user did not set. */
export function mcaDefaults(options: MpirunOptions, defaults: Readonly<Record<string, string>>): string[] {
  const own = ownMca(options);
  return Object.entries(defaults)
    .filter(([name]) => !own.has(name))
    .flatMap(([name, value]) => ['-mca', name, value]);
}

/** Names for `-x NAME`; values never stand in arguments, where `ps` would show them to everybody. */
export function exportedNames(options: MpirunOptions, env: Readonly<Record<string, string>>): string[] {
  return [...new Set(['RANKWISE_RUN_ID', ...options.x, ...Object.keys(env)])];
}
