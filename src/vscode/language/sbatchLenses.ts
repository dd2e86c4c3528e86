import * as vscode from 'vscode';
import type { Core } from '../../core';
import { isScript } from '../commands/slurmCommands';
import { commandIds } from '../ids';
import { Lenses } from './lenses';

/** `Submit to uni · Test Only` above an sbatch script, for each Slurm cluster. */
export class SbatchLenses extends Lenses {
  constructor(core: Core) {
    super(core, { scheme: 'file' });
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
}
