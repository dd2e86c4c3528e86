import type { Core } from '../core';
import type { MetricPoint } from '../metrics/point';
import type { RunView } from '../runs/model';

/** A metric point as `points --json` gives it, one object a line. */
export interface PointJson {
  /** Worker id: `host/local index`, `rank/N`, `trial/NAME`. */
  worker: string;
  rank: number | null;
  /** Where it runs; for a task of a Slurm job its node, once that is known. */
  host: string;
  name: string;
  /** Null for a loss that is nan or infinite, with `text`: JSON has no such numbers. */
  value: number | null;
  /** As Python writes it: `nan`, `inf`, `-inf`; absent for numbers. */
  text?: 'nan' | 'inf' | '-inf';
  unit: string;
  /** `worker`, or `job` for a value of the whole job. */
  scope: string;
  epoch: number | null;
  step: number | null;
  /** ISO 8601, UTC (± 1 s); null where it is not known. */
  time: string | null;
}

/**
 * All points of a run that are in the cache: worker by worker, name by name, in the order of the log; then, for each worker,
 * its losses that are no numbers any more, from where they stopped being numbers.
 */
export async function* pointsOf(core: Core, run: RunView): AsyncGenerator<PointJson> {
  const metrics = await core.openMetrics(run.id);
  try {
    const processes = new Map(run.workers.map((worker) => [worker.id, worker]));
    for (const worker of metrics.workers) {
      const process = processes.get(worker);
      const { identity, diverged = [] } = metrics.metrics(worker) ?? {};
      const who = {
        worker,
        rank: process?.rank ?? identity?.rank ?? null,
        host: process?.node ?? process?.host ?? identity?.host ?? '',
      };
      for (const name of metrics.names) {
        for (const point of [
          ...metrics.points(worker, name, 'worker'),
          ...metrics.points(worker, name, 'job'),
        ]) {
          yield {
            ...who,
            name,
            value: point.value,
            unit: point.unit,
            scope: point.scope,
            ...placeOf(point),
          };
        }
      }
      for (const one of diverged) {
        const { name, text } = one;
        yield { ...who, name, value: null, text, unit: '', scope: 'worker', ...placeOf(one) };
      }
    }
  } finally {
    metrics.dispose();
  }
}

type Place = Pick<MetricPoint, 'epoch' | 'step' | 'time'>;

function placeOf({ epoch, step, time }: Place): Pick<PointJson, 'epoch' | 'step' | 'time'> {
  return {
    epoch: epoch ?? null,
    step: step ?? null,
    time: time === undefined ? null : new Date(time * 1000).toISOString(),
  };
}
