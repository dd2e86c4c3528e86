import type { WorkerRow } from '../../src/protocol/dashboard';
import { make, setText, syncChildren } from '../shared/dom';
import { formatSigned, formatValue, formatX } from './format';
import { icon } from '../shared/icon';
import { workerIcons } from './icons';
import { swatch, type LineStyle } from './lineStyle';

export interface Sorting {
  column: string;
  descending: boolean;
}

interface Column {
  id: string;
  label: string;
  number: boolean;
  /** What the column sorts by; null comes last either way. */
  key: (row: WorkerRow) => string | number | null;
  text: (row: WorkerRow) => string;
}

const text = (value: number | null, format: (value: number) => string) =>
  value === null ? '' : format(value);
const local = (row: WorkerRow) => row.local;

/** In reading order. */
export const columns: readonly Column[] = [
  { id: 'worker', label: 'worker', number: false, key: ({ index }) => index, text: ({ name }) => name },
  { id: 'host', label: 'host', number: false, key: ({ host }) => host, text: ({ host }) => host },
  { id: 'local', label: 'local', number: true, key: local, text: (row) => text(row.local, String) },
  {
    id: 'rank',
    label: 'rank',
    number: true,
    key: ({ rank }) => rank,
    text: ({ rank }) => text(rank, String),
  },
  {
    id: 'step',
    label: 'step',
    number: true,
    key: ({ step }) => step,
    text: ({ step }) => text(step, (value) => formatX(value, 'step')),
  },
  {
    id: 'throughput',
    label: 'samples/s',
    number: true,
    key: ({ throughput }) => throughput,
    text: ({ throughput }) => text(throughput, formatValue),
  },
  {
    id: 'accuracy',
    label: 'accuracy',
    number: true,
    key: ({ accuracy }) => accuracy,
    text: ({ accuracy }) => text(accuracy, formatValue),
  },
  {
    id: 'loss',
    label: 'loss',
    number: true,
    key: ({ loss }) => loss,
    text: ({ loss }) => text(loss, formatValue),
  },
  {
    id: 'versus',
    label: 'vs median',
    number: true,
    key: ({ versusMedian }) => versusMedian,
    text: ({ versusMedian }) => text(versusMedian, formatSigned),
  },
  {
    id: 'lastLine',
    label: 'last line',
    number: false,
    key: ({ lastLine }) => lastLine,
    text: ({ lastLine }) => lastLine,
  },
  {
    id: 'state',
    label: 'state',
    number: false,
    key: ({ state }) => state,
    text: ({ stateText }) => stateText,
  },
];

/** The class of its column says how wide the table must be for it to be shown. */
function cellClass(id: string, number: boolean): string {
  return number ? `number column-${id}` : `column-${id}`;
}

/** Rows in the order a person asked for; equal ones in the order of the plan. */
export function sortRows(rows: readonly WorkerRow[], { column, descending }: Sorting): WorkerRow[] {
  const key = columns.find(({ id }) => id === column)?.key ?? (({ index }) => index);
  const direction = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [p, q] = [key(a), key(b)];
    if (p === q) return a.index - b.index;
    if (p === null) return 1;
    if (q === null) return -1;
    if (typeof p === 'number' && typeof q === 'number') return (p - q) * direction;
    return String(p).localeCompare(String(q), 'en', { numeric: true }) * direction;
  });
}

export interface TableEvents {
  sort(sorting: Sorting): void;
  /** The worker was clicked, or chosen with Enter or Space. */
  toggle(worker: string): void;
}

/** One row per worker. Arrow keys move, Enter and Space highlight, column heads sort. */
export class WorkerTable {
  readonly element: HTMLElement;
  private readonly body = make('tbody');
  private readonly heads = new Map<string, HTMLElement>();
  private sorting: Sorting = { column: 'worker', descending: false };

