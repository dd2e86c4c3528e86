import type { Core } from '../core';
import { compareRuns, type ComparedRun, type ComparisonRow } from '../metrics/compare';
import type { RunView } from '../runs/model';
import type { GroupView } from '../runs/trials/groupView';
import { runTitle } from './text/runText';

/** A run to compare; equal labels are repeats of one row. */
export interface Compared {
  label: string;
  run: RunView;
}

/** The trials of a group that have finished, repeats of one combination together. */
export function comparedTrials({ launch, trials }: GroupView): Compared[] {
  return trials.flatMap(({ view, state, values }) => {
    if (view === undefined || state !== 'done') return [];
    const label = Object.entries(values)
      .map(([name, value]) => `${name} ${value}`)
      .join(' · ');
    return [{ label: label === '' ? launch : label, run: view }];
  });
}

/** Each run as a row of its own. */
export function comparedAlone(runs: readonly RunView[]): Compared[] {
  return runs.map((run) => ({ label: runTitle(run), run }));
}

/** Reads the logs of the runs and compares them; the first is what the others are measured by. */
export async function readComparison(core: Core, compared: readonly Compared[]): Promise<ComparisonRow[]> {
  const runs: ComparedRun[] = [];
  for (const { label, run } of compared) {
    const metrics = await core.openMetrics(run.id);
    try {
      const points = metrics.workers.flatMap((worker) =>
        metrics.names.flatMap((name) => [...metrics.points(worker, name)]),
      );
      const workers = Math.max(run.plan.np, run.workers.length, metrics.workers.length);
      runs.push({ label, workers, seconds: seconds(run), points });
    } finally {
      metrics.dispose();
    }
  }
  return compareRuns(runs);
}

/** From the start of the processes: time in a queue is not training. It may be seen later than a short run ends. */
function seconds({ times, startedAt, endedAt }: RunView): number | undefined {
  if (endedAt === undefined) return undefined;
  const seen = times?.startedAt ?? startedAt;
  return (endedAt - (seen < endedAt ? seen : startedAt)) / 1000;
}
