import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EditorToExtension, EditorToPage } from '../../src/protocol/editor';
import {
  readFromForms,
  readToForms,
  type Field,
  type FormAsk,
  type FormEdit,
  type FormState,
} from '../../src/protocol/launches';
import { LaunchesPage } from '../../webview/launches/launchesPage';

type Out = EditorToExtension<FormEdit, FormAsk>;

let sent: Out[];
let saved: unknown;
let tell: (message: EditorToPage<FormState>) => void;
let page: LaunchesPage;
let root: HTMLElement;

const at = { line: 3, character: 4 };
const field = (label: string, change: Partial<Field> = {}): Field => ({
  path: ['launches', 'train', label],
  label,
  help: `What \`${label}\` means.`,
  control: 'text',
  value: '',
  pairs: [],
  choices: [],
  placeholder: '',
  required: false,
  isSet: false,
  locked: null,
  at,
  problems: [],
  ...change,
});

const state = (fields: Field[], change: Partial<FormState> = {}): FormState => ({
  kind: 'entries',
  broken: [],
  problems: [],
  entries: [
    { section: 'clusters', name: 'lab', detail: '4 hosts', errors: 0, warnings: 0 },
    { section: 'launches', name: 'train', detail: 'ssh · lab', errors: 1, warnings: 2 },
    { section: 'launches', name: 'train-2', detail: '', errors: 0, warnings: 0 },
  ],
  form: {
    entry: { section: 'launches', name: 'train' },
    at,
    groups: [
      { name: '', title: 'Launch', help: '', isOpen: true, fields },
      { name: 'stop', title: 'stop', help: 'How to stop.', isOpen: false, fields: [] },
    ],
    problems: [],
  },
  totals: [],
  ...change,
});

const one = (selector: string): HTMLElement => {
  const found = root.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`no ${selector}`);
  return found;
};
const box = (label: string) =>
  one(`[data-path="launches.train.${label}"] :is(input, textarea)`) as HTMLInputElement;
const nameBox = () => one('#entry-name') as HTMLInputElement;
const edits = () => sent.flatMap((message) => (message.type === 'edit' ? [message] : []));
const show = (shown: FormState, version = 1): void => tell({ type: 'snapshot', version, state: shown });
const type = (input: HTMLInputElement, value: string, leave = true): void => {
  input.focus();
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  if (leave) input.dispatchEvent(new Event('change', { bubbles: true }));
};

beforeEach(() => {
  sent = [];
  saved = undefined;
  start();
});
afterEach(() => page.dispose());

function start(): void {
  root = document.createElement('main');
  document.body.replaceChildren(root);
  page = new LaunchesPage(root, {
    // What is sent passes the extension's check, and the other way round.
    post: (message) => {
      expect(readFromForms(message)).toEqual(message);
      sent.push(message);
    },
    savedState: () => saved,
    saveState: (kept) => (saved = structuredClone(kept)),
    listen: (handle) => {
      tell = (message) => {
        expect(readToForms(structuredClone(message))).toEqual(message);
        handle(message);
      };
      return () => undefined;
    },
  });
}

describe('states', () => {
  it('loads, and asks for a snapshot once', () => {
    expect(one('.loading').getAttribute('role')).toBe('status');
    expect(sent).toEqual([{ type: 'ready' }]);
  });

  it('lists clusters and launches with their findings, one of them shown', () => {
    show(state([]));
    const rows = [...root.querySelectorAll('.entry')].map((row) => row.textContent);
    expect(rows).toEqual(['lab4 hosts', 'train1 error, 2 warningsssh · lab', 'train-2']);
    expect(one('[aria-current]').textContent).toContain('train');
    expect(nameBox().value).toBe('train');
  });

  it('says which line is broken, offers the text, and nothing to change', () => {
    const problem = { code: 'rankwise.syntax', severity: 'error', message: 'No `]`.', at } as const;
    show(state([], { broken: [problem], form: null, entries: [] }));
    expect(one('.broken').textContent).toContain('Line 4: No ].');
    expect(one('.body').hidden).toBe(true);
    expect(one('.entries').hidden).toBe(true);
    one('.broken vscode-button').click();
    expect(sent.at(-1)).toEqual({ type: 'openText', at });
    show(state([field('np')]), 2);
    expect(one('.broken').hidden).toBe(true);
    expect(one('.body').hidden).toBe(false);
  });

  it('offers to add to an empty file', () => {
    show(state([], { entries: [], form: null }));
    expect(one('.empty').hidden).toBe(false);
    one('.entries vscode-button').click();
    expect(edits()).toEqual([
      { type: 'edit', version: 1, edit: { kind: 'add', section: 'clusters', name: 'cluster' } },
    ]);
  });

  it('shows the totals of a training configuration, without a list', () => {
    const form = { ...state([field('gpus')]).form!, entry: null };
    show(
      state([], {
        kind: 'file',
        entries: [],
        form,
        totals: [{ label: 'Total batch', value: '128', detail: '16 × 8' }],
      }),
    );
    expect(one('.total').textContent).toBe('Total batch12816 × 8');
    expect(one('.entries').hidden).toBe(true);
    expect(one('.naming').hidden).toBe(true);
  });
});

