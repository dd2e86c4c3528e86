import type { Chart, Plugin } from 'chart.js';
import type { DrawnLine } from './plot';
import type { LineStyle, Theme } from './lineStyle';
import { markedPoints, nearestIndex, type Extent } from './seriesMaths';

/** Pixels between the markers of one line. */
const markerSpacing = 110;

/** What Chart.js does not draw: markers that tell lines apart without colour, crosshair, brushed range. */
export class ChartOverlay implements Plugin<'line'> {
  readonly id = 'overlay';
  lines: readonly DrawnLine[] = [];
  crosshair: number | undefined;
  brush: Extent | undefined;

  constructor(public theme: Theme) {}

  afterDatasetsDraw(chart: Chart): void {
    const { ctx, chartArea } = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(chartArea.left, chartArea.top - 4, chartArea.width + 4, chartArea.height + 8);
    ctx.clip();
    this.drawMarkers(chart);
    if (this.crosshair !== undefined) this.drawCrosshair(chart, this.crosshair);
    ctx.restore();
    if (this.brush !== undefined) this.drawBrush(chart, this.brush);
  }

  private drawMarkers(chart: Chart): void {
    const { left, right } = chart.chartArea;
    const [min, max] = [placeOf(chart, left), placeOf(chart, right)];
    const spacing = placeOf(chart, left + markerSpacing) - min;
    const workers = this.lines.filter(
      ({ series, emphasis }) => series.role === 'worker' && emphasis !== 'faint',
    );
    workers.forEach(({ series, style }, index) => {
      const first = ((index + 0.5) / workers.length) * spacing;
      for (const point of markedPoints(series.x, { min, max }, first, spacing)) {
        this.drawMarker(chart, style, series.x[point] ?? NaN, series.y[point] ?? NaN);
      }
    });
  }

  private drawMarker(chart: Chart, { color, marker }: LineStyle, x: number, y: number): void {
    const { ctx } = chart;
    ctx.save();
    ctx.translate(
      chart.scales['x']?.getPixelForValue(x) ?? NaN,
      chart.scales['y']?.getPixelForValue(y) ?? NaN,
    );
    const path = new Path2D(marker.path);
    ctx.lineJoin = 'round';
    ctx.lineCap = 'round';
    ctx.strokeStyle = this.theme.background;
    ctx.lineWidth = 4;
    ctx.stroke(path);
    ctx.fillStyle = marker.filled ? color : this.theme.background;
    ctx.fill(path);
    ctx.strokeStyle = color;
    ctx.lineWidth = 1.5;
    ctx.stroke(path);
    ctx.restore();
  }

  private drawCrosshair(chart: Chart, at: number): void {
    const { ctx, chartArea } = chart;
    const pixel = chart.scales['x']?.getPixelForValue(at) ?? NaN;
    ctx.strokeStyle = this.theme.muted;
    ctx.lineWidth = 1;
    ctx.setLineDash([3, 3]);
    ctx.beginPath();
    ctx.moveTo(pixel, chartArea.top);
    ctx.lineTo(pixel, chartArea.bottom);
    ctx.stroke();
    ctx.setLineDash([]);
    for (const { series, style } of this.lines) {
      const index = nearestIndex(series.x, at);
      if (series.role !== 'worker' || series.x[index] !== at) continue;
      this.drawMarker(chart, style, at, series.y[index] ?? NaN);
    }
  }

  private drawBrush(chart: Chart, { min, max }: Extent): void {
    const { ctx, chartArea } = chart;
    const from = chart.scales['x']?.getPixelForValue(min) ?? NaN;
    const to = chart.scales['x']?.getPixelForValue(max) ?? NaN;
    ctx.save();
    ctx.globalAlpha = 0.15;
    ctx.fillStyle = this.theme.foreground;
    ctx.fillRect(from, chartArea.top, to - from, chartArea.height);
    ctx.globalAlpha = 0.8;
    ctx.strokeStyle = this.theme.foreground;
    ctx.strokeRect(from, chartArea.top, to - from, chartArea.height);
    ctx.restore();
  }
}

function placeOf(chart: Chart, pixel: number): number {
  return chart.scales['x']?.getValueForPixel(pixel) ?? NaN;
}
