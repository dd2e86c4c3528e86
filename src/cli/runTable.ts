import type { Core } from '../core';
import { exitWithPlace } from '../runs/exitText';
import type { RunState, RunView, WorkerState } from '../runs/model';
import { formatElapsed } from '../text/format';
import { isOver, runTitle } from './runNames';

/** A run as `runs --json` gives it. */
export interface RunJson {
  id: string;
  launch: string;
  number: number;
  /** `preparing`, `queued`, `running`, `stopping`, `ended`, `gone`. */
  state: RunState['kind'];
  /** Exit status of an ended run: 0, or that of the worker that failed first; null before the end. */
  exit: number | null;
  /** Who ended it: `itself`, `stop`, `workerExit`, `failedToStart`; null before the end. */
  by: string | null;
  /** What is to be said of the state: the reason of a failure, what is being waited for; null where nothing is. */
  message: string | null;
  /** The trial that it is, and of which group; null for a run of its own. */
  group: string | null;
  trial: string | null;
  /** Values of the matrix. */
  values: Record<string, string> | null;
  /** ISO 8601, UTC. */
  startedAt: string;
  endedAt: string | null;
  /** Hosts that do not answer, with the reason. */
  unreachable: Record<string, string>;
  workers: {
    id: string;
    rank: number | null;
    /** Where it runs; for a task of a Slurm job its node, once that is known. */
    host: string;
    state: string;
    attempt: number;
    points: number;
  }[];
}

/** Everything known of a run, with the number of points of each worker. */
export async function runJson(core: Core, run: RunView): Promise<RunJson> {
  const metrics = await core.openMetrics(run.id);
  try {
    const processes = new Map(run.workers.map((worker) => [worker.id, worker]));
    const ids = [...new Set([...processes.keys(), ...metrics.workers])];
    const { state } = run;
    return {
      id: run.id,
      launch: run.launch,
      number: run.number,
      state: state.kind,
      exit: state.kind === 'ended' ? state.exit.code : null,
      by: state.kind === 'ended' ? state.by : null,
      message: stateMessage(state) ?? null,
      group: run.group?.id ?? null,
      trial: run.group?.trial ?? null,
      values: run.group === undefined ? null : { ...run.group.values },
      startedAt: new Date(run.startedAt).toISOString(),
      endedAt: run.endedAt === undefined ? null : new Date(run.endedAt).toISOString(),
      unreachable: Object.fromEntries(
        Object.entries(run.contact).flatMap(([host, contact]) =>
          contact.kind === 'unreachable' ? [[host, contact.reason]] : [],
        ),
      ),
      workers: ids.map((id) => {
        const process = processes.get(id);
        const identity = metrics.metrics(id)?.identity;
        return {
          id,
          rank: process?.rank ?? identity?.rank ?? null,
          host: process?.node ?? process?.host ?? identity?.host ?? '',
          state: process === undefined ? (isOver(run) ? 'ended' : 'running') : workerState(process.state),
          attempt: process?.attempt ?? 1,
          points: metrics.metrics(id)?.points ?? 0,
        };
      }),
    };
  } finally {
    metrics.dispose();
  }
}

/** One line for a person. */
export function runLine(run: RunView, now: number): string {
  const elapsed = formatElapsed((run.endedAt ?? now) - run.startedAt);
  const message = stateMessage(run.state);
  // The explanation of a failure begins with the exit and its place.
  const exit = run.state.kind === 'ended' && run.state.exit.code !== 0 ? exitWithPlace(run.state.exit) : '';
  const unreachable = Object.entries(run.contact).flatMap(([host, contact]) =>
    contact.kind === 'unreachable' ? [`${host} unreachable: ${contact.reason}`] : [],
  );
  return [
    run.id,
    runTitle(run),
    ...(run.name === undefined ? [] : [run.name]),
    ...(run.group === undefined ? [] : [run.group.label]),
    run.state.kind === 'ended' && run.state.by === 'stop' ? 'stopped' : run.state.kind,
    elapsed,
    ...(exit === '' || message?.includes(exit) === true ? [] : [exit]),
    ...(message === undefined ? [] : [message]),
    ...unreachable,
  ].join(' · ');
}

function stateMessage(state: RunState): string | undefined {
  switch (state.kind) {
    case 'preparing':
    case 'stopping':
      return state.step;
    case 'queued':
      return state.reason;
    case 'running':
      return undefined;
    case 'ended':
      return state.message;
    case 'gone':
      return `no process and no exit record on ${state.hosts.join(', ')}`;
  }
}

function workerState(state: WorkerState): string {
  return state.kind === 'exited' ? `exited ${state.code}` : state.kind;
}
