import type { Control, Field, FieldValue, Pair } from '../../src/protocol/launches';
import { ChoiceList } from '../shared/controls';
import { make } from '../shared/dom';
import { PairsControl } from './pairsControl';

/** What a person changes a value with. */
export interface FieldControl {
  readonly element: HTMLElement;
  /** What a label and a description belong to. */
  readonly labelled: HTMLElement;
  /** @param force also where a person is typing: what they typed was not written */
  show(value: string, pairs: readonly Pair[], label: string, force: boolean, field: Field): void;
}

export function makeControl(control: Control, changed: (value: FieldValue | null) => void): FieldControl {
  switch (control) {
    case 'choice':
      return new ChoiceControl(changed);
    case 'pairs':
      return new PairsControl(changed);
    case 'text':
    case 'number':
    case 'long':
    case 'lines':
      return new TextControl(control, changed);
  }
}

const mostRows = 14;

/** Text on one line or several. It is written when a person leaves the field, or presses Enter on one line. */
class TextControl implements FieldControl {
  readonly element: HTMLInputElement | HTMLTextAreaElement;
  readonly labelled;
  private shown = '';

  constructor(
    private readonly control: Control,
    private readonly changed: (value: FieldValue | null) => void,
  ) {
    const isArea = control === 'long' || control === 'lines';
    this.element = isArea ? make('textarea') : make('input', { attributes: { type: 'text' } });
    if (control === 'number') this.element.inputMode = 'numeric';
    this.element.spellcheck = false;
    this.element.autocomplete = 'off';
    this.element.addEventListener('change', () => this.commit());
    if (this.element instanceof HTMLTextAreaElement) this.element.addEventListener('input', () => this.fit());
    this.labelled = this.element;
  }

  show(value: string, _pairs: readonly Pair[], _label: string, force: boolean, field: Field): void {
    this.element.placeholder = field.placeholder;
    const hasDraft = document.activeElement === this.element && this.element.value !== this.shown;
    if (hasDraft && !force) return;
    this.shown = value;
    if (this.element.value !== value) this.element.value = value;
    this.fit();
  }

  private fit(): void {
    if (!(this.element instanceof HTMLTextAreaElement)) return;
    const lines = this.element.value.split('\n').length;
    this.element.rows = Math.min(mostRows, Math.max(this.control === 'lines' ? 2 : 1, lines));
  }

  private commit(): void {
    const { value } = this.element;
    if (value === this.shown) return;
    this.shown = value;
    if (this.control === 'lines') {
      const lines = value.split('\n').filter((line) => line.trim() !== '');
      return this.changed(lines.length === 0 ? null : { kind: 'lines', lines });
    }
    const text = this.control === 'long' ? value : value.trim();
    this.changed(text.trim() === '' ? null : { kind: 'text', text });
  }
}

/** One of a few words, or none of them. */
class ChoiceControl implements FieldControl {
  readonly element: HTMLElement;
  readonly labelled: HTMLElement;
  private readonly list: ChoiceList;

  constructor(changed: (value: FieldValue | null) => void) {
    this.list = new ChoiceList('', (text) => changed(text === '' ? null : { kind: 'text', text }));
    this.element = this.list.element;
    this.labelled = this.element;
  }

  show(value: string, _pairs: readonly Pair[], label: string, _force: boolean, field: Field): void {
    this.element.setAttribute('aria-label', label);
    const unset =
      field.placeholder.startsWith('e.g.') || field.placeholder === ''
        ? 'not set'
        : `${field.placeholder} (default)`;
    const known = field.choices.includes(value) || value === '' ? field.choices : [value, ...field.choices];
    const choices = known.map((choice) => ({ value: choice, label: choice }));
    this.list.show(
      field.required && value !== '' ? choices : [{ value: '', label: unset }, ...choices],
      value,
    );
  }
}
