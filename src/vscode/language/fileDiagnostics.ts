import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { checkFile } from '../../config/checkFile';
import { fewOfEach } from '../../config/fewFindings';
import type { Core } from '../../core';
import type { FileKinds } from './fileKinds';
import type { OnDemandProblems } from './onDemandProblems';
import type { ScriptDirectories } from './scriptDirectories';
import { toDiagnostic } from './toDiagnostic';

/** Changes that follow each other faster are checked together. */
const settleMs = 150;

/**
 * Shows problems in the editor: of `rankwise.yaml` and the files it names, open or not; of every other open file of ours;
 * and those that a person asked for. Of each kind the first: what is offered to mend them takes its time for each.
 */
export class FileDiagnostics implements Disposable {
  private readonly store = new DisposableStore();
  private readonly collection = this.store.add(vscode.languages.createDiagnosticCollection('rankwise'));
  private readonly waiting = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly core: Core,
    private readonly kinds: FileKinds,
    private readonly onDemand: OnDemandProblems,
    directories: ScriptDirectories,
  ) {
    const show = (document: vscode.TextDocument): void => this.showOpen(document);
    this.store.add(core.config.onDidChange(() => this.showAll()));
    // A check of a thousand hosts tells of each of them twice.
    const news = (): void => vscode.workspace.textDocuments.forEach((document) => this.soon(document));
    this.store.add(core.clusters.onDidChange(news));
    this.store.add(core.slurm.onDidChange(news));
    this.store.add(directories.onDidChange((uri) => openDocuments(uri).forEach(show)));
    this.store.add(onDemand.onDidChange((uri) => openDocuments(uri).forEach(show)));
    this.store.add(vscode.workspace.onDidOpenTextDocument(show));
    this.store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.soon(document)));
    this.store.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.showClosed(uri)));
    this.showAll();
  }

  /** What is shown of a document now. */
  of(uri: vscode.Uri): readonly vscode.Diagnostic[] {
    return this.collection.get(uri) ?? [];
  }

  dispose(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.store.dispose();
  }

  private showAll(): void {
    const files = new Set((this.core.config.current?.problems ?? []).map(({ file }) => file));
    const shown: vscode.Uri[] = [];
    this.collection.forEach((uri) => shown.push(uri));
    for (const uri of [...shown, ...[...files].map((file) => vscode.Uri.file(file))]) this.showClosed(uri);
    for (const document of vscode.workspace.textDocuments) this.showOpen(document);
  }

  /** What the config says of a file that no editor holds. */
  private showClosed(uri: vscode.Uri): void {
    const problems = this.core.config.current?.problems ?? [];
    const own = uri.scheme === 'file' ? problems.filter(({ file }) => file === uri.fsPath) : [];
    this.collection.set(uri, fewOfEach(own).map(toDiagnostic));
  }

  /** An open file is checked as it stands in the editor; `rankwise.yaml` by its model, which knows the other files. */
  private showOpen(document: vscode.TextDocument): void {
    const { uri } = document;
    const config = this.core.config.current;
    const kind = this.kinds.of(document);
    if (kind === undefined || document.isClosed) return;
    const problems =
      uri.scheme === 'file' && config?.file === uri.fsPath
        ? config.problems.filter(({ file }) => file === config.file)
        : checkFile(kind, uri.fsPath, document.getText(), config, this.kinds.knownOf(document));
    this.collection.set(uri, fewOfEach([...problems, ...this.onDemand.of(uri)]).map(toDiagnostic));
  }

  private soon(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.waiting.get(key));
    this.waiting.set(
      key,
      setTimeout(() => {
        this.waiting.delete(key);
        this.showOpen(document);
      }, settleMs),
    );
  }
}

function openDocuments(uri: vscode.Uri): vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter((document) => document.uri.toString() === uri.toString());
}
