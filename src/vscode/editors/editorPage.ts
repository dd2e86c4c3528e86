import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Cancelled, describeError, RankwiseError } from '../../base/errors';
import type { EditorToExtension, EditorToPage, Outcome } from '../../protocol/editor';
import { plainMessage } from '../plainMessage';
import type { EditorKind, EditorSession } from './editorKind';
import { openAsText } from './openAsText';
import { toWorkspaceEdit } from '../language/conversions';

/** Changes of the text that come together make one snapshot. */
const textBatchMs = 16;
/** What is known about it may change for a thousand hosts at once. */
const newsBatchMs = 200;

/**
 * One page of a custom text editor: a snapshot when it asks and after each change of the text, and one WorkspaceEdit
 * per change that the page wants. A change made for another version than the document has is not written.
 */
export class EditorPage<State, Edit, Ask> implements Disposable {
  private readonly store = new DisposableStore();
  private readonly session: EditorSession<State, Edit, Ask>;
  private ready = false;
  private batch: NodeJS.Timeout | undefined;
  private batchMs = 0;
  /** Changes are made one after the other. */
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly kind: EditorKind<State, Edit, Ask>,
    private readonly document: vscode.TextDocument,
    private readonly panel: vscode.WebviewPanel,
  ) {
    this.session = this.store.add(kind.open(document, () => this.changed(newsBatchMs)));
    this.store.add(
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document === document && event.contentChanges.length > 0) this.changed(textBatchMs);
      }),
    );
    this.store.add(panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message)));
    this.store.add(
      panel.onDidChangeViewState(() => {
        // A hidden page is taken down by VS Code and says `ready` anew when it shows again.
        if (!panel.visible) this.ready = false;
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.batch);
    this.ready = false;
    this.store.dispose();
  }

  private changed(waitMs: number): void {
    if (this.batch !== undefined && this.batchMs <= waitMs) return;
    clearTimeout(this.batch);
    this.batchMs = waitMs;
    this.batch = setTimeout(() => this.send(), waitMs);
  }

  private send(): void {
    clearTimeout(this.batch);
    this.batch = undefined;
    if (!this.ready) return;
    this.post({ type: 'snapshot', version: this.document.version, state: this.session.state() });
  }

  private receive(value: unknown): void {
    const message = this.kind.read(value);
    if (message !== undefined) this.handle(message);
  }

  private handle(message: EditorToExtension<Edit, Ask>): void {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        return this.send();
      case 'edit':
        this.last = this.last.then(() => this.change(message.version, message.edit));
        return;
      case 'openText':
        return this.showFailure(
          openAsText(this.document.uri, message.at ?? undefined, this.panel.viewColumn),
        );
      case 'ask':
        return this.showFailure(this.session.ask(message.ask));
    }
  }

  /** Never rejects: the changes after this one wait for it. */
  private async change(version: number, edit: Edit): Promise<void> {
    let outcome: Outcome = 'outdated';
    let reason = '';
    try {
      if (version === this.document.version) outcome = (await this.apply(edit)) ? 'done' : 'outdated';
    } catch (error) {
      outcome = 'refused';
      reason = describeError(error);
    }
    this.send();
    this.post({ type: 'answer', outcome, message: reason });
  }

  /**
   * False when the text has changed before the change could be made; VS Code compares the versions itself.
   * @throws RankwiseError `editor.notWritten` when the document takes no change
   */
  private async apply(edit: Edit): Promise<boolean> {
    const edits = this.session.edits(edit);
    if (edits.length === 0) return true;
    const { version } = this.document;
    const isDone = await vscode.workspace.applyEdit(toWorkspaceEdit(this.document, edits));
    if (isDone || version !== this.document.version) return isDone;
    throw new RankwiseError('editor.notWritten', 'the file takes no change', {
      nextStep: 'See whether it is read-only.',
    });
  }

  private showFailure(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (error instanceof Cancelled) return;
      void vscode.window.showErrorMessage(plainMessage(`${this.panel.title}: ${describeError(error)}`));
    });
  }

  private post(message: EditorToPage<State>): void {
    if (this.ready) void this.panel.webview.postMessage(message);
  }
}
