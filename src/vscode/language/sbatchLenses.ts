import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Core } from '../../core';
import { isScript } from '../commands/slurmCommands';
import { commandIds } from '../ids';

/** `Submit to uni · Test Only` above an sbatch script, for each Slurm cluster. */
export class SbatchLenses implements vscode.CodeLensProvider, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly core: Core) {
    this.store.add(core.config.onDidChange(() => this.changed.fire()));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.changed.fire()));
    this.store.add(vscode.languages.registerCodeLensProvider({ scheme: 'file' }, this));
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!vscode.workspace.isTrusted || !isScript(document)) return [];
    const clusters = (this.core.config.current?.clusters ?? []).filter(({ slurm }) => slurm !== undefined);
    const top = new vscode.Range(0, 0, 0, 0);
    return clusters.flatMap(({ name }) => {
      const argument = { cluster: name, path: document.uri.fsPath };
      return [
        new vscode.CodeLens(top, {
          command: commandIds.slurmSubmit,
          title: `$(run) Submit to ${name}`,
          tooltip: 'Submit this script as it is and follow its job',
          arguments: [argument],
        }),
        new vscode.CodeLens(top, {
          command: commandIds.slurmTest,
          title: clusters.length === 1 ? 'Test Only' : `Test Only on ${name}`,
          tooltip:
            'Ask the controller by sbatch --test-only whether it would take it, and when it would start',
          arguments: [argument],
        }),
      ];
    });
  }

  dispose(): void {
    this.store.dispose();
  }
}
