import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ToPage, ViewOptions } from '../../../../src/protocol/dashboard';
import { readToPage } from '../../../../src/protocol/dashboardGuards';
import { DashboardFeed } from '../../../../src/vscode/dashboard/dashboardFeed';
import { receive, type PageState } from '../../../../webview/dashboard/dashboardState';
import { scenario, type Scenario } from '../../../support/dashboard/scenarios';

const view: ViewOptions = {
  axis: 'step',
  smoothing: 0,
  range: null,
  points: 2000,
  left: null,
  right: null,
  picked: [],
};
const log = (steps: number[]) =>
  steps.map((step) => `epoch=9 step=${step} accuracy=0.5 throughput=100 compute_time=0.2\n`).join('');

let world: Scenario;
let sent: ToPage[];
let feed: DashboardFeed;
let known: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  world = scenario({ steps: 0 });
  sent = [];
  known = true;
  const source = {
    run: () => (known ? world.run : undefined),
    metrics: () => world.metrics,
    clock: { now: () => world.now },
    trusted: () => true,
  };
  feed = new DashboardFeed(source, (message) => sent.push(message));
  world.metrics.onDidChange((change) => feed.changed(change));
});
afterEach(() => {
  feed.dispose();
  world.metrics.dispose();
  vi.useRealTimers();
});

let offset: number;
function print(text: string, at: number): void {
  const bytes = new TextEncoder().encode(text);
  world.metrics.feed({ run: 'r', worker: 'node1/0', offset: at, generation: 0, bytes });
  offset = at + bytes.length;
}

/** What a page that got every message knows. */
function page(): PageState {
  return sent.reduce<PageState>(
    (state, message) => {
      const checked = readToPage(structuredClone(message));
      if (checked === undefined) throw new Error('the page would refuse this message');
      const next = receive(state, checked);
      expect(next.missed).toBe(false);
      return next.state;
    },
    { kind: 'loading' },
  );
}

describe('a feed', () => {
  it('says nothing before the page is ready', () => {
    print(log([1]), 0);
    vi.advanceTimersByTime(5000);
    expect(sent).toEqual([]);
  });

  it('sends a snapshot, then batches of what was added; the page ends with every point', () => {
    feed.setView(view);
    feed.sendAll();
    expect(sent.map(({ type }) => type)).toEqual(['snapshot']);
    print(log([1, 2, 3]), 0);
    print(log([4]), offset);
    vi.advanceTimersByTime(300);
    print(log([5, 6]), offset);
    vi.advanceTimersByTime(300);
    expect(sent.map(({ type }) => type)).toEqual(['snapshot', 'delta', 'delta']);
    const state = page();
    if (state.kind !== 'shown') throw new Error('not shown');
    expect(state.snapshot.charts[0]?.series[0]).toMatchObject({ key: 'node1/0', x: [1, 2, 3, 4, 5, 6] });
    const [, , second] = sent;
    expect(second?.type === 'delta' && second.change.charts?.[0]?.changes[0]).toMatchObject({
      keep: 4,
      x: [5, 6],
    });
  });

  it('says nothing when nothing changed', () => {
    feed.setView(view);
    feed.sendAll();
    vi.advanceTimersByTime(10_000);
    expect(sent).toHaveLength(1);
  });

  it('sends nothing while hidden, and everything when the page is ready again', () => {
    feed.setView(view);
    feed.sendAll();
    feed.setVisible(false);
    print(log([1, 2]), 0);
    vi.advanceTimersByTime(5000);
    expect(sent).toHaveLength(1);
    feed.setVisible(true);
    feed.setView(view);
    feed.sendAll();
    const again = sent.at(-1);
    expect(again?.type === 'snapshot' && again.state.charts[0]?.series[0]?.x).toEqual([1, 2]);
  });

  it('draws anew what a replaced log says', () => {
    feed.setView(view);
    feed.sendAll();
    print(log([1, 2, 3]), 0);
    vi.advanceTimersByTime(300);
    const bytes = new TextEncoder().encode(log([7]));
    world.metrics.feed({ run: 'r', worker: 'node1/0', offset: 0, generation: 1, bytes });
    vi.advanceTimersByTime(300);
    const state = page();
    expect(state.kind === 'shown' && state.snapshot.charts[0]?.series[0]?.x).toEqual([7]);
  });

  it('says once that the run is not known', () => {
    known = false;
    feed.setView(view);
    feed.sendAll();
    vi.advanceTimersByTime(5000);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ type: 'unavailable' });
  });
});
