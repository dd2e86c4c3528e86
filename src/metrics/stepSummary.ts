import type { MetricPoint } from './point';

type Place = Pick<MetricPoint, 'epoch' | 'step'>;

/** Which steps a series has. */
export interface StepSummary {
  firstStep: number | undefined;
  lastStep: number | undefined;
  /** Steps that are missing by the series' usual stride, inside epochs, at their ends, and whole epochs. */
  gaps: number;
}

/** The most frequent value; of equally frequent ones the smallest. */
function usual(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: number | undefined;
  for (const [value, count] of [...counts].sort(([a], [b]) => a - b)) {
    if (best === undefined || count > (counts.get(best) ?? 0)) best = value;
  }
  return best;
}

/** Steps by epoch, in order. An epoch whose steps go on from the one before belongs to the same count. */
function countedRuns(points: readonly Place[]): { epoch: number; steps: number[] }[] {
  const runs: { epoch: number; steps: number[] }[] = [];
  for (const { epoch = 0, step } of points) {
    if (step === undefined) continue;
    const current = runs.at(-1);
    const last = current?.steps.at(-1);
    if (current === undefined || last === undefined || (epoch !== current.epoch && step <= last)) {
      runs.push({ epoch, steps: [step] });
    } else {
      current.epoch = epoch;
      if (step > last) current.steps.push(step);
    }
  }
  return runs;
}

/**
 * First and last step of a series, and how many steps are missing between them. Steps may be counted within each
 * epoch or through the whole run; repeated steps (a resumed training) are no gaps. Points without a step are left out.
 */
export function stepSummary(points: readonly Place[]): StepSummary {
  const runs = countedRuns(points);
  const strides = runs.flatMap(({ steps }) => steps.slice(1).map((step, i) => step - (steps[i] ?? step)));
  const stride = usual(strides) ?? 1;
  const missingBetween = (from: number, to: number): number =>
    Math.max(0, Math.round((to - from) / stride) - 1);

  let gaps = 0;
  for (const { steps } of runs) {
    steps.slice(1).forEach((step, i) => (gaps += missingBetween(steps[i] ?? step, step)));
  }
  const usualFirst = usual(runs.map(({ steps }) => steps[0] ?? 0)) ?? 0;
  const usualLast = usual(runs.slice(0, -1).map(({ steps }) => steps.at(-1) ?? 0)) ?? 0;
  const perEpoch = Math.round((usualLast - usualFirst) / stride) + 1;
  runs.forEach(({ epoch, steps }, index) => {
    const next = runs[index + 1];
    const previous = runs[index - 1];
    if (next !== undefined) gaps += missingBetween(steps.at(-1) ?? 0, usualLast + stride);
    if (previous !== undefined) {
      gaps += missingBetween(usualFirst - stride, steps[0] ?? 0);
      gaps += Math.max(0, epoch - previous.epoch - 1) * perEpoch;
    }
  });
  return { firstStep: runs[0]?.steps[0], lastStep: runs.at(-1)?.steps.at(-1), gaps };
}
