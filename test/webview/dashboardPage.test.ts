import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Snapshot, ToExtension, ToPage } from '../../src/protocol/dashboard';
import { DashboardPage } from '../../webview/dashboard/dashboardPage';
import type { Drawing, Plot } from '../../webview/dashboard/plot';
import type { PushButton } from '../../webview/shared/controls';
import { aSnapshot } from './aSnapshot';

/** Stands for the canvas, which a DOM without pixels does not have: keeps what was to be drawn. */
class RecordingPlot implements Plot {
  drawing: Drawing | undefined;
  crosshair: number | undefined;
  destroyed = false;
  draw(drawing: Drawing): void {
    this.drawing = drawing;
  }
  setTheme(): void {}
  setCrosshair(x: number | undefined): void {
    this.crosshair = x;
  }
  setBrush(): void {}
  paint(): void {}
  xAt(pixel: number): number {
    return pixel;
  }
  pixelOf(x: number): number {
    return x;
  }
  destroy(): void {
    this.destroyed = true;
  }
}

let sent: ToExtension[];
let saved: unknown;
let tell: (message: ToPage) => void;
let plots: RecordingPlot[];
let page: DashboardPage;
let root: HTMLElement;

const one = (selector: string): HTMLElement => {
  const found = root.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`no ${selector}`);
  return found;
};
const texts = (selector: string) =>
  [...root.querySelectorAll(selector)].map((found) => found.textContent.trim());
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
const last = <T extends ToExtension['type']>(type: T) =>
  sent.findLast((message): message is Extract<ToExtension, { type: T }> => message.type === type);

async function show(change: Partial<Snapshot> = {}): Promise<void> {
  tell({ type: 'snapshot', cursor: 1, state: aSnapshot(change) });
  await nextFrame();
}

beforeEach(() => {
  // The page counts time between messages: here it stands still.
  vi.useFakeTimers({ toFake: ['Date'] });
  sent = [];
  saved = undefined;
  start();
});
afterEach(() => {
  page.dispose();
  vi.useRealTimers();
});

function start(): void {
  plots = [];
  root = document.createElement('main');
  document.body.replaceChildren(root);
  const api = {
    post: (message: ToExtension) => void sent.push(message),
    savedState: () => saved,
    saveState: (state: unknown) => {
      saved = structuredClone(state);
    },
    listen: (handle: (message: ToPage) => void) => {
      tell = handle;
      return () => undefined;
    },
  };
  page = new DashboardPage(root, api, 'r1', () => {
    const plot = new RecordingPlot();
    plots.push(plot);
    return plot;
  });
}

