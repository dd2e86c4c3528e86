import { mkdir } from 'node:fs/promises';
import * as vscode from 'vscode';
import { Cancelled } from '../../base/errors';
import type { Core } from '../../core';
import { commandIds, configFileName } from '../ids';
import { starterConfig } from '../text/starterConfig';
import type { CommandRegistry } from './commandRegistry';
import { pick, requireConfig } from './pickers';

/** Create and open `rankwise.yaml`, the state folder and the log. */
export function registerFileCommands(
  registry: CommandRegistry,
  core: Core,
  stateDir: string,
  channel: vscode.LogOutputChannel,
): void {
  registry.registerAnywhere(commandIds.configCreate, `Create ${configFileName}`, createConfig);
  registry.registerAnywhere(commandIds.configOpen, `Open ${configFileName}`, async () => {
    await vscode.window.showTextDocument(vscode.Uri.file(requireConfig(core).file));
  });
  registry.register(commandIds.stateOpenFolder, 'Open state folder', async () => {
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    await showFolder(stateDir);
  });
  registry.registerAnywhere(commandIds.logShow, 'Show extension log', () => {
    channel.show();
    return Promise.resolve();
  });
}

/** In the file manager, or, where the window is on another machine than the folder or in a browser, by its path. */
async function showFolder(directory: string): Promise<void> {
  if (vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(directory));
    return;
  }
  const [terminal, copy] = ['Open in Terminal', 'Copy Path'];
  const message = `Runs and their logs are kept in ${directory}.`;
  const choice = await vscode.window.showInformationMessage(message, terminal, copy);
  if (choice === copy) await vscode.env.clipboard.writeText(directory);
  if (choice === terminal) vscode.window.createTerminal({ name: 'Rankwise state', cwd: directory }).show();
}

/** The `rankwise.yaml` of the workspace; without one, a file with nothing but its version. @throws Cancelled */
export async function configDocument(core: Core): Promise<vscode.TextDocument> {
  const config = core.config.current;
  if (config !== undefined) return vscode.workspace.openTextDocument(config.file);
  const uri = vscode.Uri.joinPath(await chosenFolder(), configFileName);
  await createFile(uri, 'version: 1\n');
  return vscode.workspace.openTextDocument(uri);
}

/** Writes a commented starter file and opens it; a file that is there is opened and left as it is. */
async function createConfig(): Promise<void> {
  const uri = vscode.Uri.joinPath(await chosenFolder(), configFileName);
  if (!(await createFile(uri, starterConfig))) {
    void vscode.window.showInformationMessage(`${configFileName} is already there; it was left as it is.`);
  }
  await vscode.window.showTextDocument(uri);
}

/** @returns false where there is one, which is left as it is */
async function createFile(uri: vscode.Uri, text: string): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { ignoreIfExists: false, overwrite: false, contents: Buffer.from(text) });
  return vscode.workspace.applyEdit(edit);
}

async function chosenFolder(): Promise<vscode.Uri> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length > 0) {
    return pick(
      `In which folder to make ${configFileName}?`,
      folders.map(({ name, uri }) => ({ label: name, description: uri.fsPath, value: uri })),
    );
  }
  const open = 'Open Folder';
  const message = `Open a folder first: ${configFileName} lives beside your training code.`;
  const choice = await vscode.window.showWarningMessage(message, open);
  if (choice !== open) throw new Cancelled();
  await vscode.commands.executeCommand('vscode.openFolder');
  throw new Cancelled();
}
