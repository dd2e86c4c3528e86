import {
  Chart,
  Filler,
  LineController,
  LinearScale,
  LineElement,
  PointElement,
  type ChartDataset,
  type Point,
} from 'chart.js';
import type { Axis, Series } from '../../src/protocol/dashboard';
import { ChartOverlay } from './chartOverlay';
import { formatValue, formatX } from './format';
import type { Theme } from './lineStyle';
import type { Area, DrawnLine, Drawing, Plot } from './plot';
import type { Extent } from './seriesMaths';

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler);

/**
 * The only part that knows Chart.js. Data are our own arrays, handed over whole: no decimation, parsing, animation
 * or points, which keeps an update of many lines within a frame.
 */
export class LineChart implements Plot {
  private readonly chart: Chart<'line', Point[]>;
  private readonly overlay: ChartOverlay;
  private readonly points = new WeakMap<Series, Point[]>();
  private axis: Axis = 'step';
  private drawing: Drawing | undefined;

  /** @param ratio pixels of a canvas whose size is set; undefined for one that follows the size of what holds it */
  constructor(canvas: HTMLCanvasElement, theme: Theme, ratio?: number) {
    this.overlay = new ChartOverlay(theme);
    this.chart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [this.overlay],
      options: {
        animation: false,
        normalized: true,
        parsing: false,
        responsive: ratio === undefined,
        ...(ratio === undefined ? {} : { devicePixelRatio: ratio }),
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { right: 16, top: 6 } },
        elements: { point: { radius: 0, hitRadius: 0, hoverRadius: 0 }, line: { tension: 0 } },
        scales: {
          x: {
            type: 'linear',
            ticks: {
              maxRotation: 0,
              autoSkipPadding: 24,
              includeBounds: false,
              callback: (value) => formatX(Number(value), this.axis),
            },
          },
          y: {
            type: 'linear',
            ticks: { maxTicksLimit: 6, includeBounds: false, callback: (value) => formatTick(Number(value)) },
          },
        },
      },
    });
    this.setTheme(theme);
  }

  draw(drawing: Drawing): void {
    const { axis, x, y, lines } = drawing;
    this.drawing = drawing;
    this.axis = axis;
    this.overlay.lines = lines;
    this.chart.data.datasets = lines.map((line, index) => this.dataset(line, lines[index - 1]));
    const { scales } = this.chart.options;
    const precision = axis === 'step' ? 0 : undefined;
    Object.assign(scales?.['x'] ?? {}, x, { ticks: { ...scales?.['x']?.ticks, precision } });
    Object.assign(scales?.['y'] ?? {}, y);
    this.chart.update('none');
  }

  setTheme(theme: Theme): void {
    this.overlay.theme = theme;
    for (const scale of Object.values(this.chart.options.scales ?? {})) {
      Object.assign(scale ?? {}, {
        grid: { color: theme.grid, tickColor: theme.grid },
        border: { color: theme.grid },
      });
      Object.assign(scale?.ticks ?? {}, { color: theme.muted, font: { family: theme.fontFamily, size: 11 } });
    }
    this.chart.update('none');
  }

  setCrosshair(x: number | undefined): void {
    this.overlay.crosshair = x;
    this.chart.draw();
  }

  setBrush(range: Extent | undefined): void {
    this.overlay.brush = range;
    this.chart.draw();
  }

  paint(context: CanvasRenderingContext2D, { left, top, width, height }: Area, ratio: number): void {
    if (this.drawing === undefined) return;
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const copy = new LineChart(canvas, this.overlay.theme, ratio);
    copy.draw(this.drawing);
    context.drawImage(canvas, left, top, width, height);
    copy.destroy();
  }

  xAt(pixel: number): number {
    const { left, right } = this.chart.chartArea;
    return this.chart.scales['x']?.getValueForPixel(Math.min(right, Math.max(left, pixel))) ?? NaN;
  }

  pixelOf(x: number): number {
    return this.chart.scales['x']?.getPixelForValue(x) ?? 0;
  }

  destroy(): void {
    this.chart.destroy();
  }

  private dataset(
    { series, style, emphasis }: DrawnLine,
    below: DrawnLine | undefined,
  ): ChartDataset<'line', Point[]> {
    const edge = series.role === 'low' || series.role === 'high';
    const upper = series.role === 'high' && below?.series.role === 'low';
    return {
      data: this.pointsOf(series),
      borderColor: emphasis === 'faint' ? `${style.color}40` : style.color,
      borderWidth: edge ? 0 : emphasis === 'strong' ? 2.75 : 1.5,
      borderDash: style.dash,
      fill: upper ? '-1' : false,
      backgroundColor: `${style.color}30`,
    };
  }

  private pointsOf(series: Series): Point[] {
    let points = this.points.get(series);
    if (points === undefined) {
      points = series.x.map((x, index) => ({ x, y: series.y[index] ?? NaN }));
      this.points.set(series, points);
    }
    return points;
  }
}

/** Ticks are round numbers: no padding zeros. */
function formatTick(value: number): string {
  return Math.abs(value) >= 1000 ? formatValue(value) : String(Number(value.toPrecision(6)));
}
