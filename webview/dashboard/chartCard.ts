import type { Axis, Chart, ChartId, Series } from '../../src/protocol/dashboard';
import { ChoiceList } from '../shared/controls';
import { make, setText } from '../shared/dom';
import { ChartTable } from './chartTable';
import { listenToChart, type ChartGestures } from './chartPointer';
import { formatValue } from './format';
import type { LineStyle, Theme } from './lineStyle';
import type { DrawnLine, Plot, PlotFactory } from './plot';
import { Readout, readAt } from './readout';
import { snapX, yExtent, type Extent } from './seriesMaths';

/** How a chart names, colours and stresses its lines; the same for both charts. */
export interface Look {
  theme: Theme;
  axis: Axis;
  /** Common x axis of both charts; undefined while there is no point. */
  x: Extent | undefined;
  styleOf: (key: string) => LineStyle;
  nameOf: (key: string) => string;
  picked: ReadonlySet<string>;
}

export interface CardEvents extends Omit<ChartGestures, 'step'> {
  metric(name: string): void;
}

/** One chart with its title, the box with readings, and its values as a table. */
export class ChartCard {
  readonly element: HTMLElement;
  readonly chart: Plot;
  readonly canvas = make('canvas', { attributes: { role: 'img', tabindex: '0' } });
  private readonly metric: ChoiceList;
  private readonly unit = make('span', { class: 'muted' });
  private readonly empty = make('div', { class: 'chart-empty muted' });
  private readonly readout = new Readout();
  private readonly table = new ChartTable();
  private lines: DrawnLine[] = [];
  private look: Look | undefined;
  private at: number | undefined;

  constructor(id: ChartId, theme: Theme, createPlot: PlotFactory, events: CardEvents) {
    this.metric = new ChoiceList(`Metric of the ${id} chart`, (name) => events.metric(name));
    const plot = make('div', { class: 'plot' }, this.canvas, this.empty, this.readout.element);
    const head = make('div', { class: 'chart-head' }, this.metric.element, this.unit);
    this.element = make(
      'section',
      { class: 'card chart' },
      head,
      plot,
      this.readout.spoken,
      this.table.element,
    );
    this.element.dataset['chart'] = id;
    this.chart = createPlot(this.canvas, theme);
    listenToChart(this.canvas, this.chart, { ...events, step: (direction) => this.stepReading(direction) });
  }

  /** A chart for which the run has no metric (it logs one alone) is left out. */
  show(chart: Chart, metrics: readonly { name: string; label: string }[], look: Look): void {
    this.look = look;
    this.element.hidden = chart.metric === null;
    this.metric.show(
      metrics.map(({ name, label }) => ({ value: name, label })),
      chart.metric ?? '',
    );
    const how = chart.summarised ? 'median, middle 80 %, outliers' : 'per worker';
    setText(this.unit, chart.unit === '' ? how : `${chart.unit} · ${how}`);
    this.empty.hidden = chart.series.length > 0;
    setText(this.empty, `no ${chart.label} by ${look.axis}`);
    // An empty grid would look like one that was measured.
    this.canvas.style.visibility = chart.series.length > 0 ? 'visible' : 'hidden';
    this.lines = chart.series.map((series) => drawnLine(series, look));
    const x = look.x ?? { min: 0, max: 1 };
    this.chart.draw({ axis: look.axis, x, y: yExtent(chart.series, x), lines: this.lines });
    this.canvas.setAttribute('aria-label', describe(chart, look));
    this.table.show(chart, look);
    this.read(this.at, false, false);
  }

  /** Reads all lines at this x, with the box if the pointer is on this chart. */
  read(x: number | undefined, withBox: boolean, aloud: boolean): void {
    const series = this.lines.map((line) => line.series);
    this.at = x === undefined ? undefined : snapX(series, x);
    this.chart.setCrosshair(this.at);
    if (this.at === undefined || this.look === undefined) return this.readout.hide();
    if (!withBox) {
      if (x === undefined) this.readout.hide();
      return;
    }
    const { axis, x: extent, nameOf } = this.look;
    const tolerance = extent === undefined ? 0 : (extent.max - extent.min) * 0.02;
    const readings = readAt(this.lines, this.at, tolerance, nameOf);
    const width = this.canvas.clientWidth;
    this.readout.show(readings, this.at, axis, this.chart.pixelOf(this.at), width, aloud);
  }

  private stepReading(direction: number): void {
    const xs = [...new Set(this.lines.flatMap(({ series }) => series.x))].sort((a, b) => a - b);
    const place = this.at === undefined ? -1 : xs.indexOf(this.at);
    const next = place < 0 ? (direction > 0 ? 0 : xs.length - 1) : place + direction;
    const x = xs[Math.min(xs.length - 1, Math.max(0, next))];
    if (x !== undefined) this.read(x, true, true);
  }
}

function drawnLine(series: Series, look: Look): DrawnLine {
  const worker = series.role === 'worker';
  const stressed = look.picked.has(series.key);
  return {
    series,
    style: worker ? look.styleOf(series.key) : look.theme.median,
    emphasis: stressed ? 'strong' : worker && look.picked.size > 0 ? 'faint' : 'normal',
  };
}

function describe(chart: Chart, look: Look): string {
  const latest = chart.series.map(
    (series) => `${look.nameOf(series.key)} ${formatValue(series.y.at(-1) ?? NaN)}`,
  );
  const values = latest.length === 0 ? 'no values' : `newest values: ${latest.join(', ')}`;
  return `${chart.label} over ${look.axis}, ${values}. Left and right arrow keys read the values; the table below has them all.`;
}
