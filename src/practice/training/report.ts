import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** Steps between two lines. */
export const reportEvery = 10;

/** What is printed about the steps since the line before. */
export interface Report {
  epoch: number;
  /** Counted over the whole run, so that a missing line shows as a gap. */
  step: number;
  /** Mean. */
  loss: number;
  /** Of the model as it is now, on this rank's share of the held-out samples. */
  accuracy: number;
  batch: number;
  /** Seconds of this process's own work on a step (median of the latest). */
  computeTime: number;
  /** Seconds spent waiting for the other ranks in a step (mean). */
  waitTime: number;
}

export function reportLine(report: Report): string {
  const { epoch, step, loss, accuracy, batch, computeTime, waitTime } = report;
  return [
    `epoch=${String(epoch)}`,
    `step=${String(step)}`,
    `loss=${loss.toFixed(4)}`,
    `accuracy=${accuracy.toFixed(4)}`,
    `throughput=${(batch / computeTime).toFixed(1)}`,
    `compute_time=${computeTime.toFixed(4)}`,
    `wait_time=${waitTime.toFixed(4)}`,
  ].join(' ');
}

/**
 * Prints lines; with RANKWISE_TRUTH_DIR set each is also appended, numbered from 1, to `rank-R.log` there: a second
 * record of what was printed, to compare with what arrived elsewhere.
 */
export function linePrinter(rank: number, truthDirectory: string | undefined): (line: string) => void {
  let number = 0;
  return (line) => {
    number += 1;
    if (truthDirectory !== undefined && truthDirectory !== '') {
      appendFileSync(join(truthDirectory, `rank-${String(rank)}.log`), `${String(number)}\t${line}\n`);
    }
    process.stdout.write(line + '\n');
  };
}
