/**
 * The lists of a launch whose elements may hold references to parameters. Beside these only values of `env:` may: whatever
 * characters a value has, it stays one argument or one variable.
 */
export const argumentLists: readonly (readonly string[])[] = [
  ['command'],
  ['ssh', 'service'],
  ['mpirun', 'args'],
  ['horovodrun', 'args'],
  ['torchrun', 'args'],
  ['deepspeed', 'args'],
  ['accelerate', 'args'],
  ['mxnet', 'args'],
  ['ray', 'headArgs'],
  ['ray', 'nodeArgs'],
  ['slurm', 'args'],
  ['slurm', 'srun'],
  ['resume', 'args'],
  ['outputs'],
];

/** What `--set`, presets and a matrix may change beside parameters. */
export const resourceNames = ['nodes', 'gpus', 'np', 'partition'] as const;
export type ResourceName = (typeof resourceNames)[number];

export function isResource(name: string): name is ResourceName {
  return resourceNames.some((resource) => resource === name);
}

/** What a value of a resource must be; undefined when it is. */
export function resourceProblem(name: ResourceName, value: string): string | undefined {
  if (name === 'partition') {
    return /^[A-Za-z0-9_][A-Za-z0-9_.,-]*$/.test(value) ? undefined : 'one word, the name of a partition';
  }
  const least = name === 'gpus' ? 0 : 1;
  const isWhole = /^\d{1,7}$/.test(value) && Number(value) >= least;
  return isWhole ? undefined : `a whole number of at least ${least}`;
}
