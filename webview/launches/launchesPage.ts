import type { EditorToExtension, EditorToPage, TextPlace } from '../../src/protocol/editor';
import {
  isSelection,
  type FormAsk,
  type FormEdit,
  type FormState,
  type Section,
} from '../../src/protocol/launches';
import { progressRing, pushButton } from '../shared/controls';
import { make, setText, syncChildren } from '../shared/dom';
import { EditorClient } from '../shared/editorClient';
import type { HostApi } from '../shared/hostApi';
import { icon } from '../shared/icon';
import { EntryHead } from './entryHead';
import { EntryList } from './entryList';
import { FormView } from './formView';
import { showProblems } from './problemList';

type Api = HostApi<EditorToExtension<FormEdit, FormAsk>, EditorToPage<FormState>>;
type Chosen = { section: Section; name: string };

const newNames: Readonly<Record<Section, string>> = { clusters: 'cluster', launches: 'launch' };

/** Wires list and form to the text: pictures of it in, one change after the other out. */
export class LaunchesPage {
  private readonly client: EditorClient<FormState, FormEdit, FormAsk>;
  private readonly list = new EntryList({
    select: (section, name) => this.select({ section, name }),
    add: (section) => this.add(section),
  });
  private readonly head = new EntryHead({
    rename: (newName) => this.ofEntry((entry) => ({ kind: 'rename', ...entry, newName })),
    duplicate: () => this.duplicate(),
    remove: () =>
      this.ofEntry(
        (entry) => ({ kind: 'remove', ...entry }),
        () => this.list.focus(),
      ),
    openText: () => this.openText(this.client.state?.form?.at ?? null),
  });
  private readonly form = new FormView({
    set: ({ path }, value) => this.change(() => ({ kind: 'set', path, value })),
    openText: (at) => this.openText(at),
  });
  private readonly notice = make('p', { class: 'notice', attributes: { role: 'alert' } });
  private readonly problems = make('ul', { class: 'problems' });
  private readonly totals = make('div', { class: 'totals' });
  private readonly empty = make('p', {
    class: 'empty muted',
    text: 'This file has no cluster and no launch yet. Add one.',
  });
  private readonly broken = make('section', { class: 'broken', attributes: { role: 'alert' } });
  private readonly brokenList = make('ul', { class: 'problems' });
  private readonly body = make('div', { class: 'body' });
  private wantsSelection: Chosen | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly api: Api,
  ) {
    root.replaceChildren(
      make('div', { class: 'loading', attributes: { role: 'status' } }, progressRing('Reading the file')),
    );
    const saved = api.savedState();
    this.wantsSelection = isSelection(saved) ? saved : undefined;
    this.build();
    this.client = new EditorClient(api, {
      shown: (state) => this.show(state, false),
      notMade: (outcome, message) => this.notMade(outcome, message),
    });
  }

  dispose(): void {
    this.client.dispose();
    this.root.replaceChildren();
  }

  private build(): void {
    this.notice.hidden = true;
    const open = pushButton(
      'Open as text',
      () => this.openText(this.client.state?.broken[0]?.at ?? null),
      icon('text'),
    );
    this.broken.append(
      make('h1', { text: 'This text cannot be shown as forms' }),
      make('p', { text: 'Nothing of it is changed here until the text is right again.' }),
      this.brokenList,
      open,
    );
    this.body.append(
      this.notice,
      this.problems,
      this.empty,
      this.head.element,
      this.totals,
      this.form.element,
    );
  }

  private show(state: FormState, force: boolean): void {
    if (!this.list.element.isConnected) this.root.replaceChildren(this.broken, this.list.element, this.body);
    const isBroken = state.broken.length > 0;
    this.broken.hidden = !isBroken;
    this.body.hidden = isBroken;
    this.list.element.hidden = isBroken || state.kind === 'file';
    this.root.dataset['kind'] = isBroken ? 'broken' : state.kind;
    const goTo = (at: TextPlace): void => this.openText(at);
    showProblems(this.brokenList, state.broken, { withLine: true, goTo });
    showProblems(this.problems, state.problems, { withLine: true, goTo });
    const { form } = state;
    this.list.show(state.entries, form?.entry ?? null);
    this.empty.hidden = form !== null;
    this.head.element.hidden = form === null;
    this.form.element.hidden = form === null;
    this.showTotals(state);
    if (form === null) return;
    this.head.show(form, force);
    this.form.show(form, force);
    this.keepSelection(form.entry, state);
  }

  private showTotals({ totals }: FormState): void {
    this.totals.hidden = totals.length === 0;
    syncChildren(
      this.totals,
      totals,
      ({ label }) => label,
      () =>
        make(
          'div',
          { class: 'total', attributes: { role: 'group' } },
          ...['label muted', 'value', 'detail muted'].map((name) => make('div', { class: `total-${name}` })),
        ),
      (element, { label, value, detail }) => {
        element.setAttribute('aria-label', label);
        [label, value, detail].forEach((text, index) => {
          const part = element.children[index];
          if (part !== undefined) setText(part, text);
        });
      },
    );
  }

  /** What an earlier life of the page showed is shown again, once. */
  private keepSelection(entry: Chosen | null, { entries }: FormState): void {
    const wanted = this.wantsSelection;
    this.wantsSelection = undefined;
    if (entry === null) return;
    const isThere = entries.some(({ section, name }) => section === wanted?.section && name === wanted.name);
    if (wanted !== undefined && isThere && (wanted.section !== entry.section || wanted.name !== entry.name)) {
      this.select(wanted);
    } else this.api.saveState(entry);
  }

  private select({ section, name }: Chosen): void {
    this.say('');
    this.client.ask({ kind: 'select', section, name });
  }

  private openText(at: TextPlace | null): void {
    this.client.openText(at);
  }

  private add(section: Section): void {
    this.change(
      (state) => ({ kind: 'add', section, name: freeName(state, section, newNames[section]) }),
      () => this.head.focusName(),
    );
  }

  private duplicate(): void {
    this.change(
      (state) => {
        const entry = state.form?.entry ?? null;
        return entry === null
          ? undefined
          : { kind: 'duplicate', ...entry, newName: freeName(state, entry.section, entry.name) };
      },
      () => this.head.focusName(),
    );
  }

  private ofEntry(make: (entry: Chosen) => FormEdit, done?: () => void): void {
    this.change((state) => (state.form?.entry == null ? undefined : make(state.form.entry)), done);
  }

  private change(make: (state: FormState) => FormEdit | undefined, done?: () => void): void {
    this.say('');
    this.client.change(make, done);
  }

  private notMade(outcome: 'outdated' | 'refused', message: string): void {
    const { state } = this.client;
    // What was typed and not written must not look as if it were.
    if (state !== undefined) this.show(state, true);
    const refused = message.charAt(0).toUpperCase() + message.slice(1);
    this.say(
      outcome === 'refused'
        ? refused
        : 'The text changed meanwhile, so nothing was written. Look, and do it again.',
    );
  }

  private say(text: string): void {
    setText(this.notice, text);
    this.notice.hidden = text === '';
  }
}

/** `train`, `train-2`, `train-3`, … */
function freeName({ entries }: FormState, section: Section, name: string): string {
  const taken = new Set(entries.filter((entry) => entry.section === section).map((entry) => entry.name));
  const stem = name.replace(/-\d+$/, '');
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${stem}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
