import type { Axis, Series } from '../../src/protocol/dashboard';
import type { LineStyle, Theme } from './lineStyle';
import type { Extent } from './seriesMaths';

/** What to draw: lines with the style of each, in drawing order. */
export interface Drawing {
  axis: Axis;
  x: Extent;
  y: Extent;
  lines: DrawnLine[];
}

export interface DrawnLine {
  series: Series;
  style: LineStyle;
  emphasis: 'normal' | 'strong' | 'faint';
}

/** Part of a picture, in CSS pixels. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A picture of lines on a canvas. Pixels are CSS pixels from the left of the canvas. */
export interface Plot {
  draw(drawing: Drawing): void;
  setTheme(theme: Theme): void;
  /** Draws the line that readings are taken at, or takes it away. */
  setCrosshair(x: number | undefined): void;
  /** Draws the range that is being brushed, or takes it away. */
  setBrush(range: Extent | undefined): void;
  /** Draws the same picture in another size; `ratio` pixels of the context stand for one of `area`. */
  paint(context: CanvasRenderingContext2D, area: Area, ratio: number): void;
  /** The x value under a pixel, within the plotted area. */
  xAt(pixel: number): number;
  pixelOf(x: number): number;
  destroy(): void;
}

export type PlotFactory = (canvas: HTMLCanvasElement, theme: Theme) => Plot;
