import { count, formatRate, joinParts } from '../../text/format';

/**
 * `1 run · 1,240/s` or `2 runs` for the status bar.
 * @param throughput samples/s of the only run: rates of different trainings have no sum
 */
export function statusText(activeRuns: number, throughput: number | undefined): string {
  return joinParts([
    count(activeRuns, 'run'),
    throughput === undefined ? undefined : `${formatRate(throughput)}/s`,
  ]);
}
