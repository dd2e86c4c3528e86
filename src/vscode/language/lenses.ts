import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Core } from '../../core';

/** Lenses made of the config; made anew when it or the trust in the workspace changes. */
export abstract class Lenses implements vscode.CodeLensProvider, Disposable {
  protected readonly store = new DisposableStore();
  protected readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    protected readonly core: Core,
    selector: vscode.DocumentSelector,
  ) {
    this.store.add(core.config.onDidChange(() => this.changed.fire()));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.changed.fire()));
    this.store.add(vscode.languages.registerCodeLensProvider(selector, this));
  }

  abstract provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[];

  dispose(): void {
    this.store.dispose();
  }
}
