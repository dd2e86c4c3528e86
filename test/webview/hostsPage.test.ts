import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readHostsToExtension, readHostsToPage } from '../../src/protocol/hosts';
import type { HostsEdit, HostsState, HostsToExtension, HostsToPage } from '../../src/protocol/hosts';
import { HostsPage } from '../../webview/hosts/hostsPage';
import { mapLines } from '../../webview/hosts/lineMap';
import { summaryText } from '../../webview/hosts/summary';
import type { PushButton } from '../../webview/shared/controls';
import { aHostfile, aLine } from './aHostfile';

let sent: HostsToExtension[];
let saved: unknown;
let tell: (message: HostsToPage) => void;
let root: HTMLElement;
let page: HostsPage;
let version: number;

const one = (selector: string): HTMLElement => {
  const found = root.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`no ${selector}`);
  return found;
};
const texts = (selector: string) =>
  [...root.querySelectorAll(selector)].map((found) => found.textContent.trim());
const edits = (): HostsEdit[] => sent.flatMap((message) => (message.type === 'edit' ? [message.edit] : []));
const lastEdit = () => edits().at(-1);
const grid = () => one('[role=grid]');
const cursor = () => grid().getAttribute('aria-activedescendant');
const input = () => one('.cell-editor') as HTMLInputElement;

function press(key: string, more: KeyboardEventInit = {}): void {
  const target = document.activeElement ?? grid();
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
}

function show(state: HostsState): void {
  version += 1;
  tell({ type: 'snapshot', version, state });
}

function answer(outcome: 'done' | 'outdated' | 'refused' = 'done', message = ''): void {
  tell({ type: 'answer', outcome, message });
}

function start(): void {
  root = document.createElement('main');
  document.body.replaceChildren(root);
  page = new HostsPage(root, {
    post: (message: HostsToExtension) => {
      // What goes out must pass the check at the door of the extension.
      expect(readHostsToExtension(structuredClone(message))).toBeDefined();
      sent.push(message);
    },
    savedState: () => saved,
    saveState: (state: unknown) => {
      saved = structuredClone(state);
    },
    listen: (handle) => {
      tell = (message) => {
        expect(readHostsToPage(structuredClone(message))).toBeDefined();
        handle(message);
      };
      return () => undefined;
    },
  });
}

const three = () => [aLine('node1'), aLine('node2', { user: 'me', note: 'rack B' }), aLine('node3')];

beforeEach(() => {
  sent = [];
  saved = undefined;
  version = 0;
  start();
});
afterEach(() => page.dispose());

