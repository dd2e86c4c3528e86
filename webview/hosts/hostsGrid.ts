import type { HostLine } from '../../src/protocol/hosts';
import { make } from '../shared/dom';
import { CellEditor, type Then } from './cellEditor';
import { columns, hostColumn } from './columns';
import { gridKey, type GridAction } from './gridKeys';
import type { LineMap } from './lineMap';
import { cellId, RowView } from './rowView';

/** Heights of a row in pixels, as hosts.css has them; below this width a row has two lines. */
const rowHeight = 28;
const narrowRowHeight = 52;
const narrowWidth = 620;
/** Rows drawn beyond what is seen. */
const overscan = 8;
/** What is taken for the height before there is a layout. */
const guessedHeight = 800;

/** Where the person is: a cell, and the line at the other end of what is selected. */
export interface Cursor {
  line: number;
  column: number;
  anchor: number;
}

export interface GridEvents {
  /** A cell was edited; `lines` are those selected. The value may be what it was. */
  edited(lines: number[], column: number, value: string): void;
  toggled(lines: number[]): void;
  removed(lines: number[]): void;
  moved(by: -1 | 1): void;
  duplicated(lines: number[]): void;
  copied(lines: number[]): string;
  pasted(text: string): void;
  /** The cursor or the selection is another. */
  changed(): void;
}

/**
 * The lines of the hostfile as a grid. Only the rows that are seen, and that of the cursor, are in the document; the grid
 * itself has the focus and names the cell with the cursor, so that nothing takes the focus away.
 */
export class HostsGrid {
  readonly element: HTMLElement;
  private readonly body = make('div', { class: 'rows', attributes: { role: 'rowgroup' } });
  private readonly header = headerRow();
  private readonly rows = new Map<number, RowView>();
  private lines: readonly HostLine[] = [];
  private at: Cursor = { line: 0, column: hostColumn, anchor: 0 };
  private editing: { editor: CellEditor; column: number; line: HostLine } | undefined;
  private frame: number | undefined;
  private narrow = false;
  private readonly sizes: ResizeObserver;