describe('a field', () => {
  it('has a label, a meaning and its findings, which screen readers connect with it', () => {
    const problem = {
      code: 'rankwise.invalidValue',
      severity: 'error',
      message: '`np` must be more.',
      at,
    } as const;
    show(state([field('np', { value: '0', isSet: true, required: true, problems: [problem] })]));
    const input = box('np');
    expect(input.labels?.[0]?.textContent ?? one(`label[for="${input.id}"]`).textContent).toBe(
      'np (required)',
    );
    expect(input.getAttribute('aria-invalid')).toBe('true');
    const described = input.getAttribute('aria-describedby')?.split(' ') ?? [];
    expect(described.map((id) => document.getElementById(id)?.textContent)).toEqual([
      'error: np must be more. rankwise.invalidValue',
      'What np means.',
    ]);
    one('.problems .link').click();
    expect(sent.at(-1)).toEqual({ type: 'openText', at });
  });

  it('is written once when it is left, for the version that is shown', () => {
    show(state([field('np', { value: '4', isSet: true })]), 7);
    type(box('np'), ' 8 ', false);
    expect(edits()).toEqual([]);
    type(box('np'), ' 8 ');
    expect(edits()).toEqual([
      {
        type: 'edit',
        version: 7,
        edit: { kind: 'set', path: ['launches', 'train', 'np'], value: { kind: 'text', text: '8' } },
      },
    ]);
  });

  it('that is emptied takes its key out', () => {
    show(
      state([field('np', { value: '4', isSet: true }), field('files', { control: 'lines', value: 'a\nb' })]),
    );
    type(box('np'), '');
    tell({ type: 'answer', outcome: 'done', message: '' });
    type(box('files'), '\n');
    tell({ type: 'answer', outcome: 'done', message: '' });
    type(box('files'), 'a\n\n  c d\n');
    expect(edits().map(({ edit }) => edit.kind === 'set' && edit.value)).toEqual([
      null,
      null,
      { kind: 'lines', lines: ['a', '  c d'] },
    ]);
  });

  it('keeps focus and what is being typed while the text changes elsewhere', () => {
    show(state([field('np', { value: '4' }), field('nodes', { value: '1' })]));
    const input = box('np');
    type(input, '16', false);
    show(state([field('np', { value: '5' }), field('nodes', { value: '2' })]), 2);
    expect(document.activeElement).toBe(input);
    expect(input.value).toBe('16');
    expect(box('nodes').value).toBe('2');
  });

  it('follows the text where nobody is typing, also with the focus on it', () => {
    show(state([field('np', { value: '4' })]));
    box('np').focus();
    show(state([field('np', { value: '5' })]), 2);
    expect(box('np').value).toBe('5');
  });

  it('shows the text again where the change was made for an old one, and says so', () => {
    show(state([field('np', { value: '4' })]));
    type(box('np'), '8');
    show(state([field('np', { value: '5' })]), 2);
    tell({ type: 'answer', outcome: 'outdated', message: '' });
    expect(box('np').value).toBe('5');
    expect(one('.notice').textContent).toContain('nothing was written');
    type(box('np'), '9');
    expect(one('.notice').hidden).toBe(true);
    tell({ type: 'answer', outcome: 'refused', message: 'an anchor is in the way' });
    expect(box('np').value).toBe('5');
    expect(one('.notice').textContent).toBe('An anchor is in the way');
  });

  it('that the form cannot hold is shown as it is written, with a way to the text', () => {
    show(state([field('matrix', { value: '{ a: [1] }', isSet: true, locked: 'it is the alias `*x`' })]));
    const shown = one('[data-path="launches.train.matrix"]');
    expect(shown.querySelector('pre')?.textContent).toBe('{ a: [1] }');
    expect(shown.textContent).toContain('Not changed here: it is the alias *x.');
    expect(shown.querySelector('input, textarea')).toBeNull();
    shown.querySelector<HTMLElement>('.link')?.click();
    expect(sent.at(-1)).toEqual({ type: 'openText', at });
    // Once the text says something else, it is a field again.
    show(state([field('matrix', { value: 'x' })]), 2);
    expect(box('matrix').value).toBe('x');
  });

  it('with names and values has a row for each, and one more', () => {
    const pairs = [
      { name: 'A', value: '1' },
      { name: 'B', value: '' },
    ];
    show(state([field('env', { control: 'pairs', pairs, isSet: true })]));
    const inputs = () => [...one('.pairs').querySelectorAll('input')];
    expect(inputs().map(({ value }) => value)).toEqual(['A', '1', 'B', '', '', '']);
    type(inputs()[5]!, 'waits for its name');
    expect(edits()).toEqual([]);
    type(inputs()[4]!, 'C');
    const last = () => edits().at(-1)?.edit;
    expect(last()).toMatchObject({
      value: { kind: 'pairs', pairs: [...pairs, { name: 'C', value: 'waits for its name' }] },
    });
    tell({ type: 'answer', outcome: 'done', message: '' });
    one('.pair:first-child button').click();
    expect(last()).toMatchObject({ value: { kind: 'pairs', pairs: [pairs[1]] } });
  });

  it('with a choice offers what is written too, and nothing where it may be left out', () => {
    const choices = ['stop', 'keep'];
    show(state([field('onWorkerExit', { control: 'choice', choices, value: 'kepp', placeholder: 'stop' })]));
    const options = [...root.querySelectorAll('vscode-option')].map(({ textContent }) => textContent);
    expect(options).toEqual(['stop (default)', 'kepp', 'stop', 'keep']);
  });
});

