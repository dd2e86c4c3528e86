import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MetricsStore } from '../../../src/metrics/metricsStore';

const encode = (text: string) => new TextEncoder().encode(text);
const piece = (worker: string, offset: number, text: string, generation = 0) => ({
  run: 'r',
  worker,
  offset,
  generation,
  bytes: encode(text),
});

describe('MetricsStore', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('knows since when a loss is no number, and forgets it when it is one again', () => {
    const store = new MetricsStore({ workers: ['node1/0'] });
    const text = 'step=1 loss=2\nstep=2 loss=\x1b[31mnan\x1b[0m\nstep=3 loss=inf\n';
    store.feed(piece('node1/0', 0, text));
    store.feedClock('node1/0', encode('1700000000 0 14\n1700000003 0 90\n'), 0);
    expect(store.metrics('node1/0')?.diverged).toEqual([
      { name: 'loss', text: 'nan', epoch: undefined, step: 2, time: 1700000003 },
    ]);
    store.feed(piece('node1/0', text.length, 'step=4 loss=1\n'));
    expect(store.metrics('node1/0')?.diverged).toBeUndefined();
  });

  it('makes points of a log, with the time at which their line had been written', () => {
    const store = new MetricsStore({ workers: ['node1/0', 'node1/1'], clock: { now: () => 5000 } });
    const text = 'epoch=0 step=10 loss=2.5 throughput=100\nepoch=0 step=20 loss=2\n';
    store.feed(piece('node1/0', 0, text));
    const [first, second] = store.points('node1/0', 'loss');
    expect(first).toEqual({
      worker: 'node1/0',
      name: 'loss',
      value: 2.5,
      unit: '',
      scope: 'worker',
      epoch: 0,
      step: 10,
      offset: 0,
      time: undefined,
    });
    expect(second?.offset).toBe(40);

    store.feedClock('node1/0', encode('1700000000 0 40\n1700000003 0 80\n'), 0);
    expect(store.points('node1/0', 'loss').map(({ time }) => time)).toEqual([1700000000, 1700000003]);
    expect(store.points('node1/0', 'throughput')[0]?.unit).toBe('samples/s');
    expect(store.points('node1/1', 'loss')).toEqual([]);
    expect(store.points('nobody/0', 'loss')).toEqual([]);
    expect(store.names).toEqual(['loss', 'throughput']);
    expect(store.metrics('node1/0')).toEqual({
      worker: 'node1/0',
      latest: {
        loss: store.points('node1/0', 'loss')[1],
        throughput: store.points('node1/0', 'throughput')[0],
      },
      lastLine: 'epoch=0 step=20 loss=2',
      lastByteAt: 5000,
      lines: 2,
      points: 3,
    });
    expect(store.metrics('nobody/0')).toBeUndefined();
  });

  it('lists planned workers first and the launcher never', () => {
    const store = new MetricsStore({ workers: ['b/0', 'a/0'] });
    store.feed(piece('head/launcher', 0, 'loss=3\nORTE has lost communication\n'));
    store.feed(piece('c/0', 0, 'loss=1\n'));
    expect(store.workers).toEqual(['b/0', 'a/0', 'c/0']);
    expect(store.names).toEqual(['loss']);
    expect(store.metrics('head/launcher')?.lastLine).toBe('ORTE has lost communication');
    expect(store.metrics('a/0')).toMatchObject({ latest: {}, lastByteAt: undefined, lines: 0 });
  });

  it('tells of changes at most ten times a second, and of a reset', () => {
    const store = new MetricsStore();
    const heard: { reset: boolean }[] = [];
    store.onDidChange((change) => heard.push(change));
    const text = 'loss=1\n';
    for (let index = 0; index < 50; index++) {
      store.feed(piece('a/0', index * text.length, text));
      vi.advanceTimersByTime(20);
    }
    vi.advanceTimersByTime(200);
    expect(heard.length).toBeGreaterThanOrEqual(8);
    expect(heard.length).toBeLessThanOrEqual(11);
    expect(heard.every(({ reset }) => !reset)).toBe(true);

    heard.length = 0;
    store.feed(piece('a/0', 0, text, 1));
    store.feed(piece('a/0', text.length, text, 1));
    store.feed(piece('a/0', 0, text, 1));
    vi.advanceTimersByTime(200);
    expect(heard).toEqual([{ reset: true }]);
    expect(store.points('a/0', 'loss')).toHaveLength(2);

    heard.length = 0;
    store.feed(piece('a/0', 0, text, 1));
    store.feedClock('a/0', encode('100 0 7\n'), 0);
    store.feedClock('a/0', encode('100 0 7\n'), 0);
    vi.advanceTimersByTime(200);
    expect(heard).toEqual([{ reset: false }]);
    store.feed(piece('a/0', 2 * text.length, text, 1));
    store.dispose();
    vi.advanceTimersByTime(200);
    expect(heard).toHaveLength(1);
  });

  it('reads an unfinished last line when the worker has ended', () => {
    const store = new MetricsStore();
    store.feed(piece('a/0', 0, 'loss=2\nloss=1'));
    expect(store.points('a/0', 'loss')).toHaveLength(1);
    store.end('a/0');
    store.end('a/0');
    expect(store.points('a/0', 'loss').map(({ value }) => value)).toEqual([2, 1]);
  });

  it('keeps a list of points as it was when more are printed', () => {
    const store = new MetricsStore();
    store.feed(piece('a/0', 0, 'loss=2\n'));
    const before = store.points('a/0', 'loss');
    store.feed(piece('a/0', 7, 'loss=1\n'));
    store.feed(piece('a/0', 0, 'loss=9\n', 1));
    expect(before.map(({ value }) => value)).toEqual([2]);
  });

  it('names the slow worker as logs grow, and nobody before the others are there', () => {
    const store = new MetricsStore();
    const seconds = [0.1, 0.1, 0.2, 0.1];
    seconds.forEach((own, worker) => {
      const steps = Array.from({ length: 30 }, (_, step) => `step=${step} compute_time=${own}\n`);
      if (worker === 2) expect(store.slow).toEqual([]);
      store.feed(piece(`node${worker}/0`, 0, steps.join('')));
    });
    expect(store.slow).toEqual([{ worker: 'node2/0', behind: 0.5, sinceStep: 0 }]);
  });
});
