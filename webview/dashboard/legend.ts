import { make, setText, syncChildren } from '../shared/dom';
import { swatch, type LineStyle } from './lineStyle';

export interface LegendItem {
  key: string;
  name: string;
  style: LineStyle;
  picked: boolean;
}

/** Which line is whose; a click highlights the worker in both charts and the table. */
export class Legend {
  readonly element = make('div', {
    class: 'legend',
    attributes: { role: 'group', 'aria-label': 'Workers drawn' },
  });

  constructor(private readonly toggle: (worker: string) => void) {}

  show(items: readonly LegendItem[], note: string): void {
    syncChildren(
      this.element,
      [...items, ...(note === '' ? [] : [note])],
      (item) => (typeof item === 'string' ? 'note' : `${item.key} ${item.style.color}`),
      (item) =>
        typeof item === 'string'
          ? make('span', { class: 'muted' })
          : make(
              'button',
              { class: 'legend-item', on: { click: () => this.toggle(item.key) } },
              swatch(item.style),
              make('span'),
            ),
      (element, item) => {
        if (typeof item === 'string') return setText(element, item);
        element.setAttribute('aria-pressed', String(item.picked));
        if (element.lastElementChild) setText(element.lastElementChild, item.name);
      },
    );
  }
}
