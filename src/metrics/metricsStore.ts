import { systemClock, type Clock } from '../base/clock';
import { Emitter } from '../base/emitter';
import { Pace } from '../base/pace';
import type { LogBytes } from '../runs/model';
import { ClockFile } from './clockFile';
import { unitOf } from './dialects/dialect';
import { lazyArray } from './lazyArray';
import { oneLine } from '../base/plainText';
import type { MetricName, MetricPoint } from './point';
import type { RunMetrics, SlowWorker, WorkerMetrics } from './runMetrics';
import { SlowDetector } from './slow';
import { WorkerPipeline } from './workerPipeline';
import type { WorkerSeries } from './workerSeries';

const changeIntervalMs = 100;
const lastLineLength = 500;

interface Entry {
  pipeline: WorkerPipeline;
  /** Milliseconds since the epoch. */
  lastByteAt: number | undefined;
}

function splitId(worker: string): { host: string; process: string } {
  const slash = worker.lastIndexOf('/');
  return { host: worker.slice(0, slash), process: worker.slice(slash + 1) };
}

/**
 * All numbers of one run, from the bytes of its logs. The launcher's own output (`host/launcher`) can be fed too: it
 * has a last line, but is no worker and has no part in `workers`, `names` and `slow`.
 */
export class MetricsStore implements RunMetrics {
  private readonly entries = new Map<string, Entry>();
  private readonly clockFiles = new Map<string, ClockFile>();
  private readonly detector = new SlowDetector();
  private readonly clock: Clock;
  private readonly changes = new Emitter<{ reset: boolean }>();
  private pending: { reset: boolean } | undefined;
  private readonly pace = new Pace();
  private timer: NodeJS.Timeout | undefined;
  private slowNow: readonly SlowWorker[] | undefined;

  readonly onDidChange = this.changes.event;

  /** @param options.workers Ids to list from the start, in this order; others are added as they print. */
  constructor(options: { workers?: readonly string[]; clock?: Clock } = {}) {
    this.clock = options.clock ?? systemClock;
    for (const worker of options.workers ?? []) this.entry(worker);
  }

  /**
   * Takes bytes of a log, in any overlap. @throws RankwiseError `metrics.hole` when bytes before them are missing:
   * feed those first, then these again.
   */
  feed(piece: LogBytes): void {
    const entry = this.entry(piece.worker);
    const outcome = entry.pipeline.feed(piece);
    if (outcome === 'unchanged') return;
    entry.lastByteAt = this.clock.now();
    this.changed(outcome === 'reset');
  }

  /** Takes bytes of the `clock` file of a process, in any overlap. @throws RankwiseError `metrics.hole`. */
  feedClock(worker: string, bytes: Uint8Array, offset: number): void {
    let file = this.clockFiles.get(worker);
    if (file === undefined) {
      file = new ClockFile(worker);
      this.clockFiles.set(worker, file);
    }
    if (file.feed(bytes, offset)) this.changed(false);
  }

  /** The worker will print no more: its unfinished last line is read too. */
  end(worker: string): void {
    this.entry(worker).pipeline.end();
    this.changed(false);
  }

  get workers(): readonly string[] {
    return [...this.entries.keys()].filter((worker) => splitId(worker).process !== 'launcher');
  }

  get names(): readonly MetricName[] {
    const names = new Set<MetricName>();
    for (const series of this.workerSeries().values()) for (const name of series.names) names.add(name);
    return [...names];
  }

  get slow(): readonly SlowWorker[] {
    this.slowNow ??= this.detector.update(this.workerSeries());
    return this.slowNow;
  }

  metrics(worker: string): WorkerMetrics | undefined {
    const entry = this.entries.get(worker);
    if (entry === undefined) return undefined;
    const { series, lastLine, lines, points } = entry.pipeline;
    const latest: Partial<Record<MetricName, MetricPoint>> = {};
    for (const name of series.names) {
      latest[name] = this.point(worker, series, name, series.length(name) - 1);
    }
    const text = oneLine(lastLine, lastLineLength);
    return { worker, latest, lastLine: text, lastByteAt: entry.lastByteAt, lines, points };
  }

  /**
   * All points in the order of the log, as they are now: the list does not grow. Each is made when it is read (its
   * time looked up then), so `slice(from)` costs only what it returns.
   */
  points(worker: string, name: MetricName): readonly MetricPoint[] {
    const series = this.entries.get(worker)?.pipeline.series;
    if (series === undefined) return [];
    return lazyArray(series.length(name), (index) => this.point(worker, series, name, index));
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.changes.dispose();
  }

  private entry(worker: string): Entry {
    let entry = this.entries.get(worker);
    if (entry === undefined) {
      entry = { pipeline: new WorkerPipeline(worker), lastByteAt: undefined };
      this.entries.set(worker, entry);
    }
    return entry;
  }

  private workerSeries(): Map<string, WorkerSeries> {
    const found = new Map<string, WorkerSeries>();
    for (const worker of this.workers) found.set(worker, this.entry(worker).pipeline.series);
    return found;
  }

  private point(worker: string, series: WorkerSeries, name: MetricName, index: number): MetricPoint {
    const { value, epoch, step, offset } = series.sample(name, index);
    const { process } = splitId(worker);
    return {
      worker,
      name,
      value,
      unit: unitOf(name),
      scope: series.scope(name),
      epoch: Number.isNaN(epoch) ? undefined : epoch,
      step: Number.isNaN(step) ? undefined : step,
      offset,
      time: this.clockFiles.get(worker)?.timeAt(process, offset),
    };
  }

  private changed(reset: boolean): void {
    this.slowNow = undefined;
    this.pending = { reset: reset || this.pending?.reset === true };
    this.timer ??= setTimeout(() => {
      const change = this.pending ?? { reset: false };
      this.pace.mark();
      this.timer = undefined;
      this.pending = undefined;
      this.changes.fire(change);
    }, this.pace.waitMs(changeIntervalMs));
  }
}