  constructor(private readonly events: GridEvents) {
    this.element = make(
      'div',
      {
        class: 'grid',
        attributes: {
          role: 'grid',
          tabindex: '0',
          'aria-label': 'Hosts',
          'aria-multiselectable': 'true',
          'aria-colcount': String(columns.length + 1),
          'aria-describedby': 'row-message',
        },
        on: {
          scroll: () => this.redraw(),
          keydown: (event) => this.key(event),
          mousedown: (event) => this.press(event),
          dblclick: (event) => this.doubleClick(event),
          copy: (event) => this.copy(event),
          paste: (event) => this.paste(event),
        },
      },
      this.header,
      this.body,
    );
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.element);
  }

  get cursor(): Cursor {
    return this.at;
  }

  /** The selected lines, from the top. */
  get selected(): number[] {
    if (this.lines.length === 0) return [];
    const [first, last] = [Math.min(this.at.line, this.at.anchor), Math.max(this.at.line, this.at.anchor)];
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  }

  /**
   * Shows other lines; cursor, selection and an open editor follow theirs.
   * @returns what was typed into an editor whose line is not there any more, or was changed in the same place
   */
  show(lines: readonly HostLine[], map: LineMap): string | undefined {
    this.lines = lines;
    const { editing } = this;
    const { line, column, anchor } = this.at;
    const cursor = map(line);
    this.at = { line: this.within(cursor.line), column, anchor: this.within(map(anchor).line) };
    let lost: string | undefined;
    if (editing !== undefined) {
      const now = lines[cursor.line];
      if (now !== undefined && valueAt(now, editing.column) === valueAt(editing.line, editing.column)) {
        editing.line = now;
      } else {
        lost = editing.editor.input.value;
        this.closeEditor();
      }
    }
    this.element.setAttribute('aria-rowcount', String(lines.length + 1));
    this.draw();
    return lost;
  }

  /** Moves the cursor, and with it the end of the selection. */
  moveTo(line: number, column = this.at.column, anchor = line): void {
    this.at = { line: this.within(line), column, anchor: this.within(anchor) };
    this.reveal();
    this.draw();
    this.events.changed();
  }

  /** Opens the editor of the cell with the cursor. `typed` replaces what it holds. */
  edit(typed?: string): void {
    const line = this.lines[this.at.line];
    if (line === undefined) return;
    const isHost = line.kind === 'host' || line.kind === 'disabled';
    const column = columns[this.at.column];
    if (isHost && column?.field === undefined) return;
    this.reveal();
    this.draw();
    const cell = this.rows.get(this.at.line)?.cell(this.at.column);
    if (cell === undefined) return;
    const index = this.at.column;
    const many = this.selected.length > 1 && isHost ? ` of ${this.selected.length} lines` : '';
    const editor = new CellEditor({
      cell,
      label: isHost ? `${column?.label ?? ''} of ${line.host}${many}` : `Line ${this.at.line + 1}`,
      value: typed ?? valueAt(line, index),
      number: column?.field === 'slots' || column?.field === 'port',
      select: typed === undefined,
      commit: (value, then) => this.commit(index, value, then),
      cancel: () => this.closeEditor(true),
    });
    this.editing = { editor, column: index, line };
  }

  focus(): void {
    this.element.focus();
  }

  dispose(): void {
    this.sizes.disconnect();
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
  }

  private commit(column: number, value: string, then: Then): void {
    const lines = this.selected;
    this.closeEditor(then !== 'leave');
    this.events.edited(lines, column, value);
    if (lines.length > 1) return;
    if (then === 'down') this.moveTo(this.at.line + 1);
    if (then === 'right' || then === 'left') this.step(then === 'right' ? 1 : -1);
  }

  private closeEditor(keepFocus = this.element.contains(document.activeElement)): void {
    this.editing?.editor.close();
    this.editing = undefined;
    if (keepFocus) this.focus();
  }

  private step(by: number): void {
    const column = Math.max(0, Math.min(columns.length - 1, this.at.column + by));
    this.moveTo(this.at.line, column);
  }

  private key(event: KeyboardEvent): void {
    const action = gridKey(event);
    if (action === undefined || this.editing !== undefined) return;
    event.preventDefault();
    this.act(action);
  }

  private act(action: GridAction): void {
    const { line, column, anchor } = this.at;
    switch (action.kind) {
      case 'line': {
        const to = line + action.by * (action.page ? this.pageLines() : 1);
        return this.moveTo(to, column, action.extend ? anchor : this.within(to));
      }
      case 'edge': {
        const to = action.by < 0 ? 0 : this.lines.length - 1;
        return this.moveTo(to, column, action.extend ? anchor : to);
      }
      case 'column':
        if (action.far) return this.moveTo(line, action.by < 0 ? 0 : columns.length - 1);
        return this.step(action.by);
      case 'all':
        return this.moveTo(this.lines.length - 1, column, 0);
      case 'collapse':
        return this.moveTo(line);
      case 'edit':
        if (columns[column]?.id === 'enabled' && action.typed === undefined)
          return this.events.toggled(this.selected);
        return this.edit(action.typed);
      case 'toggle':
        return this.events.toggled(this.selected);
      case 'remove':
        return this.events.removed(this.selected);
      case 'duplicate':
        return this.events.duplicated(this.selected);
      case 'move':
        return this.events.moved(action.by);
    }
  }

  private press(event: MouseEvent): void {
    const place = this.placeOf(event);
    if (place === undefined || event.button !== 0) return;
    this.editing?.editor.leave();
    this.moveTo(place.line, place.column, event.shiftKey ? this.at.anchor : place.line);
    if (columns[place.column]?.id === 'enabled' && !event.shiftKey) this.events.toggled([place.line]);
  }

  private doubleClick(event: MouseEvent): void {
    if (this.placeOf(event) !== undefined) this.edit();
  }

  /** The cell under the mouse; nothing inside an editor. */
  private placeOf({ target }: MouseEvent): { line: number; column: number } | undefined {
    if (!(target instanceof Element) || target instanceof HTMLInputElement) return undefined;
    const row = target.closest<HTMLElement>('.row[data-line]');
    if (row === null) return undefined;
    const cell = target.closest<HTMLElement>('[role=gridcell]');
    const column = cell === null ? -1 : [...row.querySelectorAll('[role=gridcell]')].indexOf(cell);
    const isLine = cell?.hasAttribute('aria-colspan') ?? true;
    return { line: Number(row.dataset['line']), column: isLine || column < 0 ? this.at.column : column };
  }

  private copy(event: ClipboardEvent): void {
    if (this.editing !== undefined) return;
    event.clipboardData?.setData('text/plain', this.events.copied(this.selected));
    event.preventDefault();
  }

  private paste(event: ClipboardEvent): void {
    if (this.editing !== undefined) return;
    const text = event.clipboardData?.getData('text/plain') ?? '';
    event.preventDefault();
    if (text !== '') this.events.pasted(text);
  }

  private within(line: number): number {
    return Math.max(0, Math.min(this.lines.length - 1, line));
  }

  private get height(): number {
    return this.narrow ? narrowRowHeight : rowHeight;
  }

  private pageLines(): number {
    return Math.max(1, Math.floor((this.element.clientHeight || guessedHeight) / this.height) - 2);
  }

  private resize(): void {
    const narrow = this.element.clientWidth > 0 && this.element.clientWidth < narrowWidth;
    if (narrow !== this.narrow) {
      this.narrow = narrow;
      this.element.classList.toggle('narrow', narrow);
      this.reveal();
    }
    this.draw();
  }

  private reveal(): void {
    const { element, height } = this;
    const head = this.header.offsetHeight;
    const top = this.at.line * height;
    const seen = (element.clientHeight || guessedHeight) - head;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + height > element.scrollTop + seen) element.scrollTop = top + height - seen;
  }

  private redraw(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  private draw(): void {
    const { element, height, lines } = this;
    this.body.style.height = `${lines.length * height}px`;
    const seen = element.clientHeight || guessedHeight;
    const first = Math.max(0, Math.floor(element.scrollTop / height) - overscan);
    const last = Math.min(lines.length - 1, Math.ceil((element.scrollTop + seen) / height) + overscan);
    const [from, to] = [Math.min(this.at.line, this.at.anchor), Math.max(this.at.line, this.at.anchor)];
    const wanted = new Set<number>();
    for (let index = first; index <= last; index++) wanted.add(index);
    if (lines.length > 0) wanted.add(this.at.line);
    for (const [index, row] of this.rows) {
      if (wanted.has(index)) continue;
      row.element.remove();
      this.rows.delete(index);
    }
    for (const index of wanted) {
      const line = lines[index];
      if (line === undefined) continue;
      const row = this.rows.get(index) ?? this.newRow(index);
      const cursor = index === this.at.line ? this.at.column : undefined;
      row.update(line, { index, selected: index >= from && index <= to, cursor, top: index * height });
    }
    const { editing } = this;
    if (editing !== undefined) {
      const cell = this.rows.get(this.at.line)?.cell(editing.column);
      if (cell !== undefined) editing.editor.moveTo(cell);
    }
    this.nameCursor();
  }

  /** Rows stand in the document in the order of their lines, as screen readers read them. */
  private newRow(index: number): RowView {
    const row = new RowView();
    const after = [...this.body.children].find(
      (other) => Number((other as HTMLElement).dataset['line']) > index,
    );
    this.body.insertBefore(row.element, after ?? null);
    this.rows.set(index, row);
    return row;
  }

  private nameCursor(): void {
    const line = this.lines[this.at.line];
    if (line === undefined) return this.element.removeAttribute('aria-activedescendant');
    const isHost = line.kind === 'host' || line.kind === 'disabled';
    this.element.setAttribute('aria-activedescendant', cellId(this.at.line, isHost ? this.at.column : 0));
  }
}

function valueAt(line: HostLine, column: number): string {
  const field = columns[column]?.field;
  return (line.kind === 'host' || line.kind === 'disabled') && field !== undefined ? line[field] : line.text;
}

function headerRow(): HTMLElement {
  return make(
    'div',
    { class: 'row header', attributes: { role: 'row', 'aria-rowindex': '1' } },
    make('div', { class: 'head', text: 'Line', attributes: { role: 'columnheader', 'aria-colindex': '1' } }),
    ...columns.map(({ id, label }, index) =>
      make('div', {
        class: `cell column-${id}`,
        text: label,
        attributes: { role: 'columnheader', 'aria-colindex': String(index + 2) },
      }),
    ),
  );
}
