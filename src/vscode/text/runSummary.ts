import type { MetricName } from '../../metrics/point';
import type { RunMetrics, SlowWorker, WorkerMetrics } from '../../metrics/runMetrics';
import { identitiesOf, type Identities } from './shownRun';

/** The newest numbers of a run, as its rows show them. */
export interface RunSummary {
  /** Samples per second of the whole run. */
  throughput: number | undefined;
  /** Fraction 0-1. */
  accuracy: number | undefined;
  workers: ReadonlyMap<string, WorkerSummary>;
  /** The workers that only the logs name. */
  identities: Identities;
}

export interface WorkerSummary {
  throughput: number | undefined;
  step: number | undefined;
  slow: SlowWorker | undefined;
  /** It prints no numbers because rank 0 does so for all. */
  quietByDesign: boolean;
}

/** Which accuracy a row shows, best first. */
const accuracyNames: readonly MetricName[] = ['accuracy', 'train_accuracy', 'val_accuracy'];

/** Reduces the series of a run to the numbers of its rows. */
export function summarize(metrics: RunMetrics): RunSummary {
  const all = metrics.workers
    .map((worker) => metrics.metrics(worker))
    .filter((worker): worker is WorkerMetrics => worker !== undefined);
  const slow = new Map(metrics.slow.map((worker) => [worker.worker, worker]));
  return {
    throughput: totalThroughput(all),
    accuracy: meanAccuracy(all),
    workers: new Map(
      all.map((worker) => [
        worker.worker,
        {
          throughput: worker.latest.throughput?.value,
          step: worker.latest.throughput?.step ?? worker.latest.loss?.step,
          slow: slow.get(worker.worker),
          quietByDesign: worker.quietByDesign === true,
        },
      ]),
    ),
    identities: identitiesOf(metrics),
  };
}

/** A number of the whole job stands for itself; only per-worker numbers are added. */
function totalThroughput(workers: readonly WorkerMetrics[]): number | undefined {
  const points = workers.flatMap((worker) => worker.latest.throughput ?? []);
  if (points.length === 0) return undefined;
  const job = points.find((point) => point.scope === 'job');
  return job?.value ?? points.reduce((sum, point) => sum + point.value, 0);
}

function meanAccuracy(workers: readonly WorkerMetrics[]): number | undefined {
  for (const name of accuracyNames) {
    const values = workers.flatMap((worker) => worker.latest[name]?.value ?? []);
    if (values.length > 0) return values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return undefined;
}
