import type { Chart } from '../../src/protocol/dashboard';
import { make, setText, syncChildren } from '../shared/dom';
import type { Look } from './chartCard';
import { formatValue, formatX } from './format';

/** A table longer than this is slow to move through; the export has every value. */
const mostRows = 2000;
const refreshMs = 1000;

/** The values of a chart as a table, one row per x: filled while it is open, at most once a second, empty while closed. */
export class ChartTable {
  readonly element: HTMLDetailsElement;
  private readonly caption = make('caption', { class: 'muted' });
  private readonly head = make('tr');
  private readonly body = make('tbody');
  private newest: { chart: Chart; look: Look } | undefined;
  private timer: number | undefined;

  constructor() {
    const table = make('table', { class: 'values' }, this.caption, make('thead', {}, this.head), this.body);
    const summary = make('summary', { text: 'Values as a table' });
    this.element = make('details', { class: 'values-box' }, summary, make('div', { class: 'scroll' }, table));
    this.element.addEventListener('toggle', () => {
      if (this.element.open) this.fill();
      else this.body.replaceChildren();
    });
  }

  show(chart: Chart, look: Look): void {
    this.newest = { chart, look };
    if (!this.element.open) return;
    this.timer ??= window.setTimeout(() => {
      this.timer = undefined;
      this.fill();
    }, refreshMs);
  }

  private fill(): void {
    if (!this.element.open || this.newest === undefined) return;
    const { chart, look } = this.newest;
    const rows = valueRows(chart);
    const shown = rows.slice(-mostRows);
    const part =
      shown.length < rows.length ? `the last ${shown.length} of ${rows.length} rows; export for all` : '';
    setText(this.caption, [chart.label, chart.unit, part].filter((text) => text !== '').join(' · '));
    const names = [look.axis, ...chart.series.map(({ key }) => look.nameOf(key))];
    syncChildren(
      this.head,
      names,
      (name) => name,
      () => make('th', { attributes: { scope: 'col' } }),
      setText,
    );
    syncChildren(
      this.body,
      shown,
      ({ x }) => String(x),
      () => make('tr'),
      (row, { x, values }) => {
        syncChildren(
          row,
          [
            formatX(x, look.axis),
            ...values.map((value) => (value === undefined ? '' : formatValue(value))),
          ].map((text, column) => ({ text, column })),
          ({ column }) => String(column),
          ({ column }) => (column === 0 ? make('th', { attributes: { scope: 'row' } }) : make('td')),
          (cell, { text }) => setText(cell, text),
        );
      },
    );
  }
}

/** All x of a chart in order, with the value of each series that has one there. */
export function valueRows(chart: Chart): { x: number; values: (number | undefined)[] }[] {
  const rows = new Map<number, (number | undefined)[]>();
  chart.series.forEach((series, column) => {
    series.x.forEach((x, index) => {
      const values = rows.get(x) ?? chart.series.map(() => undefined);
      values[column] = series.y[index];
      rows.set(x, values);
    });
  });
  return [...rows].map(([x, values]) => ({ x, values })).sort((a, b) => a.x - b.x);
}
