import type { RunMetrics } from '../../metrics/runMetrics';
import type { Waiting } from '../../protocol/dashboard';
import { count } from '../../text/format';
import { workerTitle, type ShownRun } from '../text/shownRun';

const mostLastLines = 8;

/** How far a run without any point has come, and what its workers said last; null once there is a point. */
export function waiting(run: ShownRun, metrics: RunMetrics | undefined): Waiting | null {
  const launchers = run.plan.processes.filter(({ role }) => role === 'launcher');
  const ids = [...run.workers.map(({ id }) => id), ...launchers.map(({ host, id }) => `${host}/${id}`)];
  const known = ids.map((id) => metrics?.metrics(id)).filter((one) => one !== undefined);
  if (known.some(({ points }) => points > 0)) return null;
  const lines = known.reduce((sum, one) => sum + one.lines, 0);
  const talking = run.workers.filter(({ id }) => (metrics?.metrics(id)?.lines ?? 0) > 0).length;
  const over = run.state.kind === 'ended' || run.state.kind === 'gone';
  const begun = run.state.kind !== 'preparing' && run.state.kind !== 'queued';
  const started = run.workers.filter(({ state }) => state.kind !== 'waiting').length;
  const amount = (number: number): string =>
    run.plan.np > 0 ? `${number} of ${run.plan.np} workers` : number > 0 ? count(number, 'worker') : '';
  const steps = [
    {
      label: 'host checks',
      done: run.state.kind !== 'preparing',
      detail: '',
    },
    {
      label: 'start',
      // Where the launcher alone decides who works, the first line is the first that is known of a worker.
      done: begun && (started > 0 || (run.plan.np === 0 && lines > 0)),
      detail: begun ? amount(started) : '',
    },
    {
      label: 'first line',
      done: lines > 0,
      detail: talking > 0 ? amount(talking) : '',
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

function nameOf(run: ShownRun, id: string): string {
  const worker = run.workers.find((one) => one.id === id);
  return worker === undefined ? id : workerTitle(worker);
}