describe('states', () => {
  it('says that it loads and that it is ready, once', () => {
    expect(one('.loading').textContent).toContain('Reading the run');
    expect(one('.content').hidden).toBe(true);
    expect(sent.map(({ type }) => type)).toEqual(['ready']);
  });

  it('shows name, state, workers and numbers of a run', async () => {
    await show();
    expect(one('h1').textContent).toBe('digits #1');
    expect(one('header .status').textContent).toBe('running');
    expect(one('header').textContent).toContain('1:00');
    expect(one('header').textContent).toContain('2/2 workers');
    expect(texts('.tile-value')).toEqual(['201']);
    expect(texts('.events span')).toEqual(['launched on node1, node2']);
  });

  it('says why a run failed to start and what to do, and offers no stop', async () => {
    const run = aSnapshot().run;
    const status = {
      kind: 'failed',
      label: 'failed to start',
      detail: 'node3: no such file',
      nextStep: 'Add it.',
      deadline: null,
    } as const;
    await show({
      run: { ...run, status, canStop: false, endedAt: 950_000 },
      waiting: { stages: [], lastLines: [] },
    });
    expect(one('.status-detail').textContent).toBe('node3: no such file. Add it.');
    expect((one('.buttons vscode-button') as PushButton).disabled).toBe(true);
    expect(one('.charts').hidden).toBe(true);
  });

  it('counts down to the next step of a stop', async () => {
    const run = aSnapshot().run;
    const status = { ...run.status, kind: 'stopping', label: 'stopping', detail: 'SIGINT sent' } as const;
    await show({ run: { ...run, status: { ...status, deadline: 1_007_500 }, canStop: false } });
    expect(one('.status-detail').textContent).toBe('SIGINT sent. 8 s left until the next step.');
    tell({ type: 'delta', cursor: 2, change: { now: 1_004_500 } });
    await nextFrame();
    expect(one('.status-detail').textContent).toBe('SIGINT sent. 3 s left until the next step.');
    tell({ type: 'delta', cursor: 3, change: { now: 1_008_000 } });
    await nextFrame();
    expect(one('.status-detail').textContent).toBe('SIGINT sent.');
  });

  it('names an unreachable host beside the state', async () => {
    const run = aSnapshot().run;
    await show({ run: { ...run, contact: [{ host: 'node3', since: 960_000, reason: 'timed out' }] } });
    expect(one('header .status').textContent).toBe('running');
    expect(one('.contact').textContent).toMatch(/^node3 unreachable since \d\d:\d\d:\d\d: timed out/);
  });

  it('names hosts together that are lost for the same reason, with one full stop', async () => {
    const run = aSnapshot().run;
    const lost = (host: string, reason: string) => ({ host, since: 960_000, reason });
    const contact = [lost('node1', 'no keys.'), lost('node2', 'timed out'), lost('node3', 'no keys.')];
    await show({ run: { ...run, contact } });
    const time = /since \d\d:\d\d:\d\d/;
    expect(texts('.contact li').map((text) => text.replace(time, 'since T'))).toEqual([
      'node1, node3 unreachable since T: no keys. The run goes on without us; trying again.',
      'node2 unreachable since T: timed out. The run goes on without us; trying again.',
    ]);
  });

  it('does not count time for a run that is not followed', async () => {
    const run = aSnapshot().run;
    await show({ run: { ...run, lastSeen: { at: null, notice: 'Not trusted.' } } });
    expect(one('header .status').textContent).toBe('last seen running');
    expect(one('.facts').textContent).toBe('last seen running2 workersepoch 1');
    expect(texts('.contact li')).toEqual(['Not trusted.']);
    tell({
      type: 'delta',
      cursor: 2,
      change: { now: 1, run: { ...run, lastSeen: { at: 970_000, notice: '' } } },
    });
    await nextFrame();
    expect(one('.facts').textContent).toContain('0:30');
    tell({ type: 'delta', cursor: 3, change: { now: 1_000_000, run } });
    await nextFrame();
    expect(one('header .status').textContent).toBe('running');
    expect(one('.contact').hidden).toBe(true);
  });

  it('shows what it waits for and the last lines while there is no point', async () => {
    await show({
      waiting: {
        stages: [
          { label: 'start', state: 'done', detail: '' },
          { label: 'first line', state: 'active', detail: '' },
        ],
        lastLines: [{ worker: 'rank 0', line: '<b>loading</b>' }],
      },
    });
    expect(texts('.stage-label')).toEqual(['start', 'first line']);
    expect(one('.last-lines code').textContent).toBe('<b>loading</b>');
    expect(root.querySelector('.last-lines b')).toBeNull();
    expect(one('.charts').hidden).toBe(true);
  });

  it('says why there is nothing to show', async () => {
    tell({ type: 'unavailable', message: 'This run is gone', nextStep: 'Choose another one.' });
    await nextFrame();
    expect(one('[role=alert]').textContent).toBe('This run is goneChoose another one.');
  });

  it('asks again when a message was missed', async () => {
    await show();
    tell({ type: 'delta', cursor: 3, change: { now: 1 } });
    expect(last('resync')).toBeDefined();
  });
});

describe('the table of workers', () => {
  const order = () => texts('table.workers td[data-column=worker]');

  it('has the newest values of every worker, and its state in words', async () => {
    await show();
    expect(texts('tr[data-worker="node2/0"] td')).toEqual([
      'rank 1',
      'node2',
      '0',
      '1',
      '3',
      '101.0',
      '0.500',
      '1.250',
      '\u221230 %',
      'epoch=1 step=3',
      'slow since step 1',
    ]);
  });

  it('sorts by a column, then the other way round, and keeps it', async () => {
    await show();
    const head = root.querySelectorAll<HTMLElement>('th .sort')[5];
    head?.click();
    await nextFrame();
    expect(order()).toEqual(['rank 1', 'rank 0']);
    expect(head?.parentElement?.getAttribute('aria-sort')).toBe('descending');
    head?.click();
    await nextFrame();
    expect(order()).toEqual(['rank 0', 'rank 1']);
    expect(saved).toMatchObject({ run: 'r1', sorting: { column: 'throughput', descending: false } });
  });

  it('highlights by click and by key, in charts, legend and state that outlives the page', async () => {
    await show();
    one('tr[data-worker="node2/0"]').focus();
    one('tr[data-worker="node2/0"]').dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }),
    );
    await nextFrame();
    expect(one('tr[data-worker="node2/0"]').getAttribute('aria-selected')).toBe('true');
    expect(plots[0]?.drawing?.lines.map(({ emphasis }) => emphasis)).toEqual(['faint', 'strong']);
    expect(texts('.legend [aria-pressed=true]')).toEqual(['rank 1']);
    expect(last('view')?.view.picked).toEqual(['node2/0']);
    page.dispose();
    start();
    expect(last('ready')?.view.picked).toEqual(['node2/0']);
  });

  it('moves by arrow keys', async () => {
    await show();
    one('tr[data-worker="node1/0"]').focus();
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
    expect((document.activeElement as HTMLElement).dataset['worker']).toBe('node2/0');
  });
});

