import { beforeEach, describe, expect, it } from 'vitest';
import { editorToExtension, type EditorToExtension, type EditorToPage } from '../../src/protocol/editor';
import { isString } from '../../src/protocol/guard';
import { EditorClient } from '../../webview/shared/editorClient';

type Edit = string;
let sent: EditorToExtension<Edit, never>[];
let tell: (message: EditorToPage<string>) => void;
let shown: string[];
let notMade: string[];
let client: EditorClient<string, Edit, never>;

beforeEach(() => {
  sent = [];
  shown = [];
  notMade = [];
  const api = {
    post: (message: EditorToExtension<Edit, never>) => void sent.push(message),
    savedState: () => undefined,
    saveState: () => undefined,
    listen: (handle: typeof tell) => {
      tell = handle;
      return () => undefined;
    },
  };
  client = new EditorClient(api, {
    shown: (state) => shown.push(state),
    notMade: (outcome, message) => notMade.push(`${outcome} ${message}`),
  });
});

const edits = () => sent.flatMap((message) => (message.type === 'edit' ? [message] : []));

describe('the changes of a page', () => {
  it('wait for the first snapshot', () => {
    client.change((state) => `${state}!`);
    expect(sent).toEqual([{ type: 'ready' }]);
    tell({ type: 'snapshot', version: 4, state: 'a' });
    expect(edits()).toEqual([{ type: 'edit', version: 4, edit: 'a!' }]);
  });

  it('are made one after the other, each for the state that it finds', () => {
    tell({ type: 'snapshot', version: 1, state: 'a' });
    const order: string[] = [];
    client.change(
      (state) => `${state}1`,
      () => order.push(`done for ${client.state ?? ''}`),
    );
    client.change((state) => `${state}2`);
    expect(edits().map(({ edit }) => edit)).toEqual(['a1']);
    tell({ type: 'snapshot', version: 2, state: 'b' });
    expect(edits()).toHaveLength(1);
    tell({ type: 'answer', outcome: 'done', message: '' });
    expect(order).toEqual(['done for b']);
    expect(edits()[1]).toEqual({ type: 'edit', version: 2, edit: 'b2' });
  });

  it('are dropped when the one before them was not made', () => {
    tell({ type: 'snapshot', version: 1, state: 'a' });
    client.change(() => 'first');
    client.change(() => 'second');
    tell({ type: 'snapshot', version: 7, state: 'z' });
    tell({ type: 'answer', outcome: 'outdated', message: '' });
    expect(edits().map(({ edit }) => edit)).toEqual(['first']);
    expect(notMade).toEqual(['outdated ']);
    client.change(() => 'third');
    expect(edits()[1]).toEqual({ type: 'edit', version: 7, edit: 'third' });
  });

  it('are none where nothing is to change any more', () => {
    tell({ type: 'snapshot', version: 1, state: 'a' });
    client.change(() => undefined);
    client.change(() => 'x');
    expect(edits().map(({ edit }) => edit)).toEqual(['x']);
  });
});

it('refuses messages of a page that are none', () => {
  const read = editorToExtension(isString, (value): value is never => value === undefined);
  expect(read({ type: 'edit', version: 3, edit: 'x' })).toEqual({ type: 'edit', version: 3, edit: 'x' });
  for (const value of [
    null,
    { type: 'edit', version: '3', edit: 'x' },
    { type: 'edit', version: 3, edit: {} },
    { type: 'openText' },
    { type: 'openText', at: { line: NaN, character: 0 } },
    { type: 'ask', ask: 'x' },
    { type: 'constructor' },
  ]) {
    expect(read(value)).toBeUndefined();
  }
});
