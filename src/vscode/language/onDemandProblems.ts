import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { Problem } from '../../config/problem';

/** What was found because a person asked (of a controller, of the name service). True of one text: a change forgets it. */
export class OnDemandProblems implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;
  private readonly found = new Map<string, readonly Problem[]>();

  constructor() {
    this.store.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.set(document.uri, []);
      }),
    );
    this.store.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.set(uri, [])));
  }

  of(uri: vscode.Uri): readonly Problem[] {
    return this.found.get(uri.toString()) ?? [];
  }

  set(uri: vscode.Uri, problems: readonly Problem[]): void {
    const key = uri.toString();
    if (problems.length > 0) this.found.set(key, problems);
    else if (!this.found.delete(key)) return;
    this.changed.fire(uri);
  }

  dispose(): void {
    this.store.dispose();
  }
}
