import type { HostLine } from '../../src/protocol/hosts';
import { make, setText } from '../shared/dom';
import { icon, type IconName } from '../shared/icon';
import { columns, type Column } from './columns';

export interface RowLook {
  /** Zero-based line. */
  index: number;
  selected: boolean;
  /** The column of the cursor, where it is in this row. */
  cursor: number | undefined;
  top: number;
}

const problemIcons: Readonly<Record<string, IconName>> = {
  error: 'cross',
  warning: 'warning',
  information: 'info',
  hint: 'info',
};

/** The id of a cell, by which the grid names the one with the cursor. */
export function cellId(line: number, column: number): string {
  return `cell-${line}-${column}`;
}

/** One line of the hostfile: a cell per column for a host, one over all of them for anything else. */
export class RowView {
  readonly element = make('div', { class: 'row', attributes: { role: 'row' } });
  private readonly head = make('div', { class: 'head', attributes: { role: 'rowheader' } });
  private cells: HTMLElement[] = [];
  private shown: HostLine | undefined;

  /** Draws a line; a cell that holds an editor keeps it. */
  update(line: HostLine, { index, selected, cursor, top }: RowLook): void {
    const { element } = this;
    const isHost = line.kind === 'host' || line.kind === 'disabled';
    const count = isHost ? columns.length : 1;
    if (this.cells.length !== count) {
      this.cells = (isHost ? columns : [undefined]).map(makeCell);
      element.replaceChildren(this.head, ...this.cells);
    }
    if (this.shown !== line) this.draw(line, isHost);
    this.shown = line;
    element.style.transform = `translateY(${top}px)`;
    element.dataset['line'] = String(index);
    element.setAttribute('aria-rowindex', String(index + 2));
    element.setAttribute('aria-selected', String(selected));
    setText(this.head.lastElementChild ?? this.head, String(index + 1));
    this.cells.forEach((cell, column) => {
      cell.id = cellId(index, isHost ? column : 0);
      cell.classList.toggle('cursor', cursor !== undefined && (!isHost || column === cursor));
    });
  }

  /** The cell of a column; that over all columns where the line is no host. */
  cell(column: number): HTMLElement | undefined {
    return this.cells.length === 1 ? this.cells[0] : this.cells[column];
  }

  private draw(line: HostLine, isHost: boolean): void {
    this.element.dataset['kind'] = line.kind;
    this.drawHead(line);
    this.cells.forEach((cell, index) => {
      const column = columns[index];
      if (!isHost || column === undefined) setText(textOf(cell), line.text.trim());
      else drawCell(cell, column, line);
    });
  }

  private drawHead({ problem }: HostLine): void {
    const number = make('span', { class: 'line-number' });
    this.head.replaceChildren(number);
    this.element.dataset['severity'] = problem?.severity ?? 'none';
    if (problem === null) this.head.removeAttribute('title');
    else {
      this.head.title = problem.message;
      const words = make('span', { class: 'hidden', text: `${problem.severity}: ${problem.message}` });
      this.head.prepend(icon(problemIcons[problem.severity] ?? 'info'), words);
    }
  }
}

function makeCell(column: Column | undefined, index: number): HTMLElement {
  const attributes: Record<string, string> = { role: 'gridcell', 'aria-colindex': String(index + 2) };
  if (column === undefined) attributes['aria-colspan'] = String(columns.length);
  else if (column.field === undefined && column.id !== 'enabled') attributes['aria-readonly'] = 'true';
  return make(
    'div',
    { class: `cell column-${column?.id ?? 'line'}`, attributes },
    make('span', { class: 'text' }),
  );
}

function textOf(cell: HTMLElement): Element {
  return cell.querySelector('.text') ?? cell;
}

function drawCell(cell: HTMLElement, { id }: Column, line: HostLine): void {
  switch (id) {
    case 'enabled': {
      const used = line.kind === 'host';
      const box = make('span', {
        class: 'check',
        attributes: { role: 'checkbox', 'aria-checked': String(used), 'aria-label': `use ${line.host}` },
      });
      if (used) box.append(icon('tick'));
      cell.replaceChildren(box);
      return;
    }
    case 'state':
      cell.dataset['live'] = line.live?.kind ?? 'none';
      cell.title = line.live?.text ?? '';
      setText(textOf(cell), line.kind === 'disabled' ? 'disabled' : stateText(line));
      return;
    case 'gpus':
      cell.title = line.live?.gpuText ?? '';
      setText(textOf(cell), line.live?.gpus == null ? '' : String(line.live.gpus));
      return;
    case 'host':
      cell.dataset['more'] = line.more;
      cell.title = `${line.host} ${line.more}`.trimEnd();
      setText(textOf(cell), line.host);
      return;
    case 'slots':
    case 'user':
    case 'port':
    case 'note':
      cell.title = line[id];
      setText(textOf(cell), line[id]);
  }
}

function stateText({ live }: HostLine): string {
  if (live === null) return '';
  return live.kind === 'unreachable' ? `unreachable: ${live.text}` : live.text;
}
