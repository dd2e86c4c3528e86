/** What Slurm says of a job as a whole; for an array, of all its tasks together. */
export type JobWord =
  /** `start` is the expected start in milliseconds since the epoch. */
  | { kind: 'pending'; reason: string; start: number | undefined }
  | { kind: 'running'; isSuspended: boolean }
  /** Processes are over or being ended; Slurm has not confirmed it for every node. */
  | { kind: 'completing' }
  /** `failed` of `tasks` did not end well; for a job that is no array `tasks` is 1. */
  | {
      kind: 'ended';
      /** Slurm's name: COMPLETED, FAILED, TIMEOUT, … of the first task that did not end well. */
      state: string;
      /** Exit status of the job script, or 128 + signal. */
      code: number;
      /** Who cancelled it, where the accounting says so: a user id. */
      cancelledBy: string | undefined;
      /** When it began and ended by the controller's clock, in whole seconds as milliseconds since the epoch. */
      startedAt?: number;
      endedAt: number | undefined;
      tasks: number;
      failed: number;
    }
  /** The controller has forgotten it and no accounting remembers it. */
  | { kind: 'unknown' };

/** One answer to a question about several jobs. */
export type QueueAnswer =
  { kind: 'words'; words: ReadonlyMap<string, JobWord> } | { kind: 'silent'; reason: string };

interface Task {
  state: string;
  reason: string;
  start: number | undefined;
  code: number;
  cancelledBy: string | undefined;
  endedAt: number | undefined;
  startedAt?: number | undefined;
}

const PENDING = new Set([
  'PENDING',
  'REQUEUED',
  'REQUEUE_HOLD',
  'REQUEUE_FED',
  'SPECIAL_EXIT',
  'RESV_DEL_HOLD',
]);
const ACTIVE = new Set([
  'RUNNING',
  'CONFIGURING',
  'SUSPENDED',
  'STOPPED',
  'SIGNALING',
  'STAGE_OUT',
  'RESIZING',
]);

/**
 * Reads what queue.sh printed.
 * @param jobs those that were asked about.
 * @throws Error when the answer is not complete: one cut short says nothing.
 */
export function parseQueueAnswer(text: string, jobs: readonly string[]): QueueAnswer {
  const lines = text.trimEnd().split('\n');
  if (lines.at(-1) !== 'E') throw new Error("Slurm's answer came back incomplete");
  const silent = lines.find((line) => line.startsWith('X '));
  if (silent !== undefined) return { kind: 'silent', reason: silent.slice(2).trim() };
  const tasks = new Map<string, Task[]>();
  for (const line of lines) {
    const [job, task] = readLine(line) ?? [];
    if (job !== undefined && task !== undefined) tasks.set(job, [...(tasks.get(job) ?? []), task]);
  }
  return {
    kind: 'words',
    words: new Map(jobs.map((job) => [job, together(tasks.get(job) ?? [])])),
  };
}

function readLine(line: string): [job: string, task: Task] | undefined {
  const [kind, id = '', ...words] = line.split(' ');
  const base = /^\d+/.exec(id)?.[0];
  if (base === undefined) return undefined;
  const task = { reason: '', start: undefined, code: 0, cancelledBy: undefined, endedAt: undefined };
  if (kind === 'Q') {
    const [state = '', start = '', ...reason] = words;
    return [base, { ...task, state, start: seconds(start), reason: reason.join(' ') }];
  }
  if (kind === 'C') {
    const [array = '-', , state = '', code = '', end = '', start = ''] = words;
    return [
      array === '-' ? base : array,
      { ...task, state, code: status(code), endedAt: seconds(end), startedAt: seconds(start) },
    ];
  }
  if (kind === 'S') {
    const [state = '', code = '', end = '', start = ''] = words;
    const [, name = state, by] = /^([A-Z_]+?)(?:_by_(\w+))?\+?$/.exec(state) ?? [];
    return [
      base,
      {
        ...task,
        state: name,
        code: status(code),
        cancelledBy: by,
        endedAt: seconds(end),
        startedAt: seconds(start),
      },
    ];
  }
  return undefined;
}

function seconds(text: string): number | undefined {
  return /^[1-9]\d*$/.test(text) ? Number(text) * 1000 : undefined;
}

/** `CODE:SIGNAL` as a shell gives it. */
function status(text: string): number {
  const [, code = '0', signal = '0'] = /^(\d+):(\d+)$/.exec(text) ?? [];
  return Number(signal) > 0 ? 128 + Number(signal) : Number(code);
}

function together(tasks: readonly Task[]): JobWord {
  if (tasks.length === 0) return { kind: 'unknown' };
  const active = tasks.filter(({ state }) => ACTIVE.has(state));
  if (active.length > 0)
    return { kind: 'running', isSuspended: active.every(({ state }) => state === 'SUSPENDED') };
  if (tasks.some(({ state }) => state === 'COMPLETING')) return { kind: 'completing' };
  const pending = tasks.filter(({ state }) => PENDING.has(state));
  const [first] = pending;
  if (first !== undefined) {
    const starts = pending.flatMap(({ start }) => start ?? []);
    return {
      kind: 'pending',
      reason: first.reason,
      start: starts.length === 0 ? undefined : Math.min(...starts),
    };
  }
  const failed = tasks.filter(({ state }) => state !== 'COMPLETED');
  const worst = failed[0] ?? tasks[0];
  const ends = tasks.flatMap(({ endedAt }) => endedAt ?? []);
  const starts = tasks.flatMap(({ startedAt }) => startedAt ?? []);
  return {
    kind: 'ended',
    state: worst?.state ?? 'COMPLETED',
    code: worst?.code ?? 0,
    cancelledBy: worst?.cancelledBy,
    ...(starts.length === 0 ? {} : { startedAt: Math.min(...starts) }),
    endedAt: ends.length === 0 ? undefined : Math.max(...ends),
    tasks: tasks.length,
    failed: failed.length,
  };
}
