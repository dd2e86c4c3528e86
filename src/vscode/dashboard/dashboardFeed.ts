import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import { Pace } from '../../base/pace';
import type { RunMetrics } from '../../metrics/runMetrics';
import type { Snapshot, ToPage, ViewOptions } from '../../protocol/dashboard';
import type { RunView } from '../../runs/model';
import { ChartBuilder } from './charts';
import { RunEvents } from './runEvents';
import { delta, snapshot } from './snapshot';

const batchMs = 100;
/** A picture that takes long to compute is computed less often: at most a fifth of the time goes into it. */
const restFactor = 4;
const mostRestMs = 2000;
/** Silence and lost contact show without any news from the hosts. */
const lookMs = 1000;

export interface FeedSource {
  run(): RunView | undefined;
  metrics(): RunMetrics | undefined;
  clock: Clock;
  /** Whether the workspace is trusted: else no host is asked. */
  trusted(): boolean;
}

/**
 * Keeps one page up to date: a snapshot when it asks, then what changed, batched, each message numbered. Nothing is
 * computed or sent before the page is ready or while it is hidden.
 */
export class DashboardFeed implements Disposable {
  private readonly derived = { charts: new ChartBuilder(), events: new RunEvents() };
  private view: ViewOptions | undefined;
  private shown: Snapshot | undefined;
  private cursor = 0;
  private saidUnavailable = false;
  private lastCostMs = 0;
  private visible = true;
  private readonly pace = new Pace();
  private batch: NodeJS.Timeout | undefined;
  private readonly look: NodeJS.Timeout;

  constructor(
    private readonly source: FeedSource,
    private readonly post: (message: ToPage) => void,
  ) {
    this.look = setInterval(() => this.changed(), lookMs);
  }

  /** The page looks at the run in this way; what differs is sent. */
  setView(view: ViewOptions): void {
    this.view = view;
    this.changed();
  }

  /** Sends everything: the page is new, was hidden, or missed something. */
  sendAll(): void {
    this.shown = undefined;
    this.saidUnavailable = false;
    this.flush();
  }

  /** A hidden page is taken down by VS Code and says `ready` anew when it shows again. */
  setVisible(visible: boolean): void {
    if (visible === this.visible) return;
    this.visible = visible;
    if (visible) this.sendAll();
    else this.view = undefined;
  }

  /** Something about the run or its numbers is new. */
  changed(what: { reset: boolean } = { reset: false }): void {
    if (what.reset) this.derived.charts.reset();
    const restMs = Math.min(mostRestMs, Math.max(batchMs, restFactor * this.lastCostMs));
    this.batch ??= setTimeout(() => this.flush(), this.pace.waitMs(restMs));
  }

  dispose(): void {
    clearInterval(this.look);
    clearTimeout(this.batch);
    this.view = undefined;
  }

  private flush(): void {
    clearTimeout(this.batch);
    this.batch = undefined;
    this.pace.mark();
    if (this.view === undefined || !this.visible) return;
    const run = this.source.run();
    if (run === undefined) {
      this.shown = undefined;
      if (this.saidUnavailable) return;
      this.saidUnavailable = true;
      this.post({
        type: 'unavailable',
        message: 'This run is no longer known here',
        nextStep: 'It was removed; choose another one in the Runs view.',
      });
      return;
    }
    const begun = performance.now();
    const { clock } = this.source;
    const state = snapshot(
      run,
      this.source.metrics(),
      this.view,
      this.derived,
      clock.now(),
      this.source.trusted(),
    );
    const before = this.shown;
    this.shown = state;
    if (before === undefined || hasLost(before, state)) {
      this.post({ type: 'snapshot', cursor: ++this.cursor, state });
    } else {
      const change = delta(before, state);
      if (change !== undefined) this.post({ type: 'delta', cursor: ++this.cursor, change });
    }
    this.lastCostMs = performance.now() - begun;
  }
}

/** A worker known by a tag first and by its own log later has one row: the page is told anew which there are. */
function hasLost(before: Snapshot, after: Snapshot): boolean {
  const ids = new Set(after.workers.map(({ id }) => id));
  return before.workers.some(({ id }) => !ids.has(id));
}
