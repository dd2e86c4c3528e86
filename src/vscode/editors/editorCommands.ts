import * as vscode from 'vscode';
import { RankwiseError } from '../../base/errors';
import type { CommandRegistry } from '../commands/commandRegistry';
import { commandIds, editorIds } from '../ids';
import { openAsText } from './openAsText';

/** From the text of a file to its editor and back. */
export function registerEditorCommands(registry: CommandRegistry): void {
  registry.registerAnywhere(commandIds.hostfileOpenEditor, 'Open hosts editor', (argument) =>
    openEditor(editorIds.hosts, argument),
  );
  registry.registerAnywhere(commandIds.configOpenEditor, 'Open launch editor', (argument) =>
    openEditor(editorIds.launches, argument),
  );
  registry.registerAnywhere(commandIds.trainingOpenEditor, 'Open training editor', (argument) =>
    openEditor(editorIds.training, argument),
  );
  registry.registerAnywhere(commandIds.editorOpenText, 'Open as text', (argument) =>
    openAsText(fileOf(argument)),
  );
}

/** Shows the file that a button or the explorer passes, or that of the active editor, in a custom editor. */
export async function openEditor(viewType: string, argument: unknown): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', fileOf(argument), viewType);
}

/** @throws RankwiseError `vscode.noFile` */
function fileOf(argument: unknown): vscode.Uri {
  if (argument instanceof vscode.Uri) return argument;
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  throw new RankwiseError('vscode.noFile', 'no file is open in the editor', { nextStep: 'Open one first.' });
}
