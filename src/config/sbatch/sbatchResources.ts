import { arraySize, isArray } from './sbatchArray';
import { nodeRange } from './sbatchNodes';
import { wholeNumber } from './sbatchNumbers';

/** What a job asks for, as far as it says so. */
export interface SbatchResources {
  /** Exact number; undefined for a range or none. */
  nodes: number | undefined;
  tasks: number | undefined;
  tasksPerNode: number | undefined;
  gpusPerNode: number | undefined;
  gpusPerTask: number | undefined;
  /** Tasks that `srun` starts in all: as said, or as Slurm makes them of nodes and tasks per node; 1 where nothing says more. */
  totalTasks: number | undefined;
  /** GPUs of the whole job. */
  totalGpus: number | undefined;
  /** Tasks of the array; undefined without one. */
  arrayTasks: number | undefined;
}

/**
 * @param value the value of a long option in effect
 */
export function resourcesOf(value: (long: string) => string | undefined): SbatchResources {
  const count = (long: string): number | undefined => {
    const text = value(long);
    const number = text === undefined ? undefined : wholeNumber(text);
    return number === undefined || number <= 0n || number > 10_000_000n ? undefined : Number(number);
  };
  const range = value('nodes') === undefined ? undefined : nodeRange(value('nodes') ?? '');
  const nodes = range !== undefined && range.least === range.most ? range.least : undefined;
  const tasks = count('ntasks');
  const tasksPerNode = count('ntasks-per-node');
  const gpus = gpuCount(value('gpus'));
  const gpusPerTask = gpuCount(value('gpus-per-task'));
  const isOneNode = range === undefined && (tasks === undefined || tasks === 1 || tasks === tasksPerNode);
  const known = range === undefined ? (isOneNode ? 1 : undefined) : nodes;
  const perNode =
    gpuCount(value('gpus-per-node')) ??
    gresGpus(value('gres')) ??
    (gpus !== undefined && known !== undefined && known > 0 && gpus % known === 0 ? gpus / known : undefined);
  const totalTasks = tasks ?? (known === undefined ? undefined : known * (tasksPerNode ?? 1));
  const array = value('array');
  return {
    nodes: known,
    tasks,
    tasksPerNode,
    gpusPerNode: perNode,
    gpusPerTask,
    totalTasks,
    totalGpus: gpus ?? (perNode !== undefined && known !== undefined ? perNode * known : undefined),
    arrayTasks: array === undefined || array === '' || !isArray(array) ? undefined : arraySize(array).tasks,
  };
}

/** GPUs that a value of `--gpus` and its kin names, over all types; a type alone is one. */
function gpuCount(value: string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  let sum = 0;
  for (const item of value.split(',')) {
    const [, count] = /(?:^|:)(\d{1,6})$/.exec(item) ?? [];
    if (count === undefined && !/^[A-Za-z]/.test(item)) return undefined;
    sum += count === undefined ? 1 : Number(count);
  }
  return sum;
}

/** GPUs of each node that a value of `--gres` names; undefined where it names none. */
export function gresGpus(value: string | undefined): number | undefined {
  const items = (value ?? '').split(',').filter((item) => /^(?:gres[:/])?gpu(?:[:=]|$)/.test(item));
  if (items.length === 0) return undefined;
  return items.reduce((sum, item) => sum + Number(/[:=](\d{1,6})(?:\(|$)/.exec(item)?.[1] ?? 1), 0);
}
