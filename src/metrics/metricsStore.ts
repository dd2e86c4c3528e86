import { systemClock, type Clock } from '../base/clock';
import { Emitter } from '../base/emitter';
import { Pace } from '../base/pace';
import { oneLine } from '../base/plainText';
import type { LogBytes } from '../runs/model';
import { ClockFile } from './clockFile';
import { unitOf, type Dialect } from './dialects/dialect';
import { lazyArray } from './lazyArray';
import { LogPipeline, type LogOptions } from './logPipeline';
import type { MetricName, MetricPoint, Scope } from './point';
import type { Diverged, RunMetrics, SlowWorker, WorkerIdentity, WorkerMetrics } from './runMetrics';
import { SlowDetector } from './slow';
import { optionsOfLog } from './storeOptions';
import { WorkerNames } from './workerNames';
import type { WorkerRecord } from './workerRecord';
import type { WorkerSeries } from './workerSeries';

const changeIntervalMs = 100;
const lastLineLength = 500;

interface Log {
  pipeline: LogPipeline;
  /** Milliseconds since the epoch. */
  lastByteAt: number | undefined;
}

/** A worker, and where its lines stand. */
interface Place {
  log: string;
  record: WorkerRecord;
  identity: WorkerIdentity | undefined;
}

/** What a store is told about a run before its first byte. */
export interface StoreOptions {
  /** Ids to list from the start, in this order; others are added as they print. */
  workers?: readonly string[];
  /** Ranks of those of them that are known: lines that a launcher's log tags with the rank are theirs. */
  ranks?: ReadonlyMap<string, number>;
  /** How to read the logs, by id (`host/launcher`); a log that is not named here is of one worker. */
  logs?: ReadonlyMap<string, LogOptions>;
  /** Dialects that a person defined, for logs that `logs` does not name (mpirun's workers). */
  dialects?: readonly Dialect[];
  /** Units of metrics that a person defined. */
  units?: ReadonlyMap<MetricName, string>;
  clock?: Clock;
}

/** Ids of workers with a log of their own: a local index, or the numbers of an array's task, a step and a task. */
const task = /^\d+(?:-\d+)*$/;

function processOf(log: string): string {
  return log.slice(log.lastIndexOf('/') + 1);
}

/**
 * All numbers of one run, from the bytes of its logs. A log is of one worker, or, where {@link StoreOptions.logs} says
 * so, of all workers that its tags name. A launcher's own output (`host/launcher`, and what no worker printed in a log
 * with tags) has a last line, but is no worker and has no part in `workers`, `names` and `slow`.
 */
export class MetricsStore implements RunMetrics {
  private readonly logs = new Map<string, Log>();
  private readonly planned = new Set<string>();
  private readonly workerNames: WorkerNames;
  private readonly clockFiles = new Map<string, ClockFile>();
  private readonly detector = new SlowDetector();
  private readonly clock: Clock;
  private readonly changes = new Emitter<{ reset: boolean }>();
  private pending: { reset: boolean } | undefined;
  private readonly pace = new Pace();
  private timer: NodeJS.Timeout | undefined;
  private slowNow: readonly SlowWorker[] | undefined;
  private placesNow: ReadonlyMap<string, Place> | undefined;
  private rank0ReportsNow: boolean | undefined;

  readonly onDidChange = this.changes.event;

  constructor(private readonly options: StoreOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.workerNames = new WorkerNames(options.ranks ?? new Map());
    for (const worker of options.workers ?? []) this.planned.add(worker);
  }

