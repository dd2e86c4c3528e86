import { describe, expect, it } from 'vitest';
import type { Snapshot, ViewOptions } from '../../../../src/protocol/dashboard';
import { readToPage } from '../../../../src/protocol/dashboardGuards';
import { ChartBuilder } from '../../../../src/vscode/dashboard/charts';
import { runToCsv, runToJson } from '../../../../src/vscode/dashboard/exportRun';
import { metricOrder, preferred } from '../../../../src/vscode/dashboard/metricNames';
import { RunEvents } from '../../../../src/vscode/dashboard/runEvents';
import { statusOf } from '../../../../src/vscode/dashboard/runHead';
import { snapshot } from '../../../../src/vscode/dashboard/snapshot';
import { scenario, scenarios, type Scenario } from '../../../support/dashboard/scenarios';

const view: ViewOptions = {
  axis: 'step',
  smoothing: 0,
  range: null,
  points: 500,
  left: null,
  right: null,
  picked: [],
};
const look = ({ run, metrics, now, trusted }: Scenario, change: Partial<ViewOptions> = {}): Snapshot =>
  snapshot(
    run,
    metrics,
    { ...view, ...change },
    { charts: new ChartBuilder(), events: new RunEvents() },
    now,
    trusted,
  );

describe.each(Object.keys(scenarios))('the state %s', (name) => {
  it('is one that the page accepts', () => {
    const message = { type: 'snapshot', cursor: 1, state: look(scenarios[name]!()) };
    expect(readToPage(structuredClone(message))).toEqual(message);
  });
});

describe('a healthy run', () => {
  const shown = look(scenario({}));
  it('draws each worker and names none as slow', () => {
    expect(shown.charts.map(({ metric }) => metric)).toEqual(['throughput', 'accuracy']);
    expect(shown.charts[0]?.series.map(({ key, x }) => [key, x.length, x[0], x.at(-1)])).toEqual(
      ['node1/0', 'node2/0', 'node3/0', 'node4/0'].map((key) => [key, 300, 1, 300]),
    );
    expect(shown.tiles.find(({ id }) => id === 'slowest')).toMatchObject({ value: 'none', tone: 'good' });
    expect(shown.workers.map(({ state }) => state)).toEqual(['running', 'running', 'running', 'running']);
  });
  it('adds up what is of one worker each', () => {
    const sum = shown.workers.reduce((total, { throughput }) => total + (throughput ?? 0), 0);
    expect(shown.tiles[0]).toMatchObject({ value: sum.toFixed(0), detail: 'total of 4 workers' });
  });
  it('has all axes', () => {
    expect(shown.axes).toEqual(['step', 'epoch', 'time']);
    expect(look(scenario({}), { axis: 'time' }).charts[0]?.series[0]?.x.at(-1)).toBe(120);
    expect(look(scenario({}), { axis: 'epoch' }).charts[0]?.series[0]?.x.at(-1)).toBe(4);
  });
  it('shows more detail where it is zoomed in', () => {
    const far = look(scenario({ steps: 2000 }), { points: 100 }).charts[0]?.series[0]?.x ?? [];
    const near = look(scenario({ steps: 2000 }), { points: 100, range: { min: 500, max: 550 } }).charts[0]
      ?.series[0]?.x;
    expect(far.length).toBeLessThanOrEqual(100);
    expect(near).toEqual(Array.from({ length: 53 }, (_, index) => 499 + index).slice(0, near?.length));
    expect(near?.length).toBeGreaterThan(50);
  });
});

describe('a log that says little', () => {
  const bare = look(scenarios['bare']!());
  it('is drawn over time where it counts no steps, with the metric it has', () => {
    expect(bare.axes).toEqual(['time']);
    expect(bare.axis).toBe('time');
    expect(bare.charts.map(({ metric, label, unit }) => [metric, label, unit])).toEqual([
      ['loss', 'loss', ''],
      [null, '', ''],
    ]);
    expect(bare.charts[0]?.series.map(({ x }) => x.at(-1))).toEqual([120, 120, 120, 120]);
  });
  it('is told what is missing for the other numbers', () => {
    const details = (shown: Snapshot) => shown.tiles.map(({ detail }) => detail);
    expect(details(bare)).toMatchObject({
      0: 'no value yet',
      3: 'needs samples/s or compute time in the logs',
    });
    const world = scenarios['bare']!();
    expect(details(look({ ...world, run: { ...world.run, endedAt: world.now } }))[0]).toBe('not in the logs');
  });
  it.each([
    [
      ['loss', 'throughput'],
      ['throughput', 'loss'],
    ],
    [
      ['loss', 'val_loss', 'accuracy'],
      ['accuracy', 'loss'],
    ],
    [
      ['step_time', 'accuracy', 'throughput'],
      ['throughput', 'accuracy'],
    ],
    [
      ['lr', 'loss'],
      ['loss', 'lr'],
    ],
  ] as const)('%j is shown by %j', (names, shown) => {
    expect(preferred(metricOrder.filter((name) => names.some((one) => one === name))).slice(0, 2)).toEqual(
      shown,
    );
  });
});

