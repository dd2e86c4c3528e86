import type { MpirunOptions } from '../config/model';
import type { Network } from './network';

/** Whether the user's verbatim arguments hold an option, written with one dash or two. */
export function hasOption(args: readonly string[], ...names: string[]): boolean {
  return args.some((arg) =>
    names.some((name) => [`-${name}`, `--${name}`].includes(arg.replace(/=.*$/s, ''))),
  );
}

/**
 * MCA parameters the user set, as `mca:` keys or verbatim as `-mca NAME VALUE`. mpirun writes them into the command line
 * that it gives to ssh.
 */
export function ownMca({ mca, args }: MpirunOptions): Record<string, string> {
  const verbatim = args.flatMap((arg, index) => {
    const [name, value] = args.slice(index + 1, index + 3);
    return hasOption([arg], 'mca', 'gmca') && name !== undefined ? [[name, value ?? ''] as const] : [];
  });
  return { ...mca, ...Object.fromEntries(verbatim) };
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
    .filter(([name]) => !(name in own) && !(opposite(name) in own))
    .flatMap(([name, value]) => ['-mca', name, value]);
}

/** Open MPI refuses to be told both which interfaces to use and which to leave out. */
function opposite(name: string): string {
  return name.replace(/_if_include$/, '_if_exclude');
}

/** Parameters that keep Open MPI to one network: as CIDR, since interfaces may be called otherwise on each host. */
export function networkMca(network: Network | undefined): Record<string, string> {
  const where = network?.cidr ?? network?.interface;
  return where === undefined ? {} : { btl_tcp_if_include: where, oob_tcp_if_include: where };
}

/** Names of variables the user passes on with `-x NAME` or `-x NAME=VALUE` by themselves, as `x:` or verbatim. */
export function ownExports({ x, args }: MpirunOptions): string[] {
  const verbatim = args.filter((_, index) => hasOption(args.slice(index - 1, index), 'x'));
  const names = [...x, ...verbatim].map((word) => word.replace(/=.*$/s, ''));
  // They stand in a script as names: what is none is for mpirun to refuse.
  return names.filter((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
}

/** Names for `-x NAME`; values never stand in arguments, where `ps` would show them to everybody. */
export function exportedNames(options: MpirunOptions, names: readonly string[]): string[] {
  return [...new Set(['RANKWISE_RUN_ID', ...options.x, ...names])];
}
