import type { RunView } from '../model';
import { isGroupOver, type StoredGroup, type StoredTrial } from './group';

export interface TrialView extends StoredTrial {
  /** Its run as it is known now; absent before its start and after the run was removed. */
  view?: RunView;
}

/** A group as people see it, immutable; a new object for each change. */
export interface GroupView {
  id: string;
  launch: string;
  cluster: string;
  name?: string;
  queuedAt: number;
  /** When its last trial ended; undefined before. Milliseconds since the epoch. */
  endedAt: number | undefined;
  isOver: boolean;
  trials: readonly TrialView[];
  /** Trials by state; a job that waits in the queue of Slurm counts as queued, one that is set up as running. */
  counts: { queued: number; running: number; done: number; failed: number; skipped: number; stopped: number };
}

export function groupView(group: StoredGroup, runOf: (id: string) => RunView | undefined): GroupView {
  const trials = group.trials.map((trial): TrialView => {
    const view = trial.run === undefined ? undefined : runOf(trial.run);
    return view === undefined ? trial : { ...trial, view };
  });
  const counts = { queued: 0, running: 0, done: 0, failed: 0, skipped: 0, stopped: 0 };
  for (const { state, view } of trials) {
    const waits = state === 'running' && view?.state.kind === 'queued';
    counts[waits ? 'queued' : state === 'starting' ? 'running' : state]++;
  }
  const isOver = isGroupOver(group);
  return {
    id: group.id,
    launch: group.launch.name,
    cluster: group.cluster.name,
    ...(group.name === undefined ? {} : { name: group.name }),
    queuedAt: group.queuedAt,
    endedAt: isOver ? Math.max(group.queuedAt, ...trials.map(({ endedAt }) => endedAt ?? 0)) : undefined,
    isOver,
    trials,
    counts,
  };
}