it('names exactly the slow worker', () => {
  const shown = look(scenario({ slow: { rank: 3, factor: 1.32 } }));
  expect(shown.workers.filter(({ state }) => state === 'slow').map(({ rank }) => rank)).toEqual([3]);
  expect(shown.tiles.find(({ id }) => id === 'slowest')).toMatchObject({ value: 'rank 3', tone: 'warn' });
  expect(shown.workers[3]?.versusMedian).toBeLessThan(-0.2);
  expect(shown.events.some(({ text }) => text.startsWith('rank 3 slow since step 61'))).toBe(true);
});

it('calls workers stopped that a person stopped, whatever their exit status', () => {
  const shown = look(scenarios['stopped']!());
  expect(new Set(shown.workers.map(({ state }) => state))).toEqual(new Set(['stopped']));
  expect(shown.events.filter(({ tone }) => tone === 'bad')).toEqual([]);
});

it('blames the worker whose exit ended the run, not those that were stopped after it', () => {
  const shown = look(scenarios['failed']!());
  expect(shown.workers.map(({ state, stateText }) => [state, stateText])).toEqual([
    ['stopped', 'stopped (exit 130)'],
    ['stopped', 'stopped (exit 130)'],
    ['failed', 'exit 3'],
    ['stopped', 'stopped (exit 130)'],
  ]);
  expect(shown.run.status.detail).toBe(
    'Ended by exit 3 on node3/0 (rank 2) · last line: RuntimeError: loss is nan. The others were stopped',
  );
  const bad = shown.events.filter(({ tone }) => tone === 'bad').map(({ text }) => text);
  expect(bad.sort()).toEqual([
    expect.stringMatching(/^failed\. Ended by exit 3/),
    'rank 2 ended with exit 3',
  ]);
});

it('learns from the end which exit was the cause', () => {
  const { run, metrics, now } = scenarios['failed']!();
  const events = new RunEvents();
  const stopping = { kind: 'stopping' as const, step: 'SIGINT sent', deadline: undefined };
  const exits = (shown: typeof run) =>
    events
      .update(shown, metrics, now)
      .filter(({ id }) => id.startsWith('exit'))
      .map(({ tone }) => tone);
  expect(exits({ ...run, state: stopping })).toEqual(['plain', 'plain', 'plain', 'plain']);
  expect(exits(run)).toEqual(['plain', 'plain', 'bad', 'plain']);
});

it('counts workers on the way to a first metric, and waits for nothing after the end', () => {
  const details = (name: string) => look(scenarios[name]!()).waiting?.stages.map(({ detail }) => detail);
  expect(details('waiting')).toEqual([
    '',
    '4 of 4 workers',
    '4 of 4 workers',
    'no line with a known metric yet',
  ]);
  expect(details('silentLog')?.[3]).toBe('no line with a known metric');
});

describe('a run that nobody follows', () => {
  it('is as it was last seen in a workspace that is not trusted, and cannot be stopped from it', () => {
    const { run, workers } = look(scenarios['untrusted']!());
    expect(run.lastSeen).toMatchObject({
      at: null,
      notice: expect.stringContaining('not trusted') as string,
    });
    expect(run.canStop).toBe(false);
    expect(new Set(workers.map(({ stateText }) => stateText))).toEqual(new Set(['last seen running']));
  });
  it('was last seen at the last sign of life of any host', () => {
    const world = scenarios['offline']!();
    const since = world.run.startedAt + 100_000;
    expect(look(world).run.lastSeen).toEqual({ at: since, notice: '' });
    const contact = { ...world.run.contact, node2: { kind: 'connected' as const } };
    expect(look({ ...world, run: { ...world.run, contact } }).run.lastSeen).toBeNull();
  });
  it('says that it connects, but not while the run is only being started', () => {
    const world = scenario({ contact: () => ({ kind: 'connecting' }) });
    expect(look(world).run.lastSeen?.notice).toMatch(/^Connecting to its 4 hosts/);
    expect(look(scenarios['preparing']!()).run.lastSeen).toBeNull();
    expect(look({ ...scenarios['finished']!(), trusted: false }).run.lastSeen).toBeNull();
  });
});

it('draws many workers as median, band, those that stand out and those that were picked', () => {
  const shown = look(scenario({ workers: 64, slow: { rank: 37, factor: 1.5 } }), { picked: ['node1/5'] });
  expect(shown.charts[0]?.summarised).toBe(true);
  expect(shown.charts[0]?.series.map(({ key }) => key)).toEqual([
    'low',
    'high',
    'median',
    'node1/5',
    'node2/9',
  ]);
});

