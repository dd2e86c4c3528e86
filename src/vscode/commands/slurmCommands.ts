import * as vscode from 'vscode';
import { Cancelled, RankwiseError } from '../../base/errors';
import type { Core } from '../../core';
import { commandIds } from '../ids';
import { withProgress } from '../withProgress';
import { argumentField } from './argumentField';
import type { CommandRegistry } from './commandRegistry';
import { pickCluster } from './pickers';

/** Submit Slurm Script…: a script of the workspace, byte for byte, as a run that is followed. */
export function registerSlurmCommands(
  registry: CommandRegistry,
  core: Core,
  openDashboard: (run: string) => void,
): void {
  registry.register(commandIds.slurmSubmit, 'Submit', async (argument) => {
    const script = await chosenScript(argument);
    const cluster =
      argumentField(argument, 'cluster') ??
      (await pickCluster(core, 'Submit to which Slurm cluster?', ({ slurm }) => slurm !== undefined)).name;
    const name = script.path.slice(script.path.lastIndexOf('/') + 1);
    const run = await withProgress(`Submitting ${name} to ${cluster}`, (progress, signal) =>
      core.slurm.submit(cluster, script.fsPath, progress, signal),
    );
    openDashboard(run.id);
  });
}

/** The file of the menu, or the one in the editor, or one that is looked for. What is not saved is saved first. */
async function chosenScript(argument: unknown): Promise<vscode.Uri> {
  const active = vscode.window.activeTextEditor?.document;
  const uri =
    argument instanceof vscode.Uri ? argument : active && isScript(active) ? active.uri : await findScript();
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open?.isDirty === true && !(await open.save())) {
    throw new RankwiseError('vscode.notSaved', `${uri.fsPath} could not be saved, so it was not submitted`);
  }
  return uri;
}

async function findScript(): Promise<vscode.Uri> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: 'Submit Slurm Script',
      openLabel: 'Submit',
      filters: { 'Slurm scripts': ['sbatch', 'slurm', 'sh'], 'All files': ['*'] },
    })) ?? [];
  if (uri === undefined) throw new Cancelled();
  return uri;
}

/** Whether a document is meant for sbatch. */
export function isScript(document: Pick<vscode.TextDocument, 'uri' | 'getText'>): boolean {
  const { scheme, path } = document.uri;
  return scheme === 'file' && (/\.(sbatch|slurm)$/.test(path) || /^#SBATCH\b/m.test(document.getText()));
}
