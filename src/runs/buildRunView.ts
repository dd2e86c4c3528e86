import type { Contact, NotJoined, RunState, RunView, WorkerView } from './model';
import type { StoredRun } from './registry';

/** What is known of a run beside what is stored of it. */
export interface LiveParts {
  state: RunState;
  contact: Readonly<Record<string, Contact>>;
  workers: readonly WorkerView[];
  notJoined: readonly NotJoined[];
  incompleteLogs: Readonly<Record<string, number>>;
  otherLogs: readonly string[];
  trainingSeconds: number | undefined;
}

/** The run as everybody else sees it. */
export function buildRunView(
  stored: StoredRun,
  { state, contact, workers, notJoined, incompleteLogs, otherLogs, trainingSeconds }: LiveParts,
): RunView {
  const { id, number, launch, plan, startedAt, endedAt, warnings = [], commit, name, group } = stored;
  return {
    id,
    number,
    launch,
    plan,
    state,
    contact,
    workers,
    startedAt,
    endedAt,
    ...(name === undefined ? {} : { name }),
    ...(group === undefined ? {} : { group }),
    times: {
      queuedAt: stored.queuedAt ?? startedAt,
      setUpAt: startedAt,
      startedAt: stored.processesStartedAt,
      endedAt,
      ...(trainingSeconds === undefined ? {} : { trainingSeconds }),
    },
    warnings,
    commit,
    ...(notJoined.length === 0 ? {} : { notJoined }),
    ...(Object.keys(incompleteLogs).length === 0 ? {} : { incompleteLogs }),
    ...(otherLogs.length === 0 ? {} : { otherLogs }),
  };
}
