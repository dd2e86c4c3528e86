import type { Plan, PlanProcess } from '../launch/plan';
import type { ProcessRecord } from './hostRecord';
import type { RunExit, WorkerState, WorkerView } from './model';
import { isBatch } from './slurm/batch';

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

/** Which logs of processes that are no workers their host could not write, by `host/id`: since which byte. */
export function incompleteLogs(
  records: Records,
  workers: readonly Pick<WorkerView, 'id'>[],
): Readonly<Record<string, number>> {
  const known = new Set(workers.map(({ id }) => id));
  const found = [...records].flatMap(([host, processes]) =>
    processes.flatMap(({ id, incompleteSince }) =>
      incompleteSince === undefined || known.has(`${host}/${id}`)
        ? []
        : [[`${host}/${id}`, incompleteSince] as const],
    ),
  );
  return Object.fromEntries(found);
}

/** Logs that appeared of processes that are neither planned nor workers, by `host/id`. */
export function otherLogs(
  { processes }: Pick<Plan, 'processes'>,
  records: Records,
  workers: readonly Pick<WorkerView, 'id'>[],
): string[] {
  const known = new Set([
    ...processes.map(({ host, id }) => `${host}/${id}`),
    ...workers.map(({ id }) => id),
  ]);
  return [...records].flatMap(([host, list]) =>
    list
      .filter(({ id, logBytes }) => logBytes > 0 && !known.has(`${host}/${id}`))
      .map(({ id }) => `${host}/${id}`),
  );
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
    attempt: process?.attempt ?? 1,
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
 * Whether the run is over. It is when every worker and launcher that was to be started, and every other process that
 * appeared, has an exit record or is known to be gone; services are ended then.
 */
export function deriveOutcome(plan: Plan, records: Records): Outcome {
  const services = new Set(
    plan.processes.filter(({ role }) => role === 'service').map(({ host, id }) => `${host}/${id}`),
  );
  const processes = [...records].flatMap(([host, list]) =>
    list.map((process) => ({ ...process, host })).filter(({ id }) => !services.has(`${host}/${id}`)),
  );
  const isOver = (process: ProcessRecord | undefined): boolean =>
    process?.exit !== undefined || process?.gone === true;
  const supervisedOver = plan.processes.every(
    ({ host, id, role }) =>
      role === 'service' || isOver(processes.find((p) => p.host === host && p.id === id)),
  );
  if (!supervisedOver || processes.some((process) => process.started && !isOver(process)))
    return { kind: 'running' };
  const gone = processes.filter((process) => process.gone);
  if (gone.length > 0) return { kind: 'gone', hosts: [...new Set(gone.map(({ host }) => host))] };
  const endedAt = Math.max(0, ...processes.map(({ exit }) => exit?.at ?? 0));
  return { kind: 'ended', exit: firstFailure(plan, records), endedAt };
}

/** The first service that failed: what needs it may wait for ever. */
export function failedService({ processes }: Plan, records: Records): RunExit | undefined {
  const failed = processes.flatMap(({ role, host, id }) => {
    const exit = records.get(host)?.find((record) => record.id === id)?.exit;
    const hasFailed = role === 'service' && exit !== undefined && exit.code !== 0;
    return hasFailed ? [{ code: exit.code, process: `${host}/${id}`, at: exit.at }] : [];
  });
  const [first] = failed.sort((a, b) => a.at - b.at);
  return first === undefined ? undefined : { code: first.code, process: first.process };
}

/**
 * The earliest failing exit so far: that worker is the cause, the others follow it; the launcher only where no worker
 * failed, and never a service: those end last, as they are told. Code 0 where nothing failed.
 */
export function firstFailure(plan: Plan, records: Records): RunExit {
  const roles = new Map(plan.processes.map(({ host, id, role }) => [`${host}/${id}`, role]));
  const failed = [...records].flatMap(([host, processes]) =>
    processes.flatMap(({ id, exit }) =>
      exit === undefined || exit.code === 0 ? [] : [{ process: `${host}/${id}`, ...exit }],
    ),
  );
  failed.sort((a, b) => a.at - b.at);
  // The script of a Slurm job ends as its tasks did.
  const roleOf = ({ process }: { process: string }): PlanProcess['role'] =>
    roles.get(process) ??
    (plan.slurm !== undefined && isBatch(process.slice(process.indexOf('/') + 1)) ? 'launcher' : 'worker');
  const first =
    failed.find((one) => roleOf(one) === 'worker') ?? failed.find((one) => roleOf(one) === 'launcher');
  return { code: first?.code ?? 0, process: first?.process };
}
