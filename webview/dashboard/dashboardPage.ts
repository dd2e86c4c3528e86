import type { ExportFormat, Snapshot, ToExtension, ToPage, ViewOptions } from '../../src/protocol/dashboard';
import { chartIds } from '../../src/protocol/dashboard';
import { make } from '../shared/dom';
import type { HostApi } from '../shared/hostApi';
import { ChartCard, type Look } from './chartCard';
import { receive, type PageState } from './dashboardState';
import { Header } from './header';
import { Legend } from './legend';
import { Theme } from './lineStyle';
import { loadingPanel, messagePanel, showEvents, showTiles, waitingPanel } from './panels';
import { pictureOf } from './picture';
import type { PlotFactory } from './plot';
import { restoreState, type SavedState } from './savedView';
import { withLength, xExtent } from './seriesMaths';
import { Toolbar } from './toolbar';
import { WorkerTable } from './workerTable';

const tickMs = 1000;

/** Wires the parts of the dashboard to the extension: messages in, one drawing per frame, gestures out. */
export class DashboardPage {
  private state: PageState = { kind: 'loading' };
  private saved: SavedState;
  private theme: Theme;
  private frame: number | undefined;
  /** The extension's clock less ours, in milliseconds. */
  private clockAhead = 0;
  private readonly cleanUps: (() => void)[] = [];

  private readonly placeholder = make('div', { class: 'placeholder' });
  private readonly content = make('div', { class: 'content' });
  private readonly header: Header;
  private readonly tiles = make('section', { class: 'tiles', attributes: { 'aria-label': 'Newest values' } });
  private readonly waiting = make('div');
  private readonly charts = make('div', { class: 'charts' });
  private readonly toolbar: Toolbar;
  private readonly legend: Legend;
  private readonly cards: ChartCard[];
  private readonly table: WorkerTable;
  private readonly events = make('ul', { class: 'events' });

  constructor(
    private readonly root: HTMLElement,
    private readonly api: HostApi<ToExtension, ToPage>,
    run: string,
    createPlot: PlotFactory,
  ) {
    this.saved = restoreState(api.savedState(), run);
    this.theme = new Theme(root);
    this.header = new Header({
      stop: () => api.post({ type: 'stop' }),
      showLogs: () => api.post({ type: 'showLogs', worker: this.onlyPicked() }),
      showPlan: () => api.post({ type: 'showPlan' }),
      openTerminal: () => api.post({ type: 'openTerminal', worker: this.onlyPicked() }),
    });
    this.toolbar = new Toolbar({
      axis: (axis) => this.look({ axis, range: null }),
      smoothing: (smoothing) => this.look({ smoothing }),
      resetZoom: () => this.look({ range: null }),
      export: (format) => this.export(format),
    });
    this.legend = new Legend((worker) => this.toggle(worker));
    this.table = new WorkerTable({
      sort: (sorting) => this.keep({ ...this.saved, sorting }),
      toggle: (worker) => this.toggle(worker),
    });
    this.cards = chartIds.map((id): ChartCard => {
      const card: ChartCard = new ChartCard(id, this.theme, createPlot, {
        metric: (name) => this.look(id === 'left' ? { left: name } : { right: name }),
        hover: (x) => {
          for (const each of this.cards) each.read(x, each === card, false);
        },
        zoom: (range) => this.look({ range }),
        resetZoom: () => this.look({ range: null }),
      });
      return card;
    });
    this.build();
    this.watch();
    this.keep(this.saved);
    api.post({ type: 'ready', view: this.saved.view });
  }

  /** Ends listening and timers and takes the charts down. */
  dispose(): void {
    for (const cleanUp of this.cleanUps.splice(0)) cleanUp();
    for (const { chart } of this.cards) chart.destroy();
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.root.replaceChildren();
  }

  private build(): void {
    this.charts.append(...this.cards.map(({ element }) => element));
    const events = make('section', { class: 'card' }, make('h2', { text: 'Events' }), this.events);
    this.content.append(
      this.header.element,
      this.tiles,
      this.waiting,
      this.toolbar.element,
      this.legend.element,
      this.charts,
      this.table.element,
      events,
    );
    this.root.replaceChildren(this.placeholder, this.content);
    this.draw();
  }

  private watch(): void {
    this.cleanUps.push(this.api.listen((message) => this.receive(message)));
    const ticking = setInterval(() => this.tick(), tickMs);
    this.cleanUps.push(() => clearInterval(ticking));
    const themes = new MutationObserver(() => this.retheme());
    const observed = { attributes: true, attributeFilter: ['class', 'style'] };
    themes.observe(document.body, observed);
    themes.observe(document.documentElement, observed);
    this.cleanUps.push(() => themes.disconnect());
    const sizes = new ResizeObserver(() => this.fit());
    sizes.observe(this.charts);
    this.cleanUps.push(() => sizes.disconnect());
  }

  private receive(message: ToPage): void {
    const { state, missed } = receive(this.state, message);
    this.state = state;
    if (missed) this.api.post({ type: 'resync' });
    if (state.kind === 'shown') this.clockAhead = state.snapshot.now - Date.now();
    this.redraw();
  }

