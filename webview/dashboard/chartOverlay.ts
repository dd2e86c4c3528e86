import type { Chart, Plugin } from 'chart.js';
import type { DrawnLine } from './plot';
import type { LineStyle, Theme } from './lineStyle';
import { valueOnLine, type Extent } from './seriesMaths';

const markerSpacing = 110;
const labelHeight = 12;
/** A label farther than this from the end of its line would be taken for another's. */
const mostLabelShift = 14;

/** What Chart.js does not draw: markers and labels that tell lines apart without colour, crosshair, brushed range. */
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
    this.drawLabels(chart);
    if (this.brush !== undefined) this.drawBrush(chart, this.brush);
  }

  private drawMarkers(chart: Chart): void {
    const { left, right } = chart.chartArea;
    const workers = this.lines.filter(
      ({ series, emphasis }) => series.role === 'worker' && emphasis !== 'faint',
    );
    workers.forEach(({ series, style }, index) => {
      const phase = ((index + 0.5) / workers.length) * markerSpacing;
      for (let pixel = left + phase; pixel < right; pixel += markerSpacing) {
        const place = chart.scales['x']?.getValueForPixel(pixel);
        const value = place === undefined ? undefined : valueOnLine(series, place);
        if (value !== undefined) this.drawMarker(chart, style, pixel, value);
      }
      const [x, y] = [series.x.at(-1), series.y.at(-1)];
      if (x !== undefined && y !== undefined) {
        this.drawMarker(chart, style, chart.scales['x']?.getPixelForValue(x) ?? NaN, y);
      }
    });
  }

  private drawMarker(chart: Chart, { color, marker }: LineStyle, pixel: number, value: number): void {
    const { ctx } = chart;
    ctx.save();
    ctx.translate(pixel, chart.scales['y']?.getPixelForValue(value) ?? NaN);
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
      const value = series.role === 'worker' ? valueOnLine(series, at) : undefined;
      if (value !== undefined) this.drawMarker(chart, style, pixel, value);
    }
  }

  /** Names at the ends of the lines, moved apart a little; those that find no place near their line are left out. */
  private drawLabels(chart: Chart): void {
    const { ctx, chartArea } = chart;
    const ends = this.lines
      .filter(({ label, emphasis }) => label !== '' && emphasis !== 'faint')
      .map(({ series, label, style }) => ({
        label,
        color: style.color,
        x: chart.scales['x']?.getPixelForValue(series.x.at(-1) ?? NaN) ?? NaN,
        y: chart.scales['y']?.getPixelForValue(series.y.at(-1) ?? NaN) ?? NaN,
      }))
      .filter(({ x, y }) => x <= chartArea.right + 1 && y >= chartArea.top && y <= chartArea.bottom)
      .sort((a, b) => a.y - b.y);
    ctx.save();
    ctx.font = `11px ${this.theme.fontFamily}`;
    ctx.textBaseline = 'middle';
    let lowest = -Infinity;
    for (const { label, color, x, y } of ends) {
      const place = Math.max(y, lowest + labelHeight);
      if (place - y > mostLabelShift) continue;
      ctx.fillStyle = color;
      ctx.fillText(label, Math.min(x, chartArea.right) + 8, place);
      lowest = place;
    }
    ctx.restore();
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
