import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { parseHostfile } from '../../config/hostfile/hostfile';
import type { Core } from '../../core';
import { commandIds, languageIds } from '../ids';
import { slotsText } from '../text/slotsText';

/** `8 slots on 4 hosts · Check Hosts · Resolve Names` above a hostfile. */
export class HostfileLenses implements vscode.CodeLensProvider, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly core: Core) {
    this.store.add(core.config.onDidChange(() => this.changed.fire()));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.changed.fire()));
    this.store.add(vscode.languages.registerCodeLensProvider({ language: languageIds.hostfile }, this));
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { entries } = parseHostfile(document.getText());
    if (entries.length === 0) return [];
    const top = new vscode.Range(0, 0, 0, 0);
    const lens = (command: string, title: string, tooltip: string, argument: unknown): vscode.CodeLens =>
      new vscode.CodeLens(top, { command, title, tooltip, arguments: [argument] });
    // Without a command it is only read.
    const size = new vscode.CodeLens(top, { command: '', title: slotsText(entries) });
    if (!vscode.workspace.isTrusted) return [size];
    const checks = this.clustersOf(document).map((cluster) =>
      lens(
        commandIds.clusterCheck,
        'Check Hosts',
        `Connect to every host of ${cluster} and ask what it has`,
        { cluster },
      ),
    );
    const resolve = lens(
      commandIds.hostfileResolve,
      'Resolve Names',
      'Ask ssh -G and the name service for the address of every host; nothing is connected to',
      document.uri,
    );
    return [size, ...checks, resolve];
  }

  private clustersOf({ uri }: vscode.TextDocument): string[] {
    const clusters = this.core.config.current?.clusters ?? [];
    return clusters.filter(({ hostfile }) => hostfile?.path === uri.fsPath).map(({ name }) => name);
  }

  dispose(): void {
    this.store.dispose();
  }
}
