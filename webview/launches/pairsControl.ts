import type { FieldValue, Pair } from '../../src/protocol/launches';
import { make } from '../shared/dom';
import { icon } from '../shared/icon';
import type { FieldControl } from './fieldControls';

/** Names with values, one row each; the last row is empty and waits for another. */
export class PairsControl implements FieldControl {
  readonly element = make('div', { class: 'pairs', attributes: { role: 'group' } });
  readonly labelled = this.element;
  private shown: readonly Pair[] = [];

  constructor(private readonly changed: (value: FieldValue | null) => void) {}

  show(_value: string, pairs: readonly Pair[], label: string, force: boolean): void {
    const hasDraft = this.element.contains(document.activeElement) && this.isDirty();
    if (hasDraft && !force) return;
    this.shown = pairs;
    this.element.setAttribute('aria-label', label);
    while (this.element.children.length > pairs.length + 1) this.element.lastElementChild?.remove();
    while (this.element.children.length < pairs.length + 1) this.element.append(this.row());
    [...this.element.children].forEach((row, index) => {
      const pair = pairs[index] ?? { name: '', value: '' };
      const [name, value] = inputsOf(row);
      const what = pairs[index] === undefined ? 'new entry' : pair.name;
      if (name !== undefined && value !== undefined) {
        name.value = pair.name;
        value.value = pair.value;
        name.setAttribute('aria-label', `${label}: name, ${what}`);
        value.setAttribute('aria-label', `${label}: value, ${what}`);
      }
      const remove = row.querySelector('button');
      if (remove !== null) {
        remove.hidden = pairs[index] === undefined;
        remove.setAttribute('aria-label', `Remove ${pair.name}`);
      }
    });
  }

  private row(): HTMLElement {
    const input = (placeholder: string): HTMLInputElement =>
      make('input', {
        attributes: { type: 'text', placeholder, spellcheck: 'false', autocomplete: 'off' },
        on: { change: () => this.commit() },
      });
    const remove = make(
      'button',
      {
        class: 'icon-button',
        attributes: { type: 'button', title: 'Remove' },
        on: { click: () => this.remove(row) },
      },
      icon('trash'),
    );
    const row = make('div', { class: 'pair' }, input('name'), input('value'), remove);
    return row;
  }

  private remove(row: HTMLElement): void {
    const index = [...this.element.children].indexOf(row);
    const left = this.shown.filter((_, at) => at !== index);
    inputsOf(this.element.children[Math.min(index, left.length)])[0]?.focus();
    this.send(left);
  }

  private rows(): Pair[] {
    return [...this.element.children].map((row) => {
      const [name, value] = inputsOf(row);
      return { name: name?.value.trim() ?? '', value: value?.value ?? '' };
    });
  }

  private isDirty(): boolean {
    const rows = this.rows();
    return JSON.stringify(rows.slice(0, -1)) !== JSON.stringify(this.shown) || rows.at(-1)?.name !== '';
  }

  /** A value without a name waits for it. */
  private commit(): void {
    const rows = this.rows();
    const complete = rows.filter(({ name }) => name !== '');
    if (JSON.stringify(complete) !== JSON.stringify(this.shown)) this.send(complete);
  }

  private send(pairs: Pair[]): void {
    this.changed(pairs.length === 0 ? null : { kind: 'pairs', pairs });
  }
}

function inputsOf(row: Element | undefined): HTMLInputElement[] {
  return [...(row?.querySelectorAll('input') ?? [])];
}
