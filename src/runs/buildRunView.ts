import { deriveWorkers, incompleteLogs, otherLogs, type Records } from './deriveState';
import type { Contact, NotJoined, RunState, RunView, WorkerView } from './model';
import type { StoredRun } from './registry';
import { deriveTasks } from './slurm/slurmWorkers';
import { trainingSeconds } from './trainingTime';

/** What is known of a run beside what is stored of it. */
export interface LiveParts {
  state: RunState;
  contact: Readonly<Record<string, Contact>>;
  records: Records;
  notJoined: readonly NotJoined[];
}

/** The run as everybody else sees it. */
export function buildRunView(stored: StoredRun, { state, contact, records, notJoined }: LiveParts): RunView {
  const { id, number, launch, plan, startedAt, endedAt, warnings = [], commit, name, group } = stored;
  const workers = workersOf(stored, records);
  const incomplete = incompleteLogs(records, workers);
  const others = otherLogs(plan, records, workers);
  const seconds =
    stored.final === undefined ? undefined : (trainingSeconds(plan, records) ?? stored.jobSeconds);
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
      ...(seconds === undefined ? {} : { trainingSeconds: seconds }),
    },
    warnings,
    commit,
    ...(notJoined.length === 0 ? {} : { notJoined }),
    ...(Object.keys(incomplete).length === 0 ? {} : { incompleteLogs: incomplete }),
    ...(others.length === 0 ? {} : { otherLogs: others }),
  };
}

function workersOf({ plan, final, endedAt }: StoredRun, records: Records): WorkerView[] {
  if (plan.slurm === undefined) return deriveWorkers(plan, records);
  const end = final?.kind === 'ended' ? { code: final.exit.code, at: endedAt ?? 0 } : undefined;
  return deriveTasks(plan, records, end);
}
