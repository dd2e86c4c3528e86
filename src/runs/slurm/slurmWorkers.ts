import type { Plan } from '../../launch/plan';
import type { Records } from '../deriveState';
import type { ProcessRecord } from '../hostRecord';
import type { WorkerState, WorkerView } from '../model';
import { isBatch } from './batch';

/**
 * The tasks of a job: those the plan expects, and those that appeared. Ids are `PROCID`, or `TASK-PROCID` in an array; in a
 * script of the user's own `STEP-PROCID`, with the array's task before it. Where such a script starts no tasks by srun it is
 * the worker itself, `batch`, in an array one for each task, `batch-TASK`. Ranks count through the tasks of an array, each of
 * which has a rank 0 of its own.
 * @param end how the job ended, once it has: tasks without records of their own ended with it.
 */
export function deriveTasks(
  plan: Plan,
  records: Records,
  end: { code: number; at: number } | undefined,
): WorkerView[] {
  const found = [...records].flatMap(([host, list]) =>
    list.filter(({ id }) => /^\d+(?:-\d+)*$/.test(id)).map((record) => ({ host, record })),
  );
  const hasRecords = plan.slurm?.hasRecords !== false;
  if (found.length === 0 && !hasRecords) return scripts(records, end);
  const known = new Set(found.map(({ host, record }) => `${host}/${record.id}`));
  const missing = plan.workers.filter(({ id }) => !known.has(id));
  const tasks = [
    ...found.map(({ host, record }) =>
      view(host, record, hasRecords ? recorded(record) : unrecorded(record, end)),
    ),
    ...missing.map(({ id, host, localIndex, rank }): WorkerView => ({
      id,
      host,
      localIndex,
      rank,
      state: { kind: 'waiting' },
      attempt: 1,
      logBytes: 0,
      incompleteSince: undefined,
    })),
  ].sort((a, b) => compareNumbers(a.id, b.id));
  const isArray = tasks.some(({ id }) => processOf(id).split('-').length > (hasRecords ? 1 : 2));
  return isArray ? tasks.map((task, rank) => ({ ...task, rank })) : tasks;
}

/** The user's own script as the worker that it is. */
function scripts(records: Records, end: { code: number; at: number } | undefined): WorkerView[] {
  const found = [...records].flatMap(([host, list]) =>
    list.filter(({ id }) => isBatch(id)).map((record) => ({ host, record })),
  );
  found.sort((a, b) => compareNumbers(a.record.id, b.record.id));
  const [first, second] = found;
  return found.map(({ host, record }, rank): WorkerView => ({
    ...view(host, record, unrecorded(record, end)),
    localIndex: rank,
    rank,
    // Of one script the end of the job is its own.
    ...(end !== undefined && first?.record.id === 'batch' && second === undefined
      ? { state: { kind: 'exited', ...end } }
      : {}),
  }));
}

function view(host: string, record: ProcessRecord, state: WorkerState): WorkerView {
  const last = Number(record.id.split('-').at(-1));
  return {
    id: `${host}/${record.id}`,
    host,
    ...(record.node === undefined ? {} : { node: record.node }),
    localIndex: last,
    rank: record.rank ?? last,
    state,
    attempt: record.attempt,
    logBytes: record.logBytes,
    incompleteSince: record.incompleteSince,
  };
}

function recorded({ exit, gone, started }: ProcessRecord): WorkerState {
  if (exit !== undefined) return { kind: 'exited', ...exit };
  if (gone) return { kind: 'gone' };
  return started ? { kind: 'running' } : { kind: 'waiting' };
}

function unrecorded(
  { exit, gone }: ProcessRecord,
  end: { code: number; at: number } | undefined,
): WorkerState {
  if (exit !== undefined) return { kind: 'exited', ...exit };
  if (end === undefined) return gone ? { kind: 'gone' } : { kind: 'running' };
  return end.code === 0 ? { kind: 'exited', ...end } : { kind: 'gone' };
}

function processOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** By each number in turn: `2` before `10`, `1-3` before `2-0`. */
function compareNumbers(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
