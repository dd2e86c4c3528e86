import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/emitter';
import type { Logger } from '../base/logger';
import type { Core } from '../core';
import type { RunMetrics } from '../metrics/runMetrics';
import { summarize, type RunSummary } from './text/runSummary';
import { isActive } from './text/runText';

/** Of runs that ended, this many of the newest get their numbers: each costs one reading of its logs. */
const endedRunsShown = 30;

/** The part of the core that is read here. */
interface RunSource {
  readonly runs: Pick<Core['runs'], 'all' | 'get' | 'onDidChange'>;
  openMetrics: Core['openMetrics'];
}

/**
 * The newest numbers of runs. Those that are active are followed; those that ended are read once, one after the
 * other, and only while somebody looks.
 */
export class RunSummaries implements Disposable {
  private readonly changed = new Emitter<{ run: string }>();
  readonly onDidChange = this.changed.event;
  private readonly live = new Map<string, { metrics: RunMetrics | undefined }>();
  private readonly summaries = new Map<string, RunSummary>();
  private readonly read = new Set<string>();
  private readonly subscription: Disposable;
  private readonly viewers = new Set<object>();
  private reading = false;
  private disposed = false;

  constructor(
    private readonly core: RunSource,
    private readonly logger: Logger,
  ) {
    this.subscription = core.runs.onDidChange(() => this.update());
    this.update();
  }

  get(run: string): RunSummary | undefined {
    return this.summaries.get(run);
  }

  /** Says whether a viewer looks at runs that ended. */
  setVisible(viewer: object, visible: boolean): void {
    if (visible) this.viewers.add(viewer);
    else this.viewers.delete(viewer);
    this.update();
  }

  dispose(): void {
    this.disposed = true;
    this.subscription.dispose();
    for (const { metrics } of this.live.values()) metrics?.dispose();
    this.live.clear();
    this.changed.dispose();
  }

  private update(): void {
    for (const run of this.core.runs.all) {
      if (isActive(run.state) && !this.live.has(run.id)) void this.follow(run.id);
    }
    for (const [id, { metrics }] of this.live) {
      const run = this.core.runs.get(id);
      if (run !== undefined && isActive(run.state)) continue;
      this.live.delete(id);
      metrics?.dispose();
      if (run === undefined) this.summaries.delete(id);
    }
    if (this.viewers.size > 0 && !this.reading) void this.readEnded();
  }

  private async follow(id: string): Promise<void> {
    const entry: { metrics: RunMetrics | undefined } = { metrics: undefined };
    this.live.set(id, entry);
    const metrics = await this.open(id);
    if (metrics === undefined) return;
    if (this.live.get(id) !== entry) {
      metrics.dispose();
      return;
    }
    entry.metrics = metrics;
    metrics.onDidChange(() => this.store(id, metrics));
    this.store(id, metrics);
  }

  private async readEnded(): Promise<void> {
    this.reading = true;
    try {
      for (let id = this.nextEnded(); id !== undefined; id = this.nextEnded()) {
        this.read.add(id);
        const metrics = await this.open(id);
        if (metrics === undefined) continue;
        this.store(id, metrics);
        metrics.dispose();
      }
    } finally {
      this.reading = false;
    }
  }

  private nextEnded(): string | undefined {
    if (this.viewers.size === 0 || this.disposed) return undefined;
    const ended = this.core.runs.all.filter(({ state }) => !isActive(state));
    const newest = ended.toSorted((a, b) => b.startedAt - a.startedAt).slice(0, endedRunsShown);
    return newest.find(({ id }) => !this.read.has(id))?.id;
  }

  private async open(id: string): Promise<RunMetrics | undefined> {
    try {
      return await this.core.openMetrics(id);
    } catch (error) {
      this.logger.warn(`no numbers for run ${id}: ${String(error)}`);
      return undefined;
    }
  }

  private store(id: string, metrics: RunMetrics): void {
    if (this.disposed) return;
    this.summaries.set(id, summarize(metrics));
    this.changed.fire({ run: id });
  }
}
