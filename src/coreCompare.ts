import type { CoreMetrics } from './coreMetrics';
import { compareRuns, type ComparedRun, type ComparisonRow } from './metrics/compare';
import { epochTable, type EpochRow } from './metrics/epochTable';
import type { MetricPoint } from './metrics/point';
import type { Run } from './runs/run';

/**
 * The comparison of runs, in their order. Trials of the same values are repeats of one row; runs that were not started as
 * trials are repeats where a person gave them the same name. Time is that of the training: without queue and set-up.
 */
export async function compare(metrics: CoreMetrics, runs: readonly Run[]): Promise<ComparisonRow[]> {
  return compareRuns(
    await Promise.all(
      runs.map(async (run): Promise<ComparedRun> => {
        const { launch, number, name, group, plan, times, startedAt, endedAt } = run.view;
        const values = Object.entries(group?.values ?? {}).map(([key, value]) => `${key} ${value}`);
        const own = group === undefined ? (name ?? `${launch} #${number}`) : launch;
        const begun = times?.startedAt ?? startedAt;
        return {
          label: values.length > 0 ? values.join(' · ') : own,
          workers: plan.np,
          seconds: endedAt === undefined ? undefined : (endedAt - begun) / 1000,
          points: await pointsOf(metrics, run),
        };
      }),
    ),
  );
}

/** The table of one run: a row for each epoch and worker. */
export async function epochs(metrics: CoreMetrics, run: Run): Promise<EpochRow[]> {
  return epochTable(await pointsOf(metrics, run));
}

async function pointsOf(metrics: CoreMetrics, run: Run): Promise<MetricPoint[]> {
  const opened = await metrics.of(run);
  try {
    return opened.workers.flatMap((worker) =>
      opened.names.flatMap((name) => [
        ...opened.points(worker, name, 'worker'),
        ...opened.points(worker, name, 'job'),
      ]),
    );
  } finally {
    opened.dispose();
  }
}