describe('entries', () => {
  it('are gone through with the arrow keys, with one stop of the Tab key', () => {
    show(state([]));
    const rows = [...root.querySelectorAll<HTMLElement>('.entry')];
    expect(rows.map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1]);
    rows[1]?.focus();
    rows[1]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
    expect(document.activeElement).toBe(rows[2]);
    expect(sent.at(-1)).toEqual({
      type: 'ask',
      ask: { kind: 'select', section: 'launches', name: 'train-2' },
    });
  });

  it('are added and copied under a free name, which can be typed over at once', () => {
    show(state([]));
    const [duplicate, remove] = [...root.querySelectorAll<HTMLElement>('.head vscode-button')];
    duplicate?.click();
    expect(edits()[0]?.edit).toEqual({
      kind: 'duplicate',
      section: 'launches',
      name: 'train',
      newName: 'train-3',
    });
    const form = { ...state([]).form!, entry: { section: 'launches' as const, name: 'train-3' } };
    show(state([], { form }), 2);
    tell({ type: 'answer', outcome: 'done', message: '' });
    expect(document.activeElement).toBe(one('#entry-name'));
    remove?.click();
    expect(edits()[1]?.edit).toEqual({ kind: 'remove', section: 'launches', name: 'train-3' });
  });

  it('get another name by typing it', () => {
    show(state([]));
    type(nameBox(), ' new ');
    expect(edits()[0]?.edit).toEqual({ kind: 'rename', section: 'launches', name: 'train', newName: 'new' });
  });

  it('are shown again that were shown before the page was hidden', () => {
    show(state([]));
    expect(saved).toEqual({ section: 'launches', name: 'train' });
    saved = { section: 'launches', name: 'train-2' };
    sent = [];
    start();
    show(state([]));
    expect(sent.at(-1)).toEqual({
      type: 'ask',
      ask: { kind: 'select', section: 'launches', name: 'train-2' },
    });
    // Once, and never what is not there.
    show(state([]), 2);
    expect(sent.filter(({ type }) => type === 'ask')).toHaveLength(1);
  });
});
