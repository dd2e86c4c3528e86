import type { Plan } from '../launch/plan';
import type { Explanation } from './explain/explainExit';
import type { RunGroup } from './runGroup';

/** How a run ended: the earliest failing worker's exit, or 0. */
export interface RunExit {
  /** Exit status as the shell gives it (128 + signal for a signal). */
  code: number;
  /** The process whose exit this is: `host/id`. Undefined for a clean end. */
  process: string | undefined;
}

export type RunState =
  | { kind: 'preparing'; step: string }
  | { kind: 'queued'; reason: string }
  | { kind: 'running' }
  /** Stop was asked for; `step` says what is being waited for, `deadline` in milliseconds since the epoch. */
  | { kind: 'stopping'; step: string; deadline: number | undefined }
  /** `failed to start` has the reason; `stopped` was asked for by a person (or by onWorkerExit: then `by` says which worker). */
  | {
      kind: 'ended';
      exit: RunExit;
      by: 'itself' | 'stop' | 'workerExit' | 'failedToStart';
      message?: string;
      /** True once every host has shown twice that no process of the run is left. */
      proven: boolean;
      /** Why the first process failed, where that is known. */
      explanation?: Explanation;
    }
  /** No exit record and no process: the host rebooted or everything was killed. */
  | { kind: 'gone'; hosts: string[] };

/** Contact with one host: another axis than the run's state. */
export type Contact =
  | { kind: 'connecting' }
  | { kind: 'connected' }
  /** `since` in milliseconds since the epoch: the last heartbeat heard. */
  | { kind: 'unreachable'; since: number; reason: string }
  /** Nothing more is expected from this host. */
  | { kind: 'done' };

export type WorkerState =
  | { kind: 'waiting' }
  | { kind: 'running' }
  | { kind: 'exited'; code: number; at: number }
  /** The process is gone and left no exit record. */
  | { kind: 'gone' };

export interface WorkerView {
  /** `host/local index`. */
  id: string;
  host: string;
  /** The compute node of a Slurm task; `host` is then the login node, through which it is followed. */
  node?: string;
  localIndex: number;
  rank: number | undefined;
  state: WorkerState;
  /** 1 for the first start, one more for each restart. */
  attempt: number;
  /** Bytes of its log in the local cache. */
  logBytes: number;
  /** Set when the host could not write further output: the log is incomplete since this byte. */
  incompleteSince: number | undefined;
}

/** A worker that should have started by now. */
export interface NotJoined {
  worker: string;
  host: string;
  /** What is there instead, one sentence. */
  reason: string;
}

/** When a run did what, in milliseconds since the epoch; undefined: not yet, or never. */
export interface RunTimes {
  /** Since when it waited for its turn; for a run of its own the same as `setUpAt`. */
  queuedAt: number;
  /** Its hosts were asked, its files copied from here on; a job of Slurm waits in the queue of Slurm. */
  setUpAt: number;
  /** Its processes had been started. */
  startedAt: number | undefined;
  endedAt: number | undefined;
  /** How long its processes ran, in seconds by the clocks of their own machines, once it is over and where that is known. */
  trainingSeconds?: number | undefined;
}

/** Everything known about a run, immutable; a new object for each change. */
export interface RunView {
  id: string;
  /** Shown as `#14`; counts per launch. */
  number: number;
  launch: string;
  plan: Plan;
  state: RunState;
  contact: Readonly<Record<string, Contact>>;
  workers: readonly WorkerView[];
  /** Milliseconds since the epoch. */
  startedAt: number;
  endedAt: number | undefined;
  /** What its person called it. */
  name?: string;
  /** The trial of a group that it is. */
  group?: RunGroup;
  times?: RunTimes;
  /** What was found on the hosts before the start and did not stop it, a line each. */
  warnings?: readonly string[];
  /** Exact commit in the workdir, where the launch checked one out. */
  commit?: string | undefined;
  /** Expected workers that have not started within the time of the plan (`joinSeconds`). */
  notJoined?: readonly NotJoined[];
  /**
   * Logs of launchers and services that their host could not write, by `host/id`, each incomplete since this byte; a
   * worker has its own in {@link WorkerView.incompleteSince}.
   */
  incompleteLogs?: Readonly<Record<string, number>>;
  /** Logs that appeared of processes that are no workers and in no plan, by `host/id`: of the script of a Slurm job, `head/batch`. */
  otherLogs?: readonly string[];
}

/** All logs of a run by `host/id`: of launchers and services, of what else appeared, of the workers. */
export function logsOf({ plan, otherLogs = [], workers }: RunView): string[] {
  const planned = plan.processes
    .filter(({ role }) => role !== 'worker')
    .map(({ host, id }) => `${host}/${id}`);
  return [...new Set([...planned, ...otherLogs, ...workers.map(({ id }) => id)])];
}

/** Bytes of a worker's log that have reached the cache. */
export interface LogBytes {
  run: string;
  /** Worker id, or `host/launcher` for the launcher's own output. */
  worker: string;
  offset: number;
  /** Rises when the file was replaced (a requeue): everything before is of another life. */
  generation: number;
  bytes: Uint8Array;
}