  /** At most once per frame, however many messages came. */
  private redraw(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  private draw(): void {
    const { state } = this;
    this.content.hidden = state.kind !== 'shown';
    this.placeholder.hidden = state.kind === 'shown';
    if (state.kind === 'loading') this.placeholder.replaceChildren(loadingPanel());
    else if (state.kind === 'unavailable') {
      this.placeholder.replaceChildren(messagePanel(state.message, state.nextStep));
    } else this.drawRun(state.snapshot);
  }

  private drawRun(shown: Snapshot): void {
    const { view, sorting } = this.saved;
    const look = this.lookOf(shown);
    this.header.show(shown.run);
    this.tick();
    showTiles(this.tiles, shown.tiles);
    const { waiting } = shown;
    const hasPoints = waiting === null;
    for (const element of [this.tiles, this.toolbar.element, this.legend.element, this.charts]) {
      element.hidden = !hasPoints;
    }
    this.waiting.hidden = waiting === null || waiting.stages.length + waiting.lastLines.length === 0;
    this.waiting.replaceChildren(...(waiting === null ? [] : [waitingPanel(waiting)]));
    this.toolbar.show(shown.axis, shown.axes, view);
    const drawn = new Set(shown.charts.flatMap(({ series }) => series.map(({ key }) => key)));
    const summarised = shown.charts.some((chart) => chart.summarised);
    this.legend.show(
      shown.workers
        .filter(({ id }) => drawn.has(id))
        .map(({ id, name }) => ({ key: id, name, style: look.styleOf(id), picked: look.picked.has(id) })),
      summarised
        ? `line: median of ${shown.workers.length} workers · band: middle 80 % · click a worker in the table to add it`
        : '',
    );
    if (hasPoints) {
      shown.charts.forEach((chart, index) => this.cards[index]?.show(chart, shown.metrics, look));
    }
    this.table.show(shown.workers, sorting, look.picked, look.styleOf);
    showEvents(this.events, shown.events);
  }

  private lookOf(shown: Snapshot): Look {
    const rows = new Map(shown.workers.map((row) => [row.id, row]));
    const names: Record<string, string> = {
      median: 'median',
      low: '10th percentile',
      high: '90th percentile',
    };
    const all = xExtent(shown.charts.flatMap(({ series }) => series));
    return {
      theme: this.theme,
      axis: shown.axis,
      x: this.saved.view.range ?? (all && withLength(all)),
      styleOf: (key) => this.theme.worker(rows.get(key)?.index ?? 0),
      nameOf: (key) => rows.get(key)?.name ?? names[key] ?? key,
      picked: new Set(this.saved.view.picked),
    };
  }

  private tick(): void {
    this.header.tick(Date.now() + this.clockAhead);
  }

  private toggle(worker: string): void {
    const { picked } = this.saved.view;
    const without = picked.filter((id) => id !== worker);
    this.look({ picked: without.length < picked.length ? without : [...picked, worker] });
  }

  private onlyPicked(): string | null {
    const [worker, ...more] = this.saved.view.picked;
    return more.length > 0 ? null : (worker ?? null);
  }

  /** Looks at the run in another way: kept, told to the extension, drawn. */
  private look(change: Partial<ViewOptions>): void {
    this.keep({ ...this.saved, view: { ...this.saved.view, ...change } });
    this.api.post({ type: 'view', view: this.saved.view });
  }

  private keep(saved: SavedState): void {
    this.saved = saved;
    this.api.saveState(saved);
    this.redraw();
  }

  private retheme(): void {
    this.theme = new Theme(this.root);
    for (const { chart } of this.cards) chart.setTheme(this.theme);
    this.redraw();
  }

  /** Asks for other detail only when the width changed by much. */
  private fit(): void {
    const width = this.cards[0]?.canvas.clientWidth ?? 0;
    const points = Math.min(2000, Math.max(300, Math.round(2 * width)));
    const { points: known } = this.saved.view;
    if (width > 0 && Math.abs(points - known) > known * 0.25) this.look({ points });
  }

  private export(format: ExportFormat): void {
    const { state } = this;
    if (state.kind !== 'shown') return;
    const { charts, run } = state.snapshot;
    const look = this.lookOf(state.snapshot);
    const parts = this.cards.flatMap(({ chart }, index) => {
      const { metric = null, label = '', unit = '' } = charts[index] ?? {};
      return metric === null ? [] : [{ title: unit === '' ? label : `${label} (${unit})`, chart }];
    });
    const workers = new Set(
      charts
        .flatMap(({ series }) => series)
        .filter(({ role }) => role === 'worker')
        .map(({ key }) => key),
    );
    const legend = [...workers].map((key) => ({ name: look.nameOf(key), color: look.styleOf(key).color }));
    const data = format === 'png' ? pictureOf(run.title, parts, legend, this.theme) : '';
    this.api.post({ type: 'export', format, data });
  }
}
