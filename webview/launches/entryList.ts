import { sections, type EntryRow, type Section } from '../../src/protocol/launches';
import { pushButton } from '../shared/controls';
import { make, setText, syncChildren } from '../shared/dom';
import { icon } from '../shared/icon';

export interface EntryActions {
  select(section: Section, name: string): void;
  add(section: Section): void;
}

const titles = { clusters: 'Clusters', launches: 'Launches' } as const;
const adding = { clusters: 'Add cluster', launches: 'Add launch' } as const;

/** The clusters and launches of the file. The arrow keys go from one to the next. */
export class EntryList {
  readonly element = make('nav', { class: 'entries', attributes: { 'aria-label': 'Clusters and launches' } });
  private readonly lists: Readonly<Record<Section, HTMLElement>>;

  constructor(private readonly actions: EntryActions) {
    this.lists = { clusters: this.makeList('clusters'), launches: this.makeList('launches') };
    this.element.addEventListener('keydown', (event) => this.move(event));
  }

  show(entries: readonly EntryRow[], selected: { section: Section; name: string } | null): void {
    const before = this.current();
    for (const section of sections) {
      syncChildren(
        this.lists[section],
        entries.filter((entry) => entry.section === section),
        ({ name }) => name,
        (entry) => this.makeRow(entry),
        (item, entry) => {
          const isShown = selected?.section === section && selected.name === entry.name;
          showRow(item, entry, isShown);
        },
      );
    }
    const now = this.current();
    if (now !== before) now?.scrollIntoView({ block: 'nearest' });
  }

  /** Goes to what is selected. */
  focus(): void {
    (this.current() ?? this.rows()[0])?.focus();
  }

  private current(): HTMLElement | undefined {
    return this.rows().find((row) => row.getAttribute('aria-current') === 'true');
  }

  private makeList(section: Section): HTMLElement {
    const list = make('ul', { attributes: { 'aria-labelledby': `title-${section}` } });
    const title = make('h2', { text: titles[section], attributes: { id: `title-${section}` } });
    const add = pushButton(adding[section], () => this.actions.add(section), icon('plus'));
    this.element.append(make('section', {}, make('div', { class: 'section-head' }, title, add), list));
    return list;
  }

  private makeRow({ section, name }: EntryRow): HTMLElement {
    const button = make(
      'button',
      {
        class: 'entry',
        attributes: { type: 'button' },
        on: { click: () => this.actions.select(section, name) },
      },
      make('span', { class: 'entry-name' }),
      make('span', { class: 'entry-mark' }),
      make('span', { class: 'entry-detail muted' }),
    );
    return make('li', {}, button);
  }

  private rows(): HTMLButtonElement[] {
    return [...this.element.querySelectorAll<HTMLButtonElement>('.entry')];
  }

  private move(event: KeyboardEvent): void {
    const rows = this.rows();
    const at = rows.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (at === -1 || to === undefined) return;
    event.preventDefault();
    const row = rows[to];
    row?.focus();
    row?.click();
  }
}

function showRow(item: HTMLElement, { name, detail, errors, warnings }: EntryRow, isShown: boolean): void {
  const button = item.firstElementChild;
  const [nameBox, mark, detailBox] = button?.children ?? [];
  if (button === null || nameBox === undefined || mark === undefined || detailBox === undefined) return;
  // One stop of the Tab key for the whole list.
  button.setAttribute('tabindex', isShown ? '0' : '-1');
  if (isShown) button.setAttribute('aria-current', 'true');
  else button.removeAttribute('aria-current');
  setText(nameBox, name);
  setText(detailBox, detail);
  const words = markText(errors, warnings);
  if (mark.getAttribute('title') === words) return;
  mark.setAttribute('title', words);
  (mark as HTMLElement).dataset['severity'] = errors > 0 ? 'error' : 'warning';
  mark.replaceChildren(
    ...(words === ''
      ? []
      : [icon(errors > 0 ? 'cross' : 'warning'), make('span', { class: 'hidden', text: words })]),
  );
}

function markText(errors: number, warnings: number): string {
  const count = (number: number, word: string): string[] =>
    number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`];
  return [...count(errors, 'error'), ...count(warnings, 'warning')].join(', ');
}
