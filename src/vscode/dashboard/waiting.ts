import type { RunMetrics } from '../../metrics/runMetrics';
import type { Waiting } from '../../protocol/dashboard';
import type { RunView } from '../../runs/model';
import { workerName } from './workerRows';

const mostLastLines = 8;

/** How far a run without any point has come, and what its workers said last; null once there is a point. */
export function waiting(run: RunView, metrics: RunMetrics | undefined): Waiting | null {
  const launchers = run.plan.processes.filter(({ role }) => role === 'launcher');
  const ids = [...run.workers.map(({ id }) => id), ...launchers.map(({ host, id }) => `${host}/${id}`)];
  const known = ids.map((id) => metrics?.metrics(id)).filter((one) => one !== undefined);
  if (known.some(({ points }) => points > 0)) return null;
  const lines = known.reduce((sum, one) => sum + one.lines, 0);
  const talking = run.workers.filter(({ id }) => (metrics?.metrics(id)?.lines ?? 0) > 0).length;
  const over = run.state.kind === 'ended' || run.state.kind === 'gone';
  const begun = run.state.kind !== 'preparing' && run.state.kind !== 'queued';
  const started = run.workers.filter(({ state }) => state.kind !== 'waiting').length;
  const steps = [
    {
      label: 'host checks',
      done: run.state.kind !== 'preparing',
      detail: '',
    },
    {
      label: 'start',
      done: begun && started > 0,
      detail: begun ? `${started} of ${run.plan.np} workers` : '',
    },
    {
      label: 'first line',
      done: lines > 0,
      detail: talking > 0 ? `${talking} of ${run.plan.np} workers` : '',
    },
    {
      label: 'first metric',
      done: false,
      detail: lines > 0 ? `no line with a known metric${over ? '' : ' yet'}` : '',
    },
  ];
  const notStarted = run.state.kind === 'ended' && run.state.by === 'failedToStart';
  const active = steps.findIndex(({ done }) => !done);
  const stages = steps.map(({ label, done, detail }, index) => ({
    label,
    detail,
    state: done
      ? ('done' as const)
      : index !== active
        ? ('pending' as const)
        : over
          ? ('failed' as const)
          : ('active' as const),
  }));
  return {
    stages: notStarted ? [] : stages,
    lastLines: known
      .filter(({ lastLine }) => lastLine !== '')
      .slice(0, mostLastLines)
      .map(({ worker, lastLine }) => ({ worker: nameOf(run, worker), line: lastLine })),
  };
}

function nameOf(run: RunView, id: string): string {
  const worker = run.workers.find((one) => one.id === id);
  return worker === undefined ? id : workerName(worker);
}
