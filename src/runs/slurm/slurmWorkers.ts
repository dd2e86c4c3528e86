import type { Plan } from '../../launch/plan';
import type { Records } from '../deriveState';
import type { ProcessRecord } from '../hostRecord';
import type { WorkerState, WorkerView } from '../model';

/**
 * The tasks of a job: those the plan expects, and those that appeared. Ids are `PROCID`, or `TASK-PROCID` in an array; in a
 * script of the user's own `STEP-PROCID`, with the array's task before it.
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
  const known = new Set(found.map(({ host, record }) => `${host}/${record.id}`));
  const missing = plan.workers.filter(({ id }) => !known.has(id));
  const hasRecords = plan.slurm?.hasRecords !== false;
  return [
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

/** By each number in turn: `2` before `10`, `1-3` before `2-0`. */
function compareNumbers(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
