import type { TextPlace } from '../../src/protocol/editor';
import type { Field, FieldValue } from '../../src/protocol/launches';
import { make, setText } from '../shared/dom';
import { makeControl, type FieldControl } from './fieldControls';
import { showProblems } from './problemList';
import { setRichText } from './richText';

export interface FieldActions {
  set(field: Field, value: FieldValue | null): void;
  openText(at: TextPlace): void;
}

let lastId = 0;

/** One key: its name, what changes it, what it means and what is wrong with it. */
export class FieldView {
  private readonly id = `field-${++lastId}`;
  private readonly label = make('label', { attributes: { for: this.id } });
  private readonly box = make('div', { class: 'control' });
  private readonly help = make('p', { class: 'help muted', attributes: { id: `${this.id}-help` } });
  private readonly problems = make('ul', { class: 'problems', attributes: { id: `${this.id}-problems` } });
  private control: FieldControl | undefined;
  private look = '';

  constructor(
    readonly element: HTMLElement,
    private field: Field,
    private readonly actions: FieldActions,
  ) {
    element.append(this.label, this.box, this.problems, this.help);
  }

  /** @param force also where a person is typing */
  show(field: Field, force: boolean): void {
    this.field = field;
    this.element.dataset['path'] = field.path.join('.');
    this.element.dataset['set'] = String(field.isSet);
    const worst = field.problems[0]?.severity ?? 'none';
    this.element.dataset['severity'] = worst;
    setText(this.label, field.required ? `${field.label} (required)` : field.label);
    setRichText(this.help, field.help);
    showProblems(this.problems, field.problems, {
      withLine: false,
      goTo: (at) => this.actions.openText(at),
    });
    const look = field.locked === null ? field.control : 'locked';
    if (look !== this.look) this.rebuild(field);
    this.look = look;
    if (field.locked !== null) this.showLocked(field, field.locked);
    else this.control?.show(field.value, field.pairs, field.label, force, field);
    const { labelled } = this.control ?? {};
    labelled?.setAttribute('aria-invalid', String(worst === 'error'));
    const described = [...(field.problems.length > 0 ? [`${this.id}-problems`] : []), `${this.id}-help`];
    labelled?.setAttribute('aria-describedby', described.join(' '));
  }

  private rebuild(field: Field): void {
    if (field.locked !== null) {
      this.control = undefined;
      this.box.replaceChildren();
      return;
    }
    this.control = makeControl(field.control, (value) => this.actions.set(this.field, value));
    this.control.labelled.id = this.id;
    this.box.replaceChildren(this.control.element);
  }

  /** What the form does not touch, as it is written. */
  private showLocked(field: Field, reason: string): void {
    const key = `${field.value}\n${reason}`;
    if (this.box.dataset['locked'] === key && this.box.hasChildNodes()) return;
    this.box.dataset['locked'] = key;
    const why = make('p', { class: 'muted' });
    setRichText(why, field.isSet ? `Not changed here: ${reason}.` : `Written as text: ${reason}.`);
    const open = make('button', {
      class: 'link',
      text: 'Open as text',
      attributes: { type: 'button', id: this.id, 'aria-label': `Edit ${field.label} in text` },
      on: { click: () => this.actions.openText(this.field.at) },
    });
    this.box.replaceChildren(
      ...(field.value === ''
        ? []
        : [make('pre', { text: field.value, attributes: { tabindex: '0', 'aria-label': field.label } })]),
      make('div', { class: 'locked' }, why, open),
    );
  }
}
