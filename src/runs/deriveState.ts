import type { Plan } from '../launch/plan';
import type { ProcessRecord } from './hostRecord';
import type { RunExit, RunState, WorkerState, WorkerView } from './model';

/** Records by host name. */
export type Records = ReadonlyMap<string, readonly ProcessRecord[]>;

/** The workers of a run: those the plan expects, and those that appeared. */
export function deriveWorkers(plan: Plan, records: Records): WorkerView[] {
  const planned = plan.workers.map((worker) =>
    view(worker.host, worker.localIndex, worker.rank, find(records, worker.host, worker.localIndex)),
  );
  const known = new Set(planned.map(({ id }) => id));
  const appeared = [...records].flatMap(([host, processes]) =>
    processes
      .filter(({ id }) => /^\d+$/.test(id) && !known.has(`${host}/${id}`))
      .map((process) => view(host, Number(process.id), undefined, process)),
  );
  return [...planned, ...appeared].sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || 0);
}

function find(records: Records, host: string, localIndex: number): ProcessRecord | undefined {
  return records.get(host)?.find(({ id }) => id === String(localIndex));
}

function view(
  host: string,
  localIndex: number,
  plannedRank: number | undefined,
  process: ProcessRecord | undefined,
): WorkerView {
  return {
    id: `${host}/${localIndex}`,
    host,
    localIndex,
    rank: process?.rank ?? plannedRank,
    state: workerState(process),
    logBytes: process?.logBytes ?? 0,
    incompleteSince: process?.incompleteSince,
  };
}

function workerState(process: ProcessRecord | undefined): WorkerState {
  if (process?.exit !== undefined) return { kind: 'exited', ...process.exit };
  if (process?.gone === true) return { kind: 'gone' };
  return process?.started === true ? { kind: 'running' } : { kind: 'waiting' };
}

/** What the records alone say of a run whose processes have been started. */
export type Outcome =
  { kind: 'running' } | { kind: 'ended'; exit: RunExit; endedAt: number } | { kind: 'gone'; hosts: string[] };

/**
 * Whether the run is over. It is when every process that was to be started, and every other that appeared, has an exit
 * record or is known to be gone.
 */
export function deriveOutcome(plan: Plan, records: Records): Outcome {
  const processes = [...records].flatMap(([host, list]) => list.map((process) => ({ ...process, host })));
  const isOver = (process: ProcessRecord | undefined): boolean =>
    process?.exit !== undefined || process?.gone === true;
  const supervisedOver = plan.processes.every(({ host, id }) =>
    isOver(processes.find((p) => p.host === host && p.id === id)),
  );
  if (!supervisedOver || processes.some((process) => process.started && !isOver(process)))
    return { kind: 'running' };
  const gone = processes.filter((process) => process.gone);
  if (gone.length > 0) return { kind: 'gone', hosts: [...new Set(gone.map(({ host }) => host))] };
  const exits = processes.flatMap(({ host, id, exit }) =>
    exit === undefined ? [] : [{ process: `${host}/${id}`, ...exit }],
  );
  return { kind: 'ended', exit: earliestFailure(exits), endedAt: Math.max(0, ...exits.map(({ at }) => at)) };
}

/** The first failing worker is the cause, the others follow it; the launcher only where no worker failed. */
function earliestFailure(exits: readonly { process: string; code: number; at: number }[]): RunExit {
  const failed = exits.filter(({ code }) => code !== 0).sort((a, b) => a.at - b.at);
  const first = failed.find(({ process }) => !process.endsWith('/launcher')) ?? failed[0];
  return first === undefined ? { code: 0, process: undefined } : { code: first.code, process: first.process };
}

/** The worker whose failure should end the run (onWorkerExit: stop) while others still run. */
export function failedWorker(workers: readonly WorkerView[]): WorkerView | undefined {
  return workers.find(({ state }) => state.kind === 'exited' && state.code !== 0);
}

/** Whether a state can still change. */
export function isOver(state: RunState): boolean {
  return state.kind === 'ended' || state.kind === 'gone';
}
