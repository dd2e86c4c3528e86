import type { Plot } from './plot';
import type { Extent } from './seriesMaths';

/** A drag shorter than this many pixels is a click. */
const leastDrag = 5;

export interface ChartGestures {
  /** Pointer or arrow keys are at this x; undefined when they left. */
  hover(x: number | undefined): void;
  /** -1 or 1: the arrow keys move the reading to the next point. */
  step(direction: number): void;
  zoom(range: Extent): void;
  resetZoom(): void;
}

/** Pointer and keys on a chart: hover to read, drag to zoom, double click or Escape to see all again. */
export function listenToChart(canvas: HTMLCanvasElement, chart: Plot, gestures: ChartGestures): void {
  let dragFrom: number | undefined;
  const brushTo = (pixel: number): Extent | undefined => {
    if (dragFrom === undefined || Math.abs(pixel - dragFrom) < leastDrag) return undefined;
    const [from, to] = [chart.xAt(dragFrom), chart.xAt(pixel)];
    return { min: Math.min(from, to), max: Math.max(from, to) };
  };
  canvas.addEventListener('pointermove', (event) => {
    const brush = brushTo(event.offsetX);
    if (dragFrom !== undefined) chart.setBrush(brush);
    gestures.hover(brush === undefined ? chart.xAt(event.offsetX) : undefined);
  });
  canvas.addEventListener('pointerleave', () => gestures.hover(undefined));
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    dragFrom = event.offsetX;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointerup', (event) => {
    const brush = brushTo(event.offsetX);
    dragFrom = undefined;
    chart.setBrush(undefined);
    if (brush !== undefined && brush.max > brush.min) gestures.zoom(brush);
  });
  canvas.addEventListener('pointercancel', () => {
    dragFrom = undefined;
    chart.setBrush(undefined);
  });
  canvas.addEventListener('dblclick', () => gestures.resetZoom());
  canvas.addEventListener('blur', () => gestures.hover(undefined));
  canvas.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') gestures.step(-1);
    else if (event.key === 'ArrowRight') gestures.step(1);
    else if (event.key === 'Escape') gestures.resetZoom();
    else return;
    event.preventDefault();
  });
}
