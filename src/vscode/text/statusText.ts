import { count, formatRate, joinParts } from './format';

/** `2 runs · 1,240/s` for the status bar. */
export function statusText(activeRuns: number, throughput: number | undefined): string {
  return joinParts([
    count(activeRuns, 'run'),
    throughput === undefined ? undefined : `${formatRate(throughput)}/s`,
  ]);
}
