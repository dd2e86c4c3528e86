import type { RunState } from './model';
import { isPreparing } from './preparer';
import type { StoredRun } from './registry';

/** Who launches a run: this window (`here`), another one (`elsewhere`), or one that ended in the middle (`broken`). */
export type LaunchStage = 'here' | 'elsewhere' | 'broken' | 'done';

/** @param preparing what this window prepares at the moment. */
export function launchStage(
  { preparedBy }: Pick<StoredRun, 'preparedBy'>,
  preparing: string | undefined,
): LaunchStage {
  if (preparing !== undefined) return 'here';
  if (preparedBy === undefined) return 'done';
  return isPreparing(preparedBy) ? 'elsewhere' : 'broken';
}

/** What a state is derived from, beside what is stored. */
export interface StateParts {
  /** What this window prepares at the moment. */
  preparing: string | undefined;
  stopping: Omit<Extract<RunState, { kind: 'stopping' }>, 'kind'> | undefined;
  /** Names of hosts that owe the proof of a stop. */
  owing: readonly string[];
  /** What Slurm says of the job. */
  job: RunState | undefined;
}

/** The state of a run as of now. */
export function runState(stored: StoredRun, { preparing, stopping, owing, job }: StateParts): RunState {
  if (stored.final !== undefined) return stored.final;
  if (preparing !== undefined) return { kind: 'preparing', step: preparing };
  if (stopping !== undefined) return { kind: 'stopping', ...stopping };
  if (owing.length > 0) {
    return { kind: 'stopping', step: `waiting for ${owing.join(', ')} to answer`, deadline: undefined };
  }
  const launch = launchStage(stored, preparing);
  if (launch === 'elsewhere') return { kind: 'preparing', step: 'in another window or terminal' };
  if (launch === 'broken') {
    return { kind: 'preparing', step: 'whoever launched it has ended; asking its hosts' };
  }
  return job ?? { kind: 'running' };
}
