import * as vscode from 'vscode';
import { RankwiseError } from '../../base/errors';
import { parseHostfile } from '../../config/hostfile/hostfile';
import { count } from '../../text/format';
import { commandIds, languageIds } from '../ids';
import type { HostLooks } from '../language/hostLooks';
import type { OnDemandProblems } from '../language/onDemandProblems';
import { newHostfile } from '../text/newHostfile';
import { withProgress } from '../withProgress';
import { exists } from '../exists';
import type { CommandRegistry } from './commandRegistry';

/** New Hostfile, and Resolve Names of the one in the editor. */
export function registerHostfileCommands(
  registry: CommandRegistry,
  looks: HostLooks,
  problems: OnDemandProblems,
): void {
  registry.registerAnywhere(commandIds.hostfileNew, 'New hostfile', () => showNewHostfile(newHostfile));
  registry.register(commandIds.hostfileResolve, 'Resolve names', async (argument) => {
    const document = await chosenHostfile(argument);
    const { entries } = parseHostfile(document.getText());
    const { version } = document;
    const found = await withProgress('Resolving names', (progress, signal) =>
      looks.problems(entries, (done) => progress(`${done} of ${entries.length}`), signal),
    );
    if (document.version === version) problems.set(document.uri, found);
    const resolved = entries.length - found.length;
    const text =
      found.length === 0
        ? `${count(entries.length, 'name')} can be resolved`
        : `${resolved} of ${count(entries.length, 'name')} can be resolved, see the problems`;
    vscode.window.setStatusBarMessage(`$(check) ${text}`, 10_000);
  });
}

/** Opens a hostfile that is not saved yet; saving it offers the name that every launcher's manual has. */
export async function showNewHostfile(content: string): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const uri = folder && (await freeName(folder.uri));
  if (uri === undefined) {
    const document = await vscode.workspace.openTextDocument({ language: languageIds.hostfile, content });
    await vscode.window.showTextDocument(document);
    return;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, new vscode.Position(0, 0), content);
  await vscode.workspace.applyEdit(edit);
  await vscode.languages.setTextDocumentLanguage(document, languageIds.hostfile);
  await vscode.window.showTextDocument(document);
}

/** `hostfile`, or with a number where there is one, on disk or in an editor. */
async function freeName(folder: vscode.Uri): Promise<vscode.Uri> {
  for (let number = 1; ; number++) {
    const file = vscode.Uri.joinPath(folder, number === 1 ? 'hostfile' : `hostfile-${number}`);
    const uri = file.with({ scheme: 'untitled' });
    const isOpen = vscode.workspace.textDocuments.some(
      (document) => document.uri.toString() === uri.toString(),
    );
    if (!isOpen && !(await exists(file))) return uri;
  }
}

async function chosenHostfile(argument: unknown): Promise<vscode.TextDocument> {
  if (argument instanceof vscode.Uri) return vscode.workspace.openTextDocument(argument);
  const active = vscode.window.activeTextEditor?.document;
  if (active?.languageId === languageIds.hostfile) return active;
  throw new RankwiseError('vscode.noHostfile', 'there is no hostfile in the editor', {
    nextStep: 'Open one first.',
  });
}
