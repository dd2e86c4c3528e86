import { exitText } from '../exitText';
import type { JobWord } from './jobWord';

/** slurmd's own errors, which it reports as a signal beyond the real ones. */
const CANNOT_OPEN_OUTPUT = 128 + 53;

/**
 * How Slurm says a job ended, and what to do; undefined for a good end. The name of the state stands first, as it does
 * in Slurm's own tools.
 * @param by who asked for the stop, where one was asked for here.
 */
export function jobEndText(word: JobWord & { kind: 'ended' }, by: string | undefined): string | undefined {
  if (word.failed === 0) return undefined;
  const text = oneEnd(word, by);
  return word.tasks === 1 ? text : `${word.failed} of ${word.tasks} tasks of the array: ${text}`;
}

function oneEnd({ state, code, cancelledBy }: JobWord & { kind: 'ended' }, by: string | undefined): string {
  switch (state) {
    case 'FAILED':
    case 'JOB_LAUNCH_FAILURE':
      return code === CANNOT_OPEN_OUTPUT
        ? 'FAILED: the compute node could not open the log in the run directory. Compute nodes and login node must share the home directory'
        : `FAILED: ${exitText(code)}`;
    case 'CANCELLED':
      if (by !== undefined) return 'CANCELLED, as asked';
      return `CANCELLED, not from here${cancelledBy === undefined ? '' : `: by user ${cancelledBy}`}`;
    case 'TIMEOUT':
      return 'TIMEOUT: it reached its time limit. Ask for more with slurm: { time: … }, or resume from the last checkpoint';
    case 'DEADLINE':
      return 'DEADLINE: it could not end before its deadline. Set a later one';
    case 'OUT_OF_MEMORY':
      return 'OUT_OF_MEMORY: a task used more memory than the job had. Ask for more with slurm: { mem: … }, or use smaller batches';
    case 'NODE_FAIL':
      return 'NODE_FAIL: a node of the job failed. Launch again; slurm: { requeue: true } lets Slurm do that by itself';
    case 'PREEMPTED':
      return 'PREEMPTED: a job with a higher priority took its nodes. Let it start again by itself with slurm: { requeue: true }';
    case 'BOOT_FAIL':
      return 'BOOT_FAIL: a node of the job did not come up. Launch again';
    case 'REVOKED':
      return 'REVOKED: another cluster of the federation took the job';
    default:
      return `${state}: ${exitText(code)}`;
  }
}
