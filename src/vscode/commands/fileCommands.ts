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
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(stateDir));
  });
  registry.registerAnywhere(commandIds.logShow, 'Show log', () => {
    channel.show();
    return Promise.resolve();
  });
}

/** Writes a commented starter file and opens it; a file that is there is opened and left as it is. */
async function createConfig(): Promise<void> {
  const uri = vscode.Uri.joinPath(await chosenFolder(), configFileName);
  if (!(await createFile(uri))) {
    void vscode.window.showInformationMessage(`${configFileName} is already there; it was left as it is.`);
  }
  await vscode.window.showTextDocument(uri);
}

async function createFile(uri: vscode.Uri): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { ignoreIfExists: false, overwrite: false, contents: Buffer.from(starterConfig) });
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
