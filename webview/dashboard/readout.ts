import type { Axis } from '../../src/protocol/dashboard';
import { make, setText, syncChildren } from '../shared/dom';
import { formatValue, formatX } from './format';
import type { DrawnLine } from './plot';
import { swatch } from './lineStyle';
import { nearestIndex } from './seriesMaths';

/** One line of a reading. */
export interface Reading {
  key: string;
  name: string;
  value: number;
  line: DrawnLine;
}

/** The values of all lines at one x, greatest first; each from the nearest point that a line really has. */
export function readAt(
  lines: readonly DrawnLine[],
  x: number,
  tolerance: number,
  nameOf: (key: string) => string,
): Reading[] {
  return lines
    .flatMap((line) => {
      const { series } = line;
      const index = nearestIndex(series.x, x);
      const value = series.y[index];
      if (value === undefined || Math.abs((series.x[index] ?? Infinity) - x) > tolerance) return [];
      return [{ key: series.key, name: nameOf(series.key), value, line }];
    })
    .sort((a, b) => b.value - a.value);
}

/** The box beside the crosshair. */
export class Readout {
  readonly element = make('div', { class: 'readout', attributes: { 'aria-hidden': 'true' } });
  private readonly head = make('div', { class: 'readout-head' });
  private readonly list = make('div', { class: 'readout-list' });
  /** The same in one sentence, for screen readers: spoken when the arrow keys move the reading. */
  readonly spoken = make('div', { class: 'hidden', attributes: { role: 'status', 'aria-live': 'polite' } });

  constructor() {
    this.element.append(this.head, this.list);
    this.element.hidden = true;
  }

  /** @param place pixels from the left of the chart; the box stands on the side with more room */
  show(
    readings: readonly Reading[],
    x: number,
    axis: Axis,
    place: number,
    width: number,
    aloud: boolean,
  ): void {
    this.element.hidden = readings.length === 0;
    const head = `${axis} ${formatX(x, axis)}`;
    setText(this.head, head);
    this.list.classList.toggle('wide', readings.length > 8);
    syncChildren(
      this.list,
      readings,
      ({ key, line }) => `${key} ${line.style.color}`,
      ({ line }) =>
        make(
          'div',
          { class: 'reading' },
          swatch(line.style),
          make('span', { class: 'reading-name' }),
          make('span', { class: 'number' }),
        ),
      (row, { name, value }) => {
        const [, label, number] = row.children;
        if (label) setText(label, name);
        if (number) setText(number, formatValue(value));
      },
    );
    const right = place > width / 2;
    this.element.style.left = right ? 'auto' : `${place + 14}px`;
    this.element.style.right = right ? `${width - place + 14}px` : 'auto';
    const spoken = readings.map(({ name, value }) => `${name} ${formatValue(value)}`).join(', ');
    if (aloud) setText(this.spoken, `${head}: ${spoken}`);
  }

  hide(): void {
    this.element.hidden = true;
  }
}
