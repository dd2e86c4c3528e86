import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Core } from '../../core';
import { toDiagnostic } from './toDiagnostic';

/** Shows the problems of the config and its hostfiles in the editor. */
export class Diagnostics implements Disposable {
  private readonly store = new DisposableStore();
  private readonly collection = this.store.add(vscode.languages.createDiagnosticCollection('rankwise'));

  constructor(private readonly core: Core) {
    this.store.add(core.config.onDidChange(() => this.show()));
    this.show();
  }

  dispose(): void {
    this.store.dispose();
  }

  private show(): void {
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const problem of this.core.config.current?.problems ?? []) {
      byFile.set(problem.file, [...(byFile.get(problem.file) ?? []), toDiagnostic(problem)]);
    }
    this.collection.clear();
    for (const [file, diagnostics] of byFile) this.collection.set(vscode.Uri.file(file), diagnostics);
  }
}
