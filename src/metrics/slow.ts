import { ascending } from './median';
import type { SlowWorker } from './runMetrics';
import type { WorkerSeries } from './workerSeries';

/** With fewer workers the median says nothing about which one is odd. */
const fewestWorkers = 3;
/** Fraction under the median compute throughput from which a worker counts as slow. */
const slowFrom = 0.2;
/**
 * A worker is judged by its best of this many steps: noise only ever adds time, so a healthy worker on a busy machine
 * has a good step among a few, and a slow one has none.
 */
const bestOf = 5;
/** Judgements in a row that name it; with less, two workers sharing a core take turns in being named. */
const slowJudgements = 8;
/** A worker this many steps behind the front has ended or hangs; the others are compared without it. */
const leftBehind = 50;

interface Progress {
  worker: string;
  series: WorkerSeries;
  /** Next sample to look at. */
  next: number;
  /** Its place among the steps, once it is there. */
  key: number | undefined;
  /** Newest last, at most {@link bestOf}. */
  recent: { step: number; seconds: number }[];
  /** Slow judgements in a row. */
  streak: number;
  sinceStep: number;
  behind: number;
}

/** Orders samples by epoch, then step; lines that name no step by their number. */
function stepKey(series: WorkerSeries, index: number): number {
  const { epoch, step } = series.sample('compute_time', index);
  const within = Number.isNaN(step) ? index : step;
  return (Number.isNaN(epoch) ? 0 : epoch) * 2 ** 32 + within;
}

/** Place of the worker's next sample; undefined until it is printed. */
function nextKey(each: Progress): number | undefined {
  if (each.key === undefined && each.next < each.series.length('compute_time')) {
    each.key = stepKey(each.series, each.next);
  }
  return each.key;
}

function pass(each: Progress): void {
  each.next++;
  each.key = undefined;
}

function lastKey(series: WorkerSeries): number {
  return stepKey(series, series.length('compute_time') - 1);
}

/**
 * Names workers whose own compute time is much longer than the others'. With gradient averaging all workers step
 * together, so no other number shows who is slow. Works on from where it was; starts over when workers join, leave
 * or begin a new log.
 */
export class SlowDetector {
  private progress: Progress[] = [];

  /** Looks at all new steps that the workers have in common. */
  update(workers: ReadonlyMap<string, WorkerSeries>): readonly SlowWorker[] {
    const present = this.present(workers);
    const same =
      present.length === this.progress.length &&
      present.every(([worker, series], index) => {
        const known = this.progress[index];
        return known?.worker === worker && known.series === series;
      });
    if (!same) {
      this.progress = present.map(([worker, series]) => ({
        worker,
        series,
        next: 0,
        key: undefined,
        recent: [],
        streak: 0,
        sinceStep: 0,
        behind: 0,
      }));
    }
    if (this.progress.length < fewestWorkers) return [];
    while (this.alignNext()) this.judge();
    return this.progress
      .filter(({ streak }) => streak >= slowJudgements)
      .map(({ worker, behind, sinceStep }) => ({ worker, behind, sinceStep }));
  }

  /** Workers that print compute times and are not far behind the front. */
  private present(workers: ReadonlyMap<string, WorkerSeries>): [string, WorkerSeries][] {
    const printing = [...workers].filter(([, series]) => series.length('compute_time') > 0);
    let front: WorkerSeries | undefined;
    for (const [, series] of printing) {
      if (front === undefined || lastKey(series) > lastKey(front)) front = series;
    }
    if (front === undefined) return [];
    // The least of the front's newest steps, not the oldest of them: a resumed training counts from lower again.
    const length = front.length('compute_time');
    let limit = Infinity;
    for (let index = Math.max(0, length - 1 - leftBehind); index < length; index++) {
      limit = Math.min(limit, stepKey(front, index));
    }
    return printing.filter(([, series]) => lastKey(series) >= limit);
  }

  /** Moves every worker to the next step that all have; false when that is still to come. */
  private alignNext(): boolean {
    for (let highest = -Infinity; ;) {
      let lowest = Infinity;
      for (const each of this.progress) {
        let key = nextKey(each);
        while (key !== undefined && key < highest) {
          pass(each);
          key = nextKey(each);
        }
        if (key === undefined) return false;
        lowest = Math.min(lowest, key);
        highest = Math.max(highest, key);
      }
      if (lowest === highest) return true;
    }
  }

  private judge(): void {
    for (const each of this.progress) {
      const { value, step } = each.series.sample('compute_time', each.next);
      each.recent.push({ step: Number.isNaN(step) ? each.next : step, seconds: value });
      if (each.recent.length > bestOf) each.recent.shift();
      pass(each);
    }
    const best = this.progress.map(({ recent }) => Math.min(...recent.map(({ seconds }) => seconds)));
    // Of an even number the slower middle one: who is as slow as half of the workers is not the odd one out.
    const middle = ascending(best)[Math.floor(best.length / 2)] ?? NaN;
    this.progress.forEach((each, index) => {
      // Zero is below the resolution of the clock that measured: nothing can be compared.
      each.behind = middle > 0 ? 1 - middle / (best[index] ?? NaN) : 0;
      const first = each.recent[0];
      if (first === undefined || each.recent.length < bestOf) return;
      if (each.behind < slowFrom) each.streak = 0;
      else if (each.streak++ === 0) each.sinceStep = first.step;
    });
  }
}
