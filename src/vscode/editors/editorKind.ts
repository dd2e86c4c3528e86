import type * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import type { TextEdit } from '../../language/types';
import type { EditorToExtension } from '../../protocol/editor';

/** A custom editor over a text: which page it shows, and what that page sees and changes. */
export interface EditorKind<State, Edit, Ask> {
  /** As package.json contributes it. */
  viewType: string;
  /** The bundle in `dist/webview`, and the id of the element that it fills. */
  page: string;
  /** The check of what the page sends. */
  read: (value: unknown) => EditorToExtension<Edit, Ask> | undefined;
  /** A page was opened on a document; `changed` is called when its state is another for any reason but the text. */
  open(document: vscode.TextDocument, changed: () => void): EditorSession<State, Edit, Ask>;
}

/** What one open page shows of its document. */
export interface EditorSession<State, Edit, Ask> extends Disposable {
  /** The picture of the text as it is now. Total. */
  state(): State;
  /**
   * What a change does to the text as it is now; nothing where it changes nothing. They become one step of undo.
   * @throws RankwiseError when it cannot be made; the page shows why.
   */
  edits(edit: Edit): TextEdit[];
  /** Does what the page asked for. Failures are thrown, and shown as a message of VS Code. */
  ask(ask: Ask): Promise<void>;
}
