import type { CoreMetrics } from './coreMetrics';
import { compareRuns, type ComparedRun, type ComparisonRow } from './metrics/compare';
import { epochTable, type EpochRow } from './metrics/epochTable';
import type { MetricPoint } from './metrics/point';
import type { Run } from './runs/run';
import type { RunManager } from './runs/runManager';
import type { GroupManager } from './runs/trials/groupManager';
import { trialEnd } from './runs/trials/trialEnd';

/**
 * The comparison of runs, in their order. Trials of the same values are repeats of one row; runs that were not started as
 * trials are repeats where a person gave them the same name. Time is that of the training: without queue and set-up. What
 * failed is counted, and its numbers left out.
 */
export async function compare(metrics: CoreMetrics, runs: readonly Run[]): Promise<ComparisonRow[]> {
  return compareRuns(
    await Promise.all(
      runs.map(async (run): Promise<ComparedRun> => {
        const { launch, number, name, group, plan, workers, times } = run.view;
        const values = Object.entries(group?.values ?? {}).map(([key, value]) => `${key} ${value}`);
        const own = group === undefined ? (name ?? `${launch} #${number}`) : launch;
        return {
          label: values.length > 0 ? values.join(' · ') : own,
          workers: Math.max(plan.np, workers.length),
          seconds: times?.trainingSeconds,
          hasFailed: trialEnd(run.view)?.state === 'failed',
          points: await pointsOf(metrics, run),
        };
      }),
    ),
  );
}

/**
 * The runs that ids of runs and groups stand for. Of a group those that have ended well: a part of a run is no measurement. A
 * run that is named itself has a row however it ended.
 * @throws RankwiseError `run.unknown`
 */
export function comparedRuns(
  runs: Pick<RunManager, 'get' | 'require'>,
  groups: Pick<GroupManager, 'runsOf'>,
  ids: readonly string[],
): Run[] {
  return ids.flatMap((id) => {
    const trials = groups.runsOf(id);
    if (trials === undefined) return [runs.require(id)];
    const known = trials.flatMap((trial) => runs.get(trial) ?? []);
    return known.filter(({ view }) => trialEnd(view)?.state === 'done');
  });
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