describe('events', () => {
  it('tell of troubles while they last and when they are over', () => {
    const { run, metrics, now } = scenario({});
    const events = new RunEvents();
    const lost = {
      ...run,
      contact: { ...run.contact, node3: { kind: 'unreachable' as const, since: now, reason: 'no route' } },
    };
    const texts = (rows: { text: string }[]) => rows.map(({ text }) => text);
    expect(texts(events.update(lost, metrics, now))).toContain('node3 unreachable: no route');
    expect(texts(events.update(lost, metrics, now + 1000))).not.toContain('node3 is back');
    const after = texts(events.update(run, metrics, now + 2000));
    expect(after.filter((text) => text.startsWith('node3'))).toEqual([
      'node3 unreachable: no route',
      'node3 is back',
    ]);
  });

  it('tell of a loss that is no number, as do its row and the tile, until it is one again', () => {
    const { run, metrics, now, trusted } = scenario({});
    const feed = (generation: number, text: string): void =>
      metrics.feed({
        run: 'r',
        worker: 'node2/0',
        offset: 0,
        generation,
        bytes: new TextEncoder().encode(text),
      });
    const events = new RunEvents();
    const lines = 'step=10 loss=2 throughput=9\nstep=20 loss=nan throughput=9\nstep=30 loss=nan\n';
    feed(1, lines);
    const texts = (): string[] => events.update(run, metrics, now).map(({ text }) => text);
    expect(texts()).toContain('rank 1: loss is nan since step 20');
    const shown = look({ run, metrics, now, trusted });
    expect(shown.workers[1]).toMatchObject({ loss: null, stateText: 'running · loss is nan since step 20' });
    expect(shown.tiles[2]).toMatchObject({ value: 'nan', tone: 'warn' });
    expect(metrics.points('node2/0', 'loss').map(({ value }) => value)).toEqual([2]);
    feed(2, `${lines}step=40 loss=1.5\n`);
    expect(texts()).toContain('rank 1: loss is a number again');
    expect(look({ run, metrics, now, trusted }).workers[1]).toMatchObject({
      loss: 1.5,
      stateText: 'running',
    });
  });

  it('call a worker silent that printed before and stopped, not one whose host is unreachable', () => {
    const { run, metrics, now } = scenario({});
    const texts = (contact: typeof run.contact) =>
      new RunEvents().update({ ...run, contact }, metrics, now + 60_000).map(({ text }) => text);
    expect(texts(run.contact).filter((text) => text.includes('silent'))).toHaveLength(4);
    const lost = { ...run.contact, node2: { kind: 'unreachable' as const, since: now, reason: 'x' } };
    expect(texts(lost).filter((text) => text.includes('silent'))).toHaveLength(3);
  });
});

describe('the state in words', () => {
  const exit = { code: 0, process: undefined };
  it.each([
    [{ kind: 'ended', exit, by: 'itself', proven: true }, 'ended', 'finished', ''],
    [
      { kind: 'ended', exit, by: 'stop', proven: true },
      'stopped',
      'stopped',
      'No process of it is left on any host',
    ],
    [
      { kind: 'ended', exit: { code: 137, process: 'node3/0' }, by: 'itself', proven: true },
      'failed',
      'failed',
      'exit 137 (killed) on node3/0',
    ],
    [{ kind: 'gone', hosts: ['node2'] }, 'gone', 'gone', /node2/],
  ] as const)('%j', (state, kind, label, detail) => {
    const known = state.kind === 'gone' ? { ...state, hosts: [...state.hosts] } : state;
    const status = statusOf({ state: known, workers: [] });
    expect(status).toMatchObject({ kind, label });
    expect(status.detail).toMatch(detail);
  });

  it('admits when nothing left behind is not proven', () => {
    const status = statusOf({
      state: { kind: 'ended', exit, by: 'stop', proven: false, message: 'node2: unreachable' },
      workers: [],
    });
    expect(status.detail).toContain('Not every host');
    expect(status.nextStep).not.toBe('');
  });
});

describe('export', () => {
  const { run, metrics } = scenario({ steps: 10 });
  it('writes every point as a line', () => {
    const lines = runToCsv(run, metrics).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + 4 * 10 * 4);
    expect(lines[0]).toBe('worker,rank,host,metric,epoch,step,time,value,unit,scope');
    expect(lines[1]).toMatch(/^node1\/0,0,node1,\w+,1,1,2026-05-04T12:00:00\.000Z,[\d.]+,.*,worker$/);
  });
  it('quotes what would break a line', () => {
    const named = { ...run, workers: run.workers.map((worker) => ({ ...worker, host: 'a,"b"' })) };
    expect(runToCsv(named, metrics)).toContain(',"a,""b""",');
  });
  it('writes JSON that says which worker each point is of', () => {
    const read = JSON.parse(runToJson(run, metrics)) as { workers: { id: string; points: unknown[] }[] };
    expect(read.workers.map(({ id, points }) => [id, points.length])).toEqual(
      run.workers.map(({ id }) => [id, 40]),
    );
  });
});
