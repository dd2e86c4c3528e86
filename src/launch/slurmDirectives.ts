import { RankwiseError } from '../base/errors';
import type { SlurmOptions } from '../config/model';
import type { LaunchSpec } from './spec';

/** Options of the launch over the defaults of its cluster; lists are joined, the launch's last, so that they win. */
export function slurmOptionsOf({ launch, cluster }: LaunchSpec): SlurmOptions {
  const defaults = cluster.slurm?.options ?? {};
  const own = Object.entries(launch.slurm).filter(([, value]) => value !== undefined);
  return {
    ...launch.slurm,
    ...defaults,
    ...(Object.fromEntries(own) as Partial<SlurmOptions>),
    after: launch.slurm.after,
    args: [...(defaults.args ?? []), ...launch.slurm.args],
    srun: [...(defaults.srun ?? []), ...launch.slurm.srun],
  };
}

/** Whether verbatim arguments of sbatch or srun hold an option: `--long`, `--long=…`, `-s`, `-svalue`. */
export function hasSlurmOption(args: readonly string[], long: string, short?: string): boolean {
  return args.some(
    (arg) =>
      arg === `--${long}` ||
      arg.startsWith(`--${long}=`) ||
      (short !== undefined && new RegExp(`^-${short}(?!-)`).test(arg)),
  );
}

/** Tasks per node where the launch does not say: one per GPU, which is what Lightning and DDP programs expect. */
export function tasksPerNode({ launch }: LaunchSpec, options: SlurmOptions): number | undefined {
  if (options.ntasksPerNode !== undefined) return options.ntasksPerNode;
  return launch.np === undefined ? launch.gpus : undefined;
}

/**
 * Options of sbatch for a launch, one list element each. What the user's own `args` hold is left out; they come last.
 * @param own options that Rankwise adds, by long name.
 */
export function sbatchOptions(spec: LaunchSpec, own: Readonly<Record<string, string>> = {}): string[] {
  const { launch } = spec;
  const options = slurmOptionsOf(spec);
  const after = options.after.map((name) => `afterok:<job of ${name}>`);
  const dependency = [...(options.dependency === undefined ? [] : [options.dependency]), ...after].join(',');
  const gres = options.gres ?? (launch.gpus === undefined ? undefined : `gpu:${launch.gpus}`);
  const values: [long: string, short: string | undefined, value: string | number | boolean | undefined][] = [
    ['job-name', 'J', launch.name],
    ['partition', 'p', options.partition],
    ['account', 'A', options.account],
    ['qos', 'q', options.qos],
    ['constraint', 'C', options.constraint],
    ['nodes', 'N', launch.nodes],
    ['ntasks', 'n', launch.np],
    ['ntasks-per-node', undefined, tasksPerNode(spec, options)],
    ['cpus-per-task', 'c', options.cpusPerTask],
    ['gres', undefined, gres === '' ? undefined : gres],
    ['mem', undefined, options.mem],
    ['time', 't', options.time],
    ['array', 'a', options.array],
    ['dependency', 'd', dependency === '' ? undefined : dependency],
    ['exclusive', undefined, options.exclusive],
    [
      options.requeue === false ? 'no-requeue' : 'requeue',
      undefined,
      options.requeue === undefined ? undefined : true,
    ],
    ...Object.entries(own).map(([long, value]): [string, string | undefined, string] => [
      long,
      { output: 'o', error: 'e' }[long],
      value,
    ]),
  ];
  const given = values.flatMap(([long, short, value]) => {
    if (value === undefined || value === false || hasSlurmOption(options.args, long, short)) return [];
    return [value === true ? `--${long}` : `--${long}=${value}`];
  });
  return [...given, ...options.args];
}

/**
 * `#SBATCH` lines for a list of arguments.
 * @throws RankwiseError `launch.slurmOption` for an argument that no such line can hold.
 */
export function directives(args: readonly string[]): string[] {
  return args.map((arg) => `#SBATCH ${quoteDirective(arg)}`);
}

/**
 * Quotes one argument as sbatch reads its directives: quotes group, a backslash takes the next character as it is, `#`
 * after a blank begins a comment. It is not a shell: nothing is expanded.
 */
function quoteDirective(arg: string): string {
  // eslint-disable-next-line no-control-regex -- these are what a line cannot hold
  if (/[\u0000-\u0008\n\r]/.test(arg) || Buffer.byteLength(arg) > LONGEST_BYTES) {
    throw new RankwiseError(
      'launch.slurmOption',
      `no #SBATCH line can hold ${JSON.stringify(arg.slice(0, 80))}`,
      {
        nextStep: 'Write the option on one line.',
      },
    );
  }
  if (/^[A-Za-z0-9_./@+,%=[\]-][A-Za-z0-9_./:@+,%=[\]-]*$/.test(arg)) return arg;
  return `"${arg.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** sbatch reads a directive into a buffer of 8 KiB; escaping may double the length. */
const LONGEST_BYTES = 4000;