  /**
   * Takes bytes of a log, in any overlap. @throws RankwiseError `metrics.hole` when bytes before them are missing:
   * feed those first, then these again.
   */
  feed(piece: LogBytes): void {
    const log = this.log(piece.worker);
    const outcome = log.pipeline.feed(piece);
    if (outcome === 'unchanged') return;
    log.lastByteAt = this.clock.now();
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

  /** The log (`host/id`) will grow no more: its unfinished last line is read too, and what waited for a rank. */
  end(log: string): void {
    const known = this.logs.get(log);
    if (known === undefined) return;
    known.pipeline.end();
    this.changed(false);
  }

  /** Ids of all logs that were fed or ended, also the launcher's. */
  get logIds(): readonly string[] {
    return [...this.logs.keys()];
  }

  get workers(): readonly string[] {
    return [...this.places().keys()];
  }

  get names(): readonly MetricName[] {
    const names = new Set<MetricName>();
    for (const { record } of this.places().values()) for (const name of record.series.names) names.add(name);
    return [...names];
  }

  get slow(): readonly SlowWorker[] {
    this.slowNow ??= this.detector.update(this.workerSeries());
    return this.slowNow;
  }

  metrics(worker: string): WorkerMetrics | undefined {
    const place = this.find(worker);
    if (place === undefined) return undefined;
    const { record, identity, log } = place;
    const { series, lastLine, points } = record;
    const latest: Record<string, MetricPoint> = {};
    for (const name of series.names) {
      const scope = series.scope(name);
      latest[name] = this.point(worker, place, name, scope, series.length(name, scope) - 1);
    }
    const pipeline = this.logs.get(log)?.pipeline;
    const lines = pipeline?.own === record ? pipeline.lines : record.lines;
    const lastByteAt = this.logs.get(log)?.lastByteAt;
    const quietByDesign = points === 0 && this.rank0Reports();
    return {
      worker,
      latest,
      lastLine: oneLine(lastLine, lastLineLength),
      lastByteAt,
      lines,
      points,
      ...(identity === undefined ? {} : { identity }),
      ...(quietByDesign ? { quietByDesign } : {}),
      ...(record.notFinite.size === 0 ? {} : { diverged: this.diverged(place) }),
    };
  }

  private diverged({ record, log }: Place): Diverged[] {
    const clock = this.clockFiles.get(log);
    return [...record.notFinite.values()].map(({ offset, ...one }) => ({
      ...one,
      time: clock?.timeAt(processOf(log), offset),
    }));
  }

  /**
   * All points in the order of the log, as they are now: the list does not grow. Each is made when it is read (its
   * time looked up then), so `slice(from)` costs only what it returns.
   */
  points(worker: string, name: MetricName, scope?: Scope): readonly MetricPoint[] {
    const place = this.find(worker);
    if (place === undefined) return [];
    const { series } = place.record;
    const whose = scope ?? series.scope(name);
    return lazyArray(series.length(name, whose), (index) => this.point(worker, place, name, whose, index));
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.changes.dispose();
  }

  private log(id: string): Log {
    let log = this.logs.get(id);
    if (log === undefined) {
      const dialects = this.options.dialects ?? [];
      const options = optionsOfLog(this.options, id) ?? { dialects };
      log = { pipeline: new LogPipeline(id, options), lastByteAt: undefined };
      this.logs.set(id, log);
      this.placesNow = undefined;
    }
    return log;
  }

  private find(worker: string): Place | undefined {
    const place = this.places().get(worker);
    if (place !== undefined) return place;
    const log = this.logs.get(worker);
    return log === undefined ? undefined : { log: worker, record: log.pipeline.own, identity: undefined };
  }

  /** All workers: the planned ones in their order, then others as they were seen, ranks in order. */
  private places(): ReadonlyMap<string, Place> {
    this.placesNow ??= this.placed();
    return this.placesNow;
  }

  private placed(): Map<string, Place> {
    const found = new Map<string, Place>();
    for (const [id, { pipeline }] of this.logs) {
      if (this.isOfOneWorker(id)) found.set(id, { log: id, record: pipeline.own, identity: undefined });
    }
    for (const [log, { pipeline }] of this.logs) {
      const isScript = optionsOfLog(this.options, log)?.isWorker === true;
      for (const [key, record] of pipeline.workers) {
        // Beside tasks with logs of their own, what repeats in the script's log is no further worker.
        if (isScript && key.startsWith('lane/') && this.hasTasks()) continue;
        const isItself = isScript && key === 'rank/0' && found.has(log);
        const worker = isItself ? log : this.workerNames.name(log, key);
        // What a worker wrote into a log of its own is more than what the launcher passed on.
        if (!isItself && (found.get(worker)?.record.lines ?? 0) > 0) continue;
        const identity = this.workerNames.identity(log, key, pipeline.attributes(key));
        found.set(worker, { log, record, identity });
      }
    }
    const places = new Map<string, Place>();
    for (const worker of this.planned) {
      // A script that was the worker until it started tasks.
      if (optionsOfLog(this.options, worker)?.isWorker === true && this.hasTasks()) continue;
      const place = found.get(worker) ?? this.silent(worker);
      places.set(worker, place);
      found.delete(worker);
    }
    const others = [...found].filter(([, { identity }]) => identity === undefined);
    const tagged = [...found].filter(([, { identity }]) => identity !== undefined);
    tagged.sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
    for (const [worker, place] of [...others, ...tagged]) places.set(worker, place);
    return places;
  }

  /** A planned worker of which nothing was seen. */
  private silent(worker: string): Place {
    return { log: worker, record: this.log(worker).pipeline.own, identity: undefined };
  }

  /** Logs of workers are named by their local index, those of launchers and services by a word. */
  private isOfOneWorker(log: string): boolean {
    const { tags = 'none', isWorker = false } = optionsOfLog(this.options, log) ?? {};
    if (isWorker) return !this.hasTasks();
    return tags === 'none' && (this.planned.has(log) || task.test(processOf(log)));
  }

  /** Whether a process has a log of its own, so that a script which started it is its launcher. */
  private hasTasks(): boolean {
    return [...this.logs.keys()].some((log) => task.test(processOf(log)));
  }

  private rank0Reports(): boolean {
    this.rank0ReportsNow ??= [...this.places().values()].some(({ record }) => record.rank0Reports);
    return this.rank0ReportsNow;
  }

  private workerSeries(): Map<string, WorkerSeries> {
    const found = new Map<string, WorkerSeries>();
    for (const [worker, { record }] of this.places()) found.set(worker, record.series);
    return found;
  }

  private point(
    worker: string,
    { log, record }: Place,
    name: MetricName,
    scope: Scope,
    index: number,
  ): MetricPoint {
    const { value, epoch, step, offset } = record.series.sample(name, index, scope);
    return {
      worker,
      name,
      value,
      unit: this.options.units?.get(name) ?? unitOf(name),
      scope,
      epoch: Number.isNaN(epoch) ? undefined : epoch,
      step: Number.isNaN(step) ? undefined : step,
      offset,
      time: this.clockFiles.get(log)?.timeAt(processOf(log), offset),
    };
  }

  private changed(reset: boolean): void {
    this.slowNow = undefined;
    this.placesNow = undefined;
    this.rank0ReportsNow = undefined;
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