describe('the charts', () => {
  it('draw one line per worker, told apart by colour and marker', async () => {
    await show();
    const lines = plots[0]?.drawing?.lines ?? [];
    expect(lines.map(({ series }) => [series.key, series.y])).toEqual([
      ['node1/0', [100, 101, 102]],
      ['node2/0', [101, 102, 103]],
    ]);
    expect(new Set(lines.map(({ style }) => style.color)).size).toBe(2);
    expect(new Set(lines.map(({ style }) => style.marker.name)).size).toBe(2);
    expect(plots.map((plot) => plot.drawing?.x)).toEqual([
      { min: 1, max: 3 },
      { min: 1, max: 3 },
    ]);
  });

  it('have all their values in a table', async () => {
    await show();
    const box = one('[data-chart=left] details') as HTMLDetailsElement;
    box.open = true;
    box.dispatchEvent(new Event('toggle'));
    expect(texts('[data-chart=left] table.values tr').length).toBe(4);
    expect(texts('[data-chart=left] thead th')).toEqual(['step', 'rank 0', 'rank 1']);
    expect(texts('[data-chart=left] tbody tr:last-child > *')).toEqual(['3', '102.0', '103.0']);
  });

  it('read all workers at one x, in both charts at once', async () => {
    await show();
    const canvas = one('[data-chart=left] canvas');
    canvas.dispatchEvent(Object.assign(new Event('pointermove'), { offsetX: 2.2 }));
    expect(plots.map(({ crosshair }) => crosshair)).toEqual([2, 2]);
    expect(one('[data-chart=left] .readout-head').textContent).toBe('step 2');
    expect(texts('[data-chart=left] .reading .number')).toEqual(['102.0', '101.0']);
    canvas.dispatchEvent(new Event('pointerleave'));
    expect(plots.map(({ crosshair }) => crosshair)).toEqual([undefined, undefined]);
  });

  it('zoom to a brushed range and back by a double click', async () => {
    await show();
    const canvas = one('[data-chart=left] canvas');
    canvas.setPointerCapture = () => undefined;
    canvas.dispatchEvent(Object.assign(new Event('pointerdown'), { button: 0, offsetX: 40 }));
    canvas.dispatchEvent(Object.assign(new Event('pointerup'), { offsetX: 10 }));
    await nextFrame();
    expect(last('view')?.view.range).toEqual({ min: 10, max: 40 });
    expect(plots[1]?.drawing?.x).toEqual({ min: 10, max: 40 });
    canvas.dispatchEvent(new Event('dblclick'));
    expect(last('view')?.view.range).toBeNull();
  });

  it('are left out without a metric, and say what they have no values of', async () => {
    const { charts } = aSnapshot();
    const [left, right] = charts.map((chart) => ({ ...chart, series: [] }));
    await show({ charts: [left!, { ...right!, metric: null }] });
    expect(one('[data-chart=left] .chart-empty').textContent).toBe('no throughput by step');
    expect(one('[data-chart=left] canvas').style.visibility).toBe('hidden');
    expect(one('[data-chart=right]').hidden).toBe(true);
  });

  it('say how much they are smoothed', async () => {
    await show();
    expect(one('.smoothing output').textContent).toBe('off');
    const slider = one('.smoothing input') as HTMLInputElement;
    slider.value = '0.35';
    slider.dispatchEvent(new Event('input'));
    await nextFrame();
    expect(last('view')?.view.smoothing).toBe(0.35);
    expect(one('.smoothing output').textContent).toBe('35 %');
  });

  it('offer only the axes that have values', async () => {
    await show();
    const buttons = [...root.querySelectorAll<HTMLButtonElement>('.segments button')];
    expect(buttons.map(({ textContent, disabled }) => [textContent, disabled])).toEqual([
      ['step', false],
      ['epoch', true],
      ['time', false],
    ]);
    buttons[2]?.click();
    expect(last('view')?.view.axis).toBe('time');
  });
});

it('tells what the buttons are for: the highlighted worker, or the run', async () => {
  await show();
  const press = (label: string) =>
    [...root.querySelectorAll<HTMLElement>('vscode-button')]
      .find(({ textContent }) => textContent.trim() === label)
      ?.click();
  press('Stop');
  press('Plan');
  press('Logs');
  one('tr[data-worker="node2/0"]').click();
  press('Terminal');
  press('CSV');
  expect(sent.filter(({ type }) => type !== 'view' && type !== 'ready')).toEqual([
    { type: 'stop' },
    { type: 'showPlan' },
    { type: 'showLogs', worker: null },
    { type: 'openTerminal', worker: 'node2/0' },
    { type: 'export', format: 'csv', data: '' },
  ]);
});
