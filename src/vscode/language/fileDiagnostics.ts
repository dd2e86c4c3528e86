import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Core } from '../../core';
import type { OnDemandProblems } from './onDemandProblems';
import { toDiagnostic } from './toDiagnostic';

/** Shows the problems of the config and of the files it names in the editor, and those that a person asked for. */
export class Diagnostics implements Disposable {
  private readonly store = new DisposableStore();
  private readonly collection = this.store.add(vscode.languages.createDiagnosticCollection('rankwise'));
  private readonly asked = this.store.add(vscode.languages.createDiagnosticCollection('rankwise-asked'));

  constructor(
    private readonly core: Core,
    onDemand: OnDemandProblems,
  ) {
    this.store.add(core.config.onDidChange(() => this.show()));
    this.store.add(onDemand.onDidChange((uri) => this.asked.set(uri, onDemand.of(uri).map(toDiagnostic))));
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
