import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Core } from '../../core';
import { commandIds, configFileName } from '../ids';
import { toVscodePosition } from '../sourceLocation';

/** `Launch · Preview Plan` above every launch of `rankwise.yaml`; only the plan until the workspace is trusted. */
export class LaunchLenses implements vscode.CodeLensProvider, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly core: Core) {
    this.store.add(core.config.onDidChange(() => this.changed.fire()));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.changed.fire()));
    this.store.add(
      vscode.languages.registerCodeLensProvider({ scheme: 'file', pattern: `**/${configFileName}` }, this),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const config = this.core.config.current;
    if (config?.file !== document.uri.fsPath) return [];
    return config.launches.flatMap(({ name, range }) => {
      const at = new vscode.Range(toVscodePosition(range.start), toVscodePosition(range.start));
      const argument = { launch: name };
      const preview = new vscode.CodeLens(at, {
        command: commandIds.launchPreview,
        title: 'Preview Plan',
        tooltip: 'Every file and command, without running any',
        arguments: [argument],
      });
      if (!vscode.workspace.isTrusted) return [preview];
      const launch = new vscode.CodeLens(at, {
        command: commandIds.launchStart,
        title: '$(play) Launch',
        tooltip: `Start ${name} on its cluster`,
        arguments: [argument],
      });
      return [launch, preview];
    });
  }

  dispose(): void {
    this.store.dispose();
  }
}
