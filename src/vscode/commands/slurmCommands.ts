import * as vscode from 'vscode';
import { Cancelled, RankwiseError } from '../../base/errors';
import { parseTestOnly } from '../../config/sbatch/parseTestOnly';
import type { Core } from '../../core';
import { commandIds } from '../ids';
import type { OnDemandProblems } from '../language/onDemandProblems';
import type { ScriptDirectories } from '../language/scriptDirectories';
import { plainMessage } from '../plainMessage';
import { withProgress } from '../withProgress';
import { argumentField } from './argumentField';
import type { CommandRegistry } from './commandRegistry';
import { pickCluster } from './pickers';

/** Submit Slurm Script…: a script of the workspace, byte for byte, as a run that is followed. Test Slurm Script…: what the controller says of it. */
export function registerSlurmCommands(
  registry: CommandRegistry,
  core: Core,
  answers: { problems: OnDemandProblems; directories: ScriptDirectories },
  openDashboard: (run: string) => void,
): void {
  registry.register(commandIds.slurmSubmit, 'Submit', async (argument) => {
    const script = await saved(await chosenScript(argument));
    const cluster = await chosenCluster(core, argument, 'Submit to which Slurm cluster?');
    const run = await withProgress(`Submitting ${fileName(script)} to ${cluster}`, (progress, signal) =>
      core.slurm.submit(cluster, script.fsPath, progress, signal),
    );
    openDashboard(run.id);
  });
  registry.register(commandIds.slurmTest, 'Test', async (argument) => {
    const document = await vscode.workspace.openTextDocument(await chosenScript(argument));
    const cluster = await chosenCluster(core, argument, 'Ask which Slurm cluster?');
    const { version } = document;
    const { accepted, said, directories } = await withProgress(
      `Asking ${cluster} about ${fileName(document.uri)}`,
      (_progress, signal) => core.slurm.test(cluster, document.getText(), signal),
    );
    const found = parseTestOnly(said, document.getText());
    if (document.version === version) {
      answers.directories.set(document, directories);
      answers.problems.set(document.uri, found);
    }
    const text = said.replaceAll(/^sbatch: (?:error: )?/gm, '').trim();
    if (accepted)
      void vscode.window.showInformationMessage(plainMessage(`${cluster} would take it. ${text}`));
    else void vscode.window.showWarningMessage(plainMessage(`${cluster} would refuse it. ${text}`));
  });
}

async function chosenCluster(core: Core, argument: unknown, question: string): Promise<string> {
  const named = argumentField(argument, 'cluster');
  return named ?? (await pickCluster(core, question, ({ slurm }) => slurm !== undefined)).name;
}

function fileName({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The file of the menu, lens or row, or the one in the editor, or one that is looked for. */
async function chosenScript(argument: unknown): Promise<vscode.Uri> {
  const active = vscode.window.activeTextEditor?.document;
  const path = argumentField(argument, 'path');
  const named =
    argument instanceof vscode.Uri ? argument : path === undefined ? undefined : vscode.Uri.file(path);
  return named ?? (active && isScript(active) ? active.uri : findScript());
}

/** sbatch reads the file. @throws RankwiseError `vscode.notSaved` */
async function saved(uri: vscode.Uri): Promise<vscode.Uri> {
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
