import type { EditorToExtension, EditorToPage } from '../../src/protocol/editor';
import type { HostsAsk, HostsEdit, HostsState, LauncherChip } from '../../src/protocol/hosts';
import { progressRing } from '../shared/controls';
import { make, setText } from '../shared/dom';
import { EditorClient } from '../shared/editorClient';
import type { HostApi } from '../shared/hostApi';
import { AddBox } from './addBox';
import { Chips } from './chips';
import { columns, hostColumn } from './columns';
import { HostsGrid } from './hostsGrid';
import { mapLines } from './lineMap';
import { savedCursor } from './savedCursor';
import { count, summaryText } from './summary';
import { Toolbar, type ToolbarAction } from './toolbar';

type Api = HostApi<EditorToExtension<HostsEdit, HostsAsk>, EditorToPage<HostsState>>;

const keysText = 'Enter edits · Space disables · Alt+Up and Alt+Down move · Delete removes';

/** Wires the parts of the hosts editor to the text: pictures of it in, one change after the other out. */
export class HostsPage {
  private readonly client: EditorClient<HostsState, HostsEdit, HostsAsk>;
  private readonly grid: HostsGrid;
  private readonly chips = new Chips((chip) => this.goTo(chip));
  private readonly toolbar = new Toolbar((action) => this.act(action));
  private readonly addBox = new AddBox((text) => this.add(text, undefined));
  private readonly summary = make('p', { class: 'summary', attributes: { role: 'status' } });
  private readonly empty = make('p', {
    class: 'empty',
    text: 'No host is here yet. Type one below, a range such as node[1-16], or paste a list.',
  });
  /** What is to be said of the row with the cursor. */
  private readonly rowMessage = make('p', {
    class: 'row-message',
    attributes: { id: 'row-message', role: 'status' },
  });
  /** What became of the last change, where it was not made. */
  private readonly notice = make('p', { class: 'notice', attributes: { role: 'alert' } });
  private texts: string[] = [];
  private retry: (() => void) | undefined;
  /** The notice is of a problem in the text, and goes with it. */
  private pointed = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly api: Api,
  ) {
    this.grid = new HostsGrid({
      edited: (lines, column, value) => this.edited(lines, column, value),
      toggled: (lines) => this.toggle(lines),
      removed: (lines) => this.change({ kind: 'remove', lines }, () => this.grid.moveTo(lines[0] ?? 0)),
      moved: (by) => this.move(by),
      duplicated: (lines) => this.duplicate(lines),
      copied: (lines) => lines.map((line) => this.client.state?.lines[line]?.text ?? '').join('\n'),
      pasted: (text) => this.add(text, (this.grid.selected.at(-1) ?? -1) + 1),
      changed: () => {
        this.say('');
        this.tell();
      },
    });
    root.classList.add('hosts');
    root.replaceChildren(
      make('div', { class: 'loading', attributes: { role: 'status' } }, progressRing('Reading the file')),
    );
    this.client = new EditorClient(api, {
      shown: (state) => this.show(state),
      notMade: (outcome, message) => this.notMade(outcome, message),
    });
  }

  dispose(): void {
    this.client.dispose();
    this.grid.dispose();
    this.root.replaceChildren();
  }

  private show(state: HostsState): void {
    const isFirst = !this.grid.element.isConnected;
    if (isFirst) this.build();
    const texts = state.lines.map(({ text }) => text);
    const lost = this.grid.show(
      state.lines,
      isFirst ? (line) => ({ line, same: true }) : mapLines(this.texts, texts),
    );
    if (this.pointed && texts.join('\n') !== this.texts.join('\n')) this.say('');
    this.texts = texts;
    this.chips.show(state.chips);
    setText(this.summary, summaryText(state.lines));
    const isEmpty = state.lines.length === 0;
    this.empty.hidden = !isEmpty;
    this.grid.element.hidden = isEmpty;
    this.rowMessage.hidden = isEmpty;
    if (lost !== undefined) {
      this.say(`The text changed where you were typing. Not written: ${lost}`);
    }
    if (isFirst) this.restore(isEmpty);
    else if (isEmpty && document.activeElement === document.body) this.addBox.focus();
    this.tell();
  }

  private build(): void {
    const head = make('header', { class: 'top' }, this.chips.element, this.summary, this.toolbar.element);
    const foot = make('footer', { class: 'bottom' }, this.notice, this.rowMessage, this.addBox.element);
    this.root.replaceChildren(head, this.empty, this.grid.element, foot);
    this.notice.hidden = true;
  }

  private restore(isEmpty: boolean): void {
    const firstHost = Math.max(0, this.client.state?.lines.findIndex(({ kind }) => kind === 'host') ?? 0);
    const fresh = { line: firstHost, column: hostColumn, anchor: firstHost };
    const { line, column, anchor } = savedCursor(this.api.savedState()) ?? fresh;
    this.grid.moveTo(line, column, anchor);
    if (document.activeElement !== document.body && document.activeElement !== null) return;
    if (isEmpty) this.addBox.focus();
    else this.grid.focus();
  }

  /** Brings what depends on the cursor up to date. */
  private tell(): void {
    const { state } = this.client;
    if (state === undefined) return;
    this.api.saveState(this.grid.cursor);
    const { selected } = this.grid;
    const chosen = selected.map((line) => state.lines[line]);
    const known = state.lines.some(({ kind, live }) => kind === 'host' && (live?.gpus ?? 0) > 0);
    this.toolbar.show({
      some: selected.length > 0,
      enabled: chosen.some((line) => line?.kind === 'host'),
      disabled: chosen.some((line) => line?.kind === 'disabled'),
      noCheck: state.noCheck,
      noFill: known ? null : 'No GPU is known yet on any of these hosts.',
    });
    const line = state.lines[this.grid.cursor.line];
    const severity = line?.problem?.severity ?? 'none';
    this.rowMessage.dataset['severity'] = severity;
    const many = selected.length > 1 ? `${count(selected.length, 'line')} selected` : keysText;
    setText(
      this.rowMessage,
      line?.problem == null ? many : `Line ${this.grid.cursor.line + 1}: ${line.problem.message}`,
    );
  }

  /** @param retry brings the person back to what they typed, where it is refused */
  private change(edit: HostsEdit, done: () => void = () => undefined, retry?: () => void): void {
    this.say('');
    this.retry = retry;
    this.client.change(() => edit, done);
  }

  private notMade(outcome: 'outdated' | 'refused', message: string): void {
    const { retry } = this;
    this.retry = undefined;
    if (outcome === 'refused') retry?.();
    this.say(
      outcome === 'refused'
        ? `${message.charAt(0).toUpperCase()}${message.slice(1)}`
        : 'The text changed meanwhile, so nothing was written. Look, and do it again.',
    );
  }

  private say(text: string): void {
    this.pointed = false;
    setText(this.notice, text);
    this.notice.hidden = text === '';
  }

  private edited(lines: number[], column: number, value: string): void {
    const all = this.client.state?.lines ?? [];
    const [first] = lines;
    const line = first === undefined ? undefined : all[this.grid.cursor.line];
    if (first === undefined || line === undefined) return;
    const { cursor } = this.grid;
    const again = (): void => {
      this.grid.moveTo(cursor.line, column, cursor.anchor);
      this.grid.edit(value);
    };
    const field = columns[column]?.field;
    if (line.kind !== 'host' && line.kind !== 'disabled') {
      if (line.text === value) return;
      this.change({ kind: 'setLine', line: cursor.line, text: value }, undefined, again);
    } else if (field !== undefined) {
      const hosts = lines.filter((one) => ['host', 'disabled'].includes(all[one]?.kind ?? ''));
      const chosen = field === 'host' ? [cursor.line] : hosts;
      if (chosen.every((one) => all[one]?.[field] === value.trim())) return;
      this.change({ kind: 'set', lines: chosen, field, value }, undefined, again);
    }
  }

  private toggle(lines: number[]): void {
    const chosen = lines.map((line) => this.client.state?.lines[line]?.kind);
    const enabled = !chosen.includes('host');
    if (enabled && !chosen.includes('disabled')) return;
    this.change({ kind: 'enable', lines, enabled });
  }

  /** A held key asks again before the text has followed: each time it is the lines that are selected then. */
  private move(by: -1 | 1): void {
    this.say('');
    let lines: number[] = [];
    this.client.change(
      () => {
        lines = this.grid.selected;
        return { kind: 'move', lines, by };
      },
      () => {
        const { line, column, anchor } = this.grid.cursor;
        const last = this.texts.length - 1;
        if (Math.min(...lines) + by < 0 || Math.max(...lines) + by > last) return;
        this.grid.moveTo(line + by, column, anchor + by);
      },
    );
  }

  private duplicate(lines: number[]): void {
    const last = lines.at(-1) ?? 0;
    this.change({ kind: 'duplicate', lines }, () =>
      this.grid.moveTo(last + lines.length, this.grid.cursor.column, last + 1),
    );
  }

  /** @param before undefined: behind the last line */
  private add(text: string, before: number | undefined): void {
    const { length } = this.texts;
    const at = before ?? length;
    this.change({ kind: 'insert', before: at, text }, () => {
      this.addBox.clear();
      const added = this.texts.length - length;
      if (added > 0) this.grid.moveTo(at + added - 1, this.grid.cursor.column, at);
    });
  }

  private goTo({ problem }: LauncherChip): void {
    if (problem === null) return;
    this.grid.moveTo(problem.line);
    this.grid.focus();
    this.say(`Line ${problem.line + 1}: ${problem.message}`);
    this.pointed = true;
  }

  private act(action: ToolbarAction): void {
    const { selected } = this.grid;
    switch (action) {
      case 'duplicate':
        return this.duplicate(selected);
      case 'toggle':
        return this.toggle(selected);
      case 'remove':
        return this.change({ kind: 'remove', lines: selected }, () => this.grid.moveTo(selected[0] ?? 0));
      case 'up':
        return this.move(-1);
      case 'down':
        return this.move(1);
      case 'fillSlots':
        return this.change({ kind: 'fillSlots' });
      case 'checkHosts':
        return this.client.ask('checkHosts');
      case 'openText':
        return this.client.openText({ line: this.grid.cursor.line, character: 0 });
    }
  }
}
