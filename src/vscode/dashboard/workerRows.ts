import { median } from '../../metrics/median';
import type { MetricName, MetricPoint } from '../../metrics/point';
import type { Diverged, RunMetrics, WorkerMetrics } from '../../metrics/runMetrics';
import type { WorkerRow, WorkerStateKind } from '../../protocol/dashboard';
import { contactHost, workerTitle, type ShownRun, type ShownWorker } from '../text/shownRun';
import { wasStopped } from '../../runs/wasStopped';
import { accuracyNames, lossNames } from './metricNames';
import type { StepScale } from './stepScale';

/** A worker that printed before and then nothing for this long is called silent. */
export const silentAfterMs = 30_000;

/** Newest value of the first of these names that the worker has. */
export function latestOf(
  metrics: WorkerMetrics | undefined,
  names: readonly MetricName[],
): MetricPoint | undefined {
  return names.map((name) => metrics?.latest[name]).find((point) => point !== undefined);
}

/** True while a worker should be printing and has stopped doing so; a host out of contact is another matter. */
export function isSilent(
  run: ShownRun,
  worker: ShownWorker,
  metrics: WorkerMetrics | undefined,
  now: number,
): boolean {
  return (
    run.state.kind === 'running' &&
    worker.state.kind === 'running' &&
    run.contact[contactHost(worker)]?.kind === 'connected' &&
    metrics?.lastByteAt !== undefined &&
    metrics.points > 0 &&
    now - metrics.lastByteAt > silentAfterMs
  );
}

/** `loss is nan since step 40`. */
export function divergedText({ name, text, epoch, step }: Diverged): string {
  const since =
    step === undefined ? (epoch === undefined ? '' : ` since epoch ${epoch}`) : ` since step ${step}`;
  return `${name} is ${text}${since}`;
}

/** The newest loss is no number: what was one before is not the loss any more. */
function isDiverged(own: WorkerMetrics | undefined): boolean {
  return own?.diverged?.some(({ name }) => lossNames.includes(name)) ?? false;
}

/**
 * One row per worker, in the order of the run; a worker that only tags name has the colour of its rank, so that one that
 * appears late changes no other's. `now` in milliseconds since the epoch, `followed` is false for what was
 * only last seen.
 */
export function workerRows(
  run: ShownRun,
  metrics: RunMetrics | undefined,
  scaleOf: (worker: string) => StepScale | undefined,
  seen: { now: number; followed: boolean },
): WorkerRow[] {
  const versus = versusMedian(run, metrics);
  return run.workers.map((worker, index) => {
    const own = metrics?.metrics(worker.id);
    const newest = newestStep(own);
    const [state, stateText] = stateOf(run, worker, metrics, seen);
    return {
      id: worker.id,
      index: worker.identity === undefined ? index : (worker.rank ?? index),
      name: workerTitle(worker),
      host: worker.node ?? worker.host,
      local: worker.localIndex ?? null,
      rank: worker.rank ?? null,
      step: newest === undefined ? null : stepOf(newest, scaleOf(worker.id)),
      throughput: own?.latest.throughput?.value ?? null,
      accuracy: latestOf(own, accuracyNames)?.value ?? null,
      loss: isDiverged(own) ? null : (latestOf(own, lossNames)?.value ?? null),
      versusMedian: versus.get(worker.id) ?? null,
      lastLine: own?.lastLine ?? '',
      state,
      stateText: worker.attempt > 1 ? `${stateText} · attempt ${worker.attempt}` : stateText,
      points: own?.points ?? 0,
    };
  });
}

function stepOf({ epoch, step }: MetricPoint, scale: StepScale | undefined): number | null {
  const counted = scale?.step(epoch ?? NaN, step ?? NaN) ?? NaN;
  return Number.isNaN(counted) ? null : counted;
}

function newestStep(metrics: WorkerMetrics | undefined): MetricPoint | undefined {
  let newest: MetricPoint | undefined;
  for (const point of Object.values(metrics?.latest ?? {})) {
    if (point.step !== undefined && point.offset >= (newest?.offset ?? 0)) newest = point;
  }
  return newest;
}

/**
 * Fraction over (+) or under (-) the median speed. Own compute time says more than samples/s where a log has it:
 * with gradient averaging all ranks show the speed of the slowest.
 */
function versusMedian(run: ShownRun, metrics: RunMetrics | undefined): Map<string, number> {
  const result = new Map<string, number>();
  if (metrics === undefined) return result;
  const speeds = new Map<string, number>();
  for (const name of ['compute_time', 'throughput'] as const) {
    speeds.clear();
    for (const { id } of run.workers) {
      const point = metrics.metrics(id)?.latest[name];
      if (point === undefined || point.scope !== 'worker' || point.value <= 0) continue;
      speeds.set(id, name === 'throughput' ? point.value : 1 / point.value);
    }
    if (speeds.size > 1) break;
  }
  if (speeds.size > 1) {
    const middle = median(speeds.values());
    for (const [id, speed] of speeds) result.set(id, speed / middle - 1);
  }
  for (const { worker, behind } of metrics.slow) result.set(worker, -behind);
  return result;
}

function exitedState(run: ShownRun, worker: string, code: number): [WorkerStateKind, string] {
  if (code === 0) return ['exited', 'finished'];
  return wasStopped(run, worker) ? ['stopped', `stopped (exit ${code})`] : ['failed', `exit ${code}`];
}

function stateOf(
  run: ShownRun,
  worker: ShownWorker,
  metrics: RunMetrics | undefined,
  { now, followed }: { now: number; followed: boolean },
): [WorkerStateKind, string] {
  switch (worker.state.kind) {
    case 'waiting':
      return ['waiting', 'waiting'];
    case 'exited':
      return exitedState(run, worker.id, worker.state.code);
    case 'gone':
      return ['gone', 'gone'];
    case 'over':
      return ['exited', 'over'];
    case 'running':
      break;
  }
  if (run.contact[contactHost(worker)]?.kind === 'unreachable') return ['unreachable', 'host unreachable'];
  if (!followed) return ['unreachable', 'last seen running'];
  const own = metrics?.metrics(worker.id);
  const diverged = own?.diverged?.[0];
  if (diverged !== undefined) return ['running', `running · ${divergedText(diverged)}`];
  const slow = metrics?.slow.find((one) => one.worker === worker.id);
  if (slow !== undefined) return ['slow', `slow since step ${slow.sinceStep}`];
  if (isSilent(run, worker, own, now)) return ['silent', 'silent'];
  if (own?.quietByDesign === true) return ['running', 'running · rank 0 reports'];
  return ['running', 'running'];
}