  constructor(private readonly events: TableEvents) {
    const head = make('tr', {}, ...columns.map((column) => this.headOf(column)));
    const table = make(
      'table',
      {
        class: 'workers',
        attributes: { role: 'grid', 'aria-label': 'Workers', 'aria-multiselectable': 'true' },
      },
      make('thead', {}, head),
      this.body,
    );
    this.body.addEventListener('keydown', (event) => this.move(event));
    this.element = make('div', { class: 'card scroll workers-box' }, table);
  }

  show(
    rows: readonly WorkerRow[],
    sorting: Sorting,
    picked: ReadonlySet<string>,
    styleOf: (worker: string) => LineStyle,
  ): void {
    this.sorting = sorting;
    for (const [id, head] of this.heads) {
      const direction = sorting.descending ? 'descending' : 'ascending';
      head.setAttribute('aria-sort', id === sorting.column ? direction : 'none');
    }
    syncChildren(
      this.body,
      sortRows(rows, sorting),
      ({ id }) => id,
      ({ id }) => this.rowOf(id),
      (element, row) => update(element, row, picked.has(row.id), styleOf(row.id)),
    );
    const rowElements = [...this.body.children] as HTMLElement[];
    if (!rowElements.some(({ tabIndex }) => tabIndex === 0)) rowElements[0]?.setAttribute('tabindex', '0');
  }

  private headOf({ id, label, number }: Column): HTMLElement {
    const press = () =>
      this.events.sort({
        column: id,
        descending: this.sorting.column === id ? !this.sorting.descending : number && id !== 'rank',
      });
    const button = make('button', { class: 'sort', text: label, on: { click: press } });
    const head = make('th', { class: cellClass(id, number), attributes: { scope: 'col' } }, button);
    this.heads.set(id, head);
    return head;
  }

  private rowOf(worker: string): HTMLTableRowElement {
    const cells = columns.map(({ id, number }) => {
      const cell = make('td', { class: cellClass(id, number) });
      cell.dataset['column'] = id;
      if (id === 'worker' || id === 'state') cell.append(make('span', { class: 'mark' }), make('span'));
      return cell;
    });
    const row = make('tr', { attributes: { tabindex: '-1', 'aria-selected': 'false' } }, ...cells);
    row.dataset['worker'] = worker;
    row.addEventListener('click', () => this.events.toggle(worker));
    row.addEventListener('focus', () => {
      for (const other of this.body.children) (other as HTMLElement).tabIndex = other === row ? 0 : -1;
    });
    return row;
  }

  private move(event: KeyboardEvent): void {
    const row = document.activeElement?.closest<HTMLElement>('tr[data-worker]');
    if (!row) return;
    const worker = row.dataset['worker'] ?? '';
    const target = {
      ArrowDown: row.nextElementSibling,
      ArrowUp: row.previousElementSibling,
      Home: this.body.firstElementChild,
      End: this.body.lastElementChild,
    }[event.key];
    if (event.key === 'Enter' || event.key === ' ') this.events.toggle(worker);
    else if (target instanceof HTMLElement) target.focus();
    else return;
    event.preventDefault();
  }
}

function update(element: HTMLElement, row: WorkerRow, picked: boolean, style: LineStyle): void {
  element.setAttribute('aria-selected', String(picked));
  element.dataset['state'] = row.state;
  element.dataset['points'] = String(row.points);
  columns.forEach((column, place) => {
    const cell = element.children[place] as HTMLElement;
    const content = column.text(row);
    const words = column.id === 'worker' || column.id === 'state' ? cell.lastElementChild : cell;
    if (words) setText(words, content);
    if (column.id === 'lastLine') cell.title = content;
    if (column.id === 'versus') cell.dataset['behind'] = String((row.versusMedian ?? 0) <= -0.2);
    if (column.id === 'worker') mark(cell, style.color + style.marker.name, () => swatch(style));
    if (column.id === 'state') mark(cell, row.state, () => icon(workerIcons[row.state]));
  });
}

function mark(cell: HTMLElement, key: string, draw: () => SVGSVGElement): void {
  const place = cell.firstElementChild as HTMLElement;
  if (place.dataset['mark'] === key) return;
  place.dataset['mark'] = key;
  place.replaceChildren(draw());
}
