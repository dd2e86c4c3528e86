import { optionsOf, readSbatch } from '../config/sbatch/readSbatch';
import { arraySize, isArray } from '../config/sbatch/sbatchArray';
import { resourcesOf } from '../config/sbatch/sbatchResources';
import type { SbatchContext } from './sbatchContext';
import type { InlayHint } from './types';

/** What options come to together: tasks and GPUs of the whole job, jobs of an array. */
export function sbatchInlayHints(text: string, context: SbatchContext): InlayHint[] {
  const options = optionsOf(readSbatch(text));
  const resources = resourcesOf((long) => context.given?.[long] ?? options.get(long)?.value);
  const { nodes = 1, tasks, tasksPerNode, gpusPerNode, totalGpus } = resources;
  const hints: InlayHint[] = [];
  const after = (long: string, hint: string, tooltip: string): void => {
    const at = options.get(long);
    if (at !== undefined) hints.push({ offset: at.wholeEnd, text: hint, tooltip });
  };
  if (tasks === undefined && tasksPerNode !== undefined && nodes > 1) {
    after(
      'ntasks-per-node',
      `= ${nodes * tasksPerNode} tasks`,
      `${nodes} nodes × ${tasksPerNode} tasks: the world size of what srun starts`,
    );
  }
  if (gpusPerNode !== undefined && nodes > 1 && totalGpus === nodes * gpusPerNode) {
    const tooltip = `${nodes} nodes × ${gpusPerNode} GPUs`;
    after(options.has('gpus-per-node') ? 'gpus-per-node' : 'gres', `= ${totalGpus} GPUs`, tooltip);
  }
  const array = options.get('array')?.value;
  if (array !== undefined && /[-,]/.test(array) && isArray(array)) {
    after('array', `= ${arraySize(array).tasks} jobs`, 'Each index is a job of its own');
  }
  return hints;
}
