import type { Form, Section } from '../../src/protocol/launches';
import { pushButton } from '../shared/controls';
import { make, setText } from '../shared/dom';
import { icon } from '../shared/icon';

export interface HeadActions {
  rename(newName: string): void;
  duplicate(): void;
  remove(): void;
  openText(): void;
}

const words: Readonly<Record<Section, string>> = { clusters: 'Cluster', launches: 'Launch' };

/** The name of a cluster or launch, and what can be done with all of it. */
export class EntryHead {
  readonly element = make('header', { class: 'head' });
  private readonly title = make('h1');
  private readonly label = make('label', { text: 'Name', attributes: { for: 'entry-name' } });
  private readonly name = make('input', {
    class: 'name',
    attributes: { id: 'entry-name', type: 'text', spellcheck: 'false', autocomplete: 'off' },
  });
  private readonly naming = make('div', { class: 'naming' }, this.label, this.name);
  private readonly duplicate;
  private readonly remove;
  private shown = '';

  constructor(actions: HeadActions) {
    this.duplicate = pushButton('Duplicate', () => actions.duplicate(), icon('copy'));
    this.remove = pushButton('Remove', () => actions.remove(), icon('trash'));
    const text = pushButton('Open as text', () => actions.openText(), icon('text'));
    this.name.addEventListener('change', () => {
      const name = this.name.value.trim();
      if (name === '') this.name.value = this.shown;
      else if (name !== this.shown) actions.rename(name);
    });
    const buttons = make('div', { class: 'buttons' }, this.duplicate, this.remove, text);
    this.element.append(this.title, this.naming, buttons);
  }

  show({ entry }: Form, force: boolean): void {
    setText(this.title, entry === null ? 'Training' : words[entry.section]);
    this.naming.hidden = entry === null;
    this.duplicate.hidden = entry === null;
    this.remove.hidden = entry === null;
    const name = entry?.name ?? '';
    const hasDraft = document.activeElement === this.name && this.name.value !== this.shown;
    if (hasDraft && !force && name === this.shown) return;
    this.shown = name;
    if (this.name.value !== name) this.name.value = name;
  }

  /** To give it another name. */
  focusName(): void {
    this.name.focus();
    this.name.select();
  }
}
