import type { Core } from '../core';
import type { RunView } from '../runs/model';

/** A metric point as `points --json` gives it, one object a line. */
export interface PointJson {
  /** Worker id: `host/local index`, `rank/N`, `trial/NAME`. */
  worker: string;
  rank: number | null;
  /** Where it runs; for a task of a Slurm job its node, once that is known. */
  host: string;
  name: string;
  value: number;
  unit: string;
  /** `worker`, or `job` for a value of the whole job. */
  scope: string;
  epoch: number | null;
  step: number | null;
  /** ISO 8601, UTC (± 1 s); null where it is not known. */
  time: string | null;
}

/** All points of a run that are in the cache: worker by worker, name by name, in the order of the log. */
export async function* pointsOf(core: Core, run: RunView): AsyncGenerator<PointJson> {
  const metrics = await core.openMetrics(run.id);
  try {
    const processes = new Map(run.workers.map((worker) => [worker.id, worker]));
    for (const worker of metrics.workers) {
      const process = processes.get(worker);
      const identity = metrics.metrics(worker)?.identity;
      for (const name of metrics.names) {
        for (const point of [
          ...metrics.points(worker, name, 'worker'),
          ...metrics.points(worker, name, 'job'),
        ]) {
          yield {
            worker,
            rank: process?.rank ?? identity?.rank ?? null,
            host: process?.node ?? process?.host ?? identity?.host ?? '',
            name,
            value: point.value,
            unit: point.unit,
            scope: point.scope,
            epoch: point.epoch ?? null,
            step: point.step ?? null,
            time: point.time === undefined ? null : new Date(point.time * 1000).toISOString(),
          };
        }
      }
    }
  } finally {
    metrics.dispose();
  }
}