describe('what is shown', () => {
  it('is a grid with a row for each line, and where the cursor is', () => {
    expect(sent).toEqual([{ type: 'ready' }]);
    expect(one('.loading').isConnected).toBe(true);
    show(
      aHostfile([
        aLine('', { kind: 'comment', text: '# rack A' }),
        ...three(),
        aLine('node9', { kind: 'disabled' }),
        aLine('', { kind: 'other', text: 'slots=4' }),
      ]),
    );
    expect(grid().getAttribute('aria-rowcount')).toBe('7');
    expect(texts('.rows .row:nth-child(3) [role=gridcell]')).toEqual([
      '',
      'node2',
      '4',
      'me',
      '',
      'rack B',
      '',
      '',
    ]);
    expect(texts('.row[data-kind=comment] [role=gridcell]')).toEqual(['# rack A']);
    expect(one('.row[data-kind=comment] [role=gridcell]').getAttribute('aria-colspan')).toBe('8');
    expect(texts('.row[data-kind=other] [role=gridcell]')).toEqual(['slots=4']);
    expect(texts('.row[data-kind=disabled] .column-state')).toEqual(['disabled']);
    expect(one('.summary').textContent).toBe('3 hosts · 12 slots · 1 disabled');
    expect(document.activeElement).toBe(grid());
    expect(document.getElementById(cursor() ?? '')?.textContent).toBe('node1');
  });

  it('says for each launcher whether the file is valid, and goes to the line that is not', () => {
    const problem = {
      severity: 'error',
      message: 'A number is missing. Write 4.',
      line: 2,
      character: 6,
    } as const;
    const lines = three();
    lines[2] = aLine('node3', { problem });
    show(
      aHostfile(lines, {
        chips: [
          { id: 'mpirun', label: 'Open MPI', used: true, problem },
          { id: 'mxnet', label: 'MXNet', used: false, problem: null },
        ],
      }),
    );
    expect(texts('.chip')).toEqual(['Open MPIline 3', 'MXNetvalid']);
    expect(one('.chip').getAttribute('aria-label')).toContain('error in line 3: A number is missing');
    one('.chip').click();
    expect(cursor()).toBe('cell-2-1');
    expect(one('.row-message').textContent).toBe('Line 3: A number is missing. Write 4.');
    expect(one('.row[data-severity=error] .head').textContent).toContain('error: A number is missing');
    expect(document.activeElement).toBe(grid());
  });

  it('writes what hosts have, and what they have not', () => {
    const live = { kind: 'reachable', text: '3 ms · load 0.1', gpus: 4, gpuText: 'GPU 0: A100' } as const;
    const lost = { kind: 'unreachable', text: 'refused', gpus: null, gpuText: '' } as const;
    show(aHostfile([aLine('node1', { live }), aLine('node2', { live: lost })]));
    expect(texts('.rows .column-gpus')).toEqual(['4', '']);
    expect(texts('.rows .column-state')).toEqual(['3 ms · load 0.1', 'unreachable: refused']);
    expect(one('.summary').textContent).toBe('2 hosts · 8 slots · 1 reachable · 1 unreachable');
  });

  it('is no markup, whatever the file says', () => {
    show(aHostfile([aLine('<b>x</b>', { note: '<img src=x>' })]));
    expect(root.querySelector('.rows b, .rows img')).toBeNull();
    expect(texts('.rows .column-note')).toEqual(['<img src=x>']);
  });

  it('leads from an empty file to the box where hosts are added', () => {
    show(aHostfile([]));
    expect(one('.empty').hidden).toBe(false);
    expect(grid().hidden).toBe(true);
    expect(document.activeElement).toBe(one('.add-input'));
    (one('.add-input') as HTMLInputElement).value = 'node[1-2]';
    press('Enter');
    expect(lastEdit()).toEqual({ kind: 'insert', before: 0, text: 'node[1-2]' });
    show(aHostfile([aLine('node1'), aLine('node2')]));
    answer();
    expect((one('.add-input') as HTMLInputElement).value).toBe('');
    expect(grid().hidden).toBe(false);
  });

  it('holds only the rows that are seen, of a thousand', () => {
    show(aHostfile(Array.from({ length: 1000 }, (_, index) => aLine(`node${index + 1}`))));
    expect(root.querySelectorAll('.rows .row').length).toBeLessThan(60);
    press('End', { ctrlKey: true });
    expect(cursor()).toBe('cell-999-1');
    expect(document.getElementById('cell-999-1')?.textContent).toBe('node1000');
    expect(grid().getAttribute('aria-rowcount')).toBe('1001');
  });
});

describe('by keyboard', () => {
  beforeEach(() => show(aHostfile(three())));

  it('the cursor moves and stays inside', () => {
    press('ArrowDown');
    press('ArrowRight');
    expect(cursor()).toBe('cell-1-2');
    press('ArrowUp');
    press('ArrowUp');
    press('End');
    press('ArrowRight');
    expect(cursor()).toBe('cell-0-7');
    press('Home');
    press('PageDown');
    expect(cursor()).toBe('cell-2-0');
  });

  it('a cell is edited with Enter or F2, and Enter takes it and goes on', () => {
    press('ArrowRight');
    press('Enter');
    expect(input().value).toBe('4');
    expect(input().getAttribute('aria-label')).toBe('Slots of node1');
    input().value = '8';
    press('Enter');
    expect(lastEdit()).toEqual({ kind: 'set', lines: [0], field: 'slots', value: '8' });
    expect(cursor()).toBe('cell-1-2');
    expect(document.activeElement).toBe(grid());
    press('F2');
    input().value = '2';
    press('Escape');
    expect(root.querySelector('.cell-editor')).toBeNull();
    expect(edits()).toHaveLength(1);
    expect(document.activeElement).toBe(grid());
  });

  it('typing begins an edit, Backspace one of nothing, Tab takes it and goes right', () => {
    press('n');
    expect(input().value).toBe('n');
    press('Escape');
    press('ArrowDown');
    press('ArrowRight');
    press('ArrowRight');
    press('Backspace');
    expect(input().value).toBe('');
    press('Tab');
    expect(lastEdit()).toEqual({ kind: 'set', lines: [1], field: 'user', value: '' });
    expect(cursor()).toBe('cell-1-4');
  });

  it('what is not another value changes nothing', () => {
    press('F2');
    press('Enter');
    expect(edits()).toEqual([]);
  });

  it('lines are disabled, removed, duplicated and moved', () => {
    press(' ');
    expect(lastEdit()).toEqual({ kind: 'enable', lines: [0], enabled: false });
    answer();
    press('d', { ctrlKey: true });
    expect(lastEdit()).toEqual({ kind: 'duplicate', lines: [0] });
    answer();
    press('Home');
    press('ArrowDown', { altKey: true });
    expect(lastEdit()).toMatchObject({ kind: 'move', by: 1 });
    answer();
    press('ArrowDown', { shiftKey: true });
    press('Delete');
    expect(lastEdit()).toMatchObject({ kind: 'remove' });
  });

  it('a key that is held moves a line on and on, one change after the other', () => {
    const [a, b, c] = three();
    press('ArrowDown', { altKey: true });
    press('ArrowDown', { altKey: true });
    expect(edits()).toEqual([{ kind: 'move', lines: [0], by: 1 }]);
    show(aHostfile([b!, a!, c!]));
    answer();
    expect(edits()[1]).toEqual({ kind: 'move', lines: [1], by: 1 });
    show(aHostfile([b!, c!, a!]));
    answer();
    expect(cursor()).toBe('cell-2-1');
  });

  it('many lines are changed at once', () => {
    press('a', { ctrlKey: true });
    expect(one('.row-message').textContent).toBe('3 lines selected');
    press('ArrowRight');
    press('a', { ctrlKey: true });
    press('9');
    press('Enter');
    expect(lastEdit()).toEqual({ kind: 'set', lines: [0, 1, 2], field: 'slots', value: '9' });
    press('Escape');
    expect([...root.querySelectorAll('.rows [aria-selected=true]')]).toHaveLength(1);
  });

  it('a line that is no host is edited whole', () => {
    show(aHostfile([aLine('', { kind: 'comment', text: '# a' })]));
    press('Enter');
    expect(input().value).toBe('# a');
    input().value = '# b';
    press('Enter');
    expect(lastEdit()).toEqual({ kind: 'setLine', line: 0, text: '# b' });
  });
});

