import type { RunMetrics, WorkerIdentity } from '../../metrics/runMetrics';
import type { RunView, WorkerState, WorkerView } from '../../runs/model';

/** A worker as rows and pictures show it: with a process of its own, or known only by the tags of a launcher's log. */
export interface ShownWorker extends Omit<WorkerView, 'localIndex' | 'state'> {
  localIndex: number | undefined;
  /** `over`: its run is, and nobody wrote down how it ended itself. */
  state: WorkerState | { kind: 'over' };
  identity?: WorkerIdentity;
}

/** A run with all its workers, those that only its logs name among them. */
export interface ShownRun extends Omit<RunView, 'workers'> {
  workers: readonly ShownWorker[];
}

/** Who the workers are that have no process of their own, by id, in the order of the metrics. */
export type Identities = ReadonlyMap<string, WorkerIdentity>;

export function identitiesOf(metrics: RunMetrics | undefined): Identities {
  const found = new Map<string, WorkerIdentity>();
  for (const worker of metrics?.workers ?? []) {
    const identity = metrics?.metrics(worker)?.identity;
    if (identity !== undefined) found.set(worker, identity);
  }
  return found;
}

/** The run with the workers that its logs name behind those that have processes; by rank where ranks are known. */
export function shownRun(run: RunView, identities: Identities): ShownRun {
  const processes = new Set(run.workers.map(({ id }) => id));
  const tagged = [...identities].filter(([id]) => !processes.has(id));
  if (tagged.length === 0) return run;
  const workers = [...run.workers, ...tagged.map(([id, identity]) => taggedWorker(run, id, identity))];
  return { ...run, workers: workers.sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || 0) };
}

/** `rank 3`, `trial lr=0.1`, `lane 2`, or the id where nothing better is known. */
export function workerTitle({ id, rank, identity }: Pick<ShownWorker, 'id' | 'rank' | 'identity'>): string {
  if (identity?.kind === 'trial') return `trial ${identity.trial ?? afterSlash(id)}`;
  const at = id.indexOf('@');
  const place = identity === undefined || at < 0 ? '' : ` (${id.slice(at + 1)})`;
  if (rank !== undefined) return `rank ${rank}${place}`;
  if (identity?.kind === 'lane' || identity?.kind === 'process') return id.replace('/', ' ');
  return id;
}

/** The host through which a worker is followed: contact with it is contact with the worker. */
export function contactHost({ host, identity }: Pick<ShownWorker, 'host' | 'identity'>): string {
  return identity === undefined ? host : hostOfLog(identity.log);
}

function taggedWorker(run: RunView, id: string, identity: WorkerIdentity): ShownWorker {
  return {
    id,
    host: hostName(run, identity.host) ?? hostOfLog(identity.log),
    localIndex: identity.localRank,
    rank: identity.kind === 'trial' ? undefined : identity.rank,
    state: taggedState(run),
    attempt: 1,
    logBytes: 0,
    incompleteSince: run.incompleteLogs?.[identity.log],
    identity,
  };
}

function taggedState({ state }: RunView): ShownWorker['state'] {
  return state.kind === 'ended' || state.kind === 'gone' ? { kind: 'over' } : { kind: 'running' };
}

/** A launcher prints a name or an address; a person knows the host by the name in the config. */
function hostName(run: RunView, printed: string | undefined): string | undefined {
  const host = run.plan.hosts.find(
    ({ name, peer, target }) => printed === name || printed === peer || printed === target.host,
  );
  return host?.name ?? printed;
}

function hostOfLog(log: string): string {
  return log.slice(0, log.lastIndexOf('/'));
}

function afterSlash(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
