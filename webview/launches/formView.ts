import type { Field, FieldGroup, Form } from '../../src/protocol/launches';
import { make, setText, syncChildren } from '../shared/dom';
import { FieldView, type FieldActions } from './fieldView';
import { showProblems } from './problemList';
import { setRichText } from './richText';

/** The fields of one cluster, launch or file, in groups that fold. */
export class FormView {
  readonly element = make('div', { class: 'form' });
  private readonly problems = make('ul', { class: 'problems' });
  private readonly groups = make('div', { class: 'groups' });
  private readonly fields = new WeakMap<HTMLElement, FieldView>();
  private force = false;

  constructor(private readonly actions: FieldActions) {
    this.element.append(this.problems, this.groups);
  }

  /** @param force also where a person is typing: what they typed was not written */
  show(form: Form, force: boolean): void {
    this.force = force;
    showProblems(this.problems, form.problems, { withLine: true, goTo: (at) => this.actions.openText(at) });
    syncChildren(
      this.groups,
      form.groups,
      // The same place for every launch: what was folded stays so from one to the next, and a new name moves nothing.
      ({ name }) => `${form.entry?.section ?? ''} ${name}`,
      (group) => this.makeGroup(group),
      (element, group) => this.showGroup(element, group),
    );
  }

  private makeGroup({ name }: FieldGroup): HTMLElement {
    const fields = make('div', { class: 'fields' });
    const help = make('p', { class: 'muted group-help' });
    if (name === '')
      return make('section', { class: 'group' }, make('h2', { class: 'hidden' }), help, fields);
    return make('details', { class: 'group' }, make('summary'), help, fields);
  }

  private showGroup(element: HTMLElement, group: FieldGroup): void {
    const [title, help, fields] = element.children;
    if (!(help instanceof HTMLElement) || !(fields instanceof HTMLElement) || title === undefined) return;
    const count = group.fields.filter(({ isSet }) => isSet).length;
    setText(title, count > 0 && group.name !== '' ? `${group.title} (${count} set)` : group.title);
    setRichText(help, group.help);
    help.hidden = group.help === '';
    if (element instanceof HTMLDetailsElement && group.isOpen && element.dataset['opened'] !== 'true') {
      element.open = true;
      element.dataset['opened'] = 'true';
    }
    syncChildren(
      fields,
      group.fields,
      ({ label }) => label,
      (field) => this.makeField(field),
      (one, field) => this.fields.get(one)?.show(field, this.force),
    );
  }

  private makeField(field: Field): HTMLElement {
    const element = make('div', { class: 'field' });
    this.fields.set(element, new FieldView(element, field, this.actions));
    return element;
  }
}