describe('when the text changes', () => {
  it('cursor and selection follow their lines', () => {
    show(aHostfile(three()));
    press('ArrowDown');
    press('ArrowDown');
    show(aHostfile([aLine('new1'), aLine('new2'), ...three()]));
    expect(cursor()).toBe('cell-4-1');
    expect(document.activeElement).toBe(grid());
  });

  it('an open cell follows its line, and is written there', () => {
    show(aHostfile(three()));
    press('ArrowDown');
    press('F2');
    input().value = 'node7';
    const field = input();
    show(aHostfile([aLine('new'), ...three()]));
    expect(input()).toBe(field);
    expect(document.activeElement).toBe(field);
    expect(field.closest<HTMLElement>('.row')?.dataset['line']).toBe('2');
    press('Enter');
    expect(sent.at(-1)).toEqual({
      type: 'edit',
      version: 2,
      edit: { kind: 'set', lines: [2], field: 'host', value: 'node7' },
    });
  });

  it('an open cell that was changed in the text is given up, and what was typed is said', () => {
    show(aHostfile(three()));
    press('F2');
    input().value = 'mine';
    const lines = three();
    lines[0] = aLine('theirs');
    show(aHostfile(lines));
    expect(root.querySelector('.cell-editor')).toBeNull();
    expect(one('.notice').textContent).toContain('mine');
    expect(edits()).toEqual([]);
    expect(document.activeElement).toBe(grid());
  });

  it('a change for an older text is not repeated, and said', () => {
    show(aHostfile(three()));
    press('Delete');
    press('Delete');
    show(aHostfile([aLine('other')]));
    answer('outdated');
    expect(edits()).toHaveLength(1);
    expect(one('.notice').textContent).toContain('The text changed meanwhile');
    expect(texts('.rows .column-host')).toEqual(['other']);
  });

  it('what is refused is there to be mended, with the reason', () => {
    show(aHostfile(three()));
    press('ArrowRight');
    press('x');
    press('Enter');
    answer('refused', '`x` is no number of slots. Write a whole number.');
    expect(one('.notice').textContent).toBe('`x` is no number of slots. Write a whole number.');
    expect(input().value).toBe('x');
    expect(cursor()).toBe('cell-0-2');
    input().value = '2';
    press('Enter');
    expect(lastEdit()).toEqual({ kind: 'set', lines: [0], field: 'slots', value: '2' });
    expect(one('.notice').hidden).toBe(true);
  });

  it('the cursor is where it was when the page comes back', () => {
    show(aHostfile(three()));
    press('ArrowDown');
    press('ArrowRight');
    page.dispose();
    start();
    show(aHostfile(three()));
    expect(cursor()).toBe('cell-1-2');
  });
});

describe('by mouse', () => {
  const cell = (line: number, column: string) => one(`.row[data-line="${line}"] .column-${column}`);
  const down = (target: HTMLElement, more: MouseEventInit = {}) =>
    target.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0, ...more }));

  it('cells are chosen, edited and left, and hosts switched off', () => {
    show(aHostfile(three()));
    down(cell(1, 'user'));
    expect(cursor()).toBe('cell-1-3');
    cell(1, 'user').dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    input().value = 'you';
    down(cell(2, 'host'));
    expect(lastEdit()).toEqual({ kind: 'set', lines: [1], field: 'user', value: 'you' });
    expect(cursor()).toBe('cell-2-1');
    answer();
    down(cell(0, 'enabled'));
    expect(lastEdit()).toEqual({ kind: 'enable', lines: [0], enabled: false });
    answer();
    down(cell(2, 'host'), { shiftKey: true });
    expect([...root.querySelectorAll('.rows [aria-selected=true]')]).toHaveLength(3);
  });

  it('the buttons do what the keys do, and say why they do not', () => {
    show(aHostfile(three(), { noCheck: 'No cluster names this file.' }));
    const button = (label: string) =>
      [...root.querySelectorAll<PushButton>('vscode-button')].find(
        (found) => found.textContent.trim() === label,
      ) as PushButton;
    expect(button('Check hosts').disabled).toBe(true);
    expect(button('Check hosts').title).toContain('No cluster names this file.');
    expect(button('Fill slots from GPUs').disabled).toBe(true);
    button('Remove').click();
    expect(lastEdit()).toEqual({ kind: 'remove', lines: [0] });
    answer();
    const live = { kind: 'reachable', text: '', gpus: 2, gpuText: '' } as const;
    show(aHostfile([aLine('node1', { live }), aLine('node2', { kind: 'disabled' })]));
    expect(button('Check hosts').disabled).toBe(false);
    button('Check hosts').click();
    expect(sent.at(-1)).toEqual({ type: 'ask', ask: 'checkHosts' });
    button('Fill slots from GPUs').click();
    expect(lastEdit()).toEqual({ kind: 'fillSlots' });
    answer();
    down(cell(1, 'host'));
    expect(button('Enable').disabled).toBe(false);
    button('Open as text').click();
    expect(sent.at(-1)).toEqual({ type: 'openText', at: { line: 1, character: 0 } });
  });
});

describe('the clipboard', () => {
  const clipboard = (type: 'copy' | 'paste', text = '') => {
    const data = new Map([['text/plain', text]]);
    const event = new Event(type, { bubbles: true, cancelable: true });
    Object.assign(event, {
      clipboardData: {
        getData: (kind: string) => data.get(kind) ?? '',
        setData: (kind: string, value: string) => data.set(kind, value),
      },
    });
    (document.activeElement ?? grid()).dispatchEvent(event);
    return data.get('text/plain');
  };

  it('takes the selected lines as text, and gives hosts behind the cursor', () => {
    show(aHostfile(three()));
    press('ArrowDown', { shiftKey: true });
    expect(clipboard('copy')).toBe('node1 slots=4\nnode2 slots=4');
    clipboard('paste', 'a\nb');
    expect(lastEdit()).toEqual({ kind: 'insert', before: 2, text: 'a\nb' });
  });

  it('gives a list with line breaks at once to the box where hosts are added', () => {
    show(aHostfile(three()));
    one('.add-input').focus();
    clipboard('paste', 'a slots=2\nb slots=2\n');
    expect(lastEdit()).toEqual({ kind: 'insert', before: 3, text: 'a slots=2\nb slots=2\n' });
  });
});

describe('messages', () => {
  it.each([
    { type: 'edit', version: 1, edit: { kind: 'set', lines: [0], field: 'shell', value: '' } },
    { type: 'edit', version: 1, edit: { kind: 'set', lines: [-1], field: 'host', value: '' } },
    { type: 'edit', version: 1, edit: { kind: 'set', lines: [0.5], field: 'host', value: '' } },
    { type: 'edit', version: 1, edit: { kind: 'move', lines: [0], by: 2 } },
    { type: 'edit', version: 1, edit: { kind: 'toString' } },
    { type: 'edit', version: 1, edit: null },
    { type: 'ask', ask: 'rm' },
  ])('refuses %j', (value) => {
    expect(readHostsToExtension(value)).toBeUndefined();
  });

  it('refuses a state with a part of another kind', () => {
    const state = aHostfile([{ ...aLine('a'), slots: 4 as unknown as string }]);
    expect(readHostsToPage({ type: 'snapshot', version: 1, state })).toBeUndefined();
  });
});

it('lines are followed over a change by what is equal before and after it', () => {
  const map = mapLines(['a', 'b', 'c', 'd'], ['a', 'x', 'y', 'c', 'd']);
  expect([0, 1, 2, 3].map(map)).toEqual([
    { line: 0, same: true },
    { line: 1, same: false },
    { line: 3, same: true },
    { line: 4, same: true },
  ]);
  expect(mapLines(['a'], [])(0)).toEqual({ line: 0, same: false });
});

it('a summary counts hosts without slots apart', () => {
  expect(summaryText([aLine('a'), aLine('b', { slots: '' })])).toBe('2 hosts · 4 slots · 1 without a count');
  expect(summaryText([aLine('b', { slots: '' })])).toBe('1 host');
});
