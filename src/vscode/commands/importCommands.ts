import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { RankwiseError } from '../../base/errors';
import type { Core } from '../../core';
import { importCommand } from '../../imports/importCommand';
import { importedInto } from '../../imports/importedInto';
import type { ImportedLaunch } from '../../imports/renderLaunch';
import { hostfileOf } from '../../imports/sshConfigHosts';
import { rankwiseLanguage } from '../../language/rankwiseLanguage';
import { count } from '../../text/format';
import { commandIds, configFileName } from '../ids';
import { toTextEdits } from '../language/conversions';
import { readSshHosts } from '../language/sshHosts';
import { plainMessage } from '../plainMessage';
import type { CommandRegistry } from './commandRegistry';
import { configDocument } from './fileCommands';
import { showNewHostfile } from './hostfileCommands';
import { pick } from './pickers';

/** Import Command…: what a person pastes into a terminal today becomes a launch of `rankwise.yaml`, to be read before it is saved. */
export function registerImportCommands(
  registry: CommandRegistry,
  core: Core,
  sshConfigFile: () => string | undefined,
): void {
  registry.registerAnywhere(commandIds.importCommand, 'Import', async (argument) => {
    const text = typeof argument === 'string' ? argument : await commandText();
    const cluster = await chosenCluster(core);
    const { launches, dropped, refused } = importCommand(text, cluster === undefined ? {} : { cluster });
    if (refused !== undefined) {
      throw new RankwiseError('vscode.tooMuchToImport', refused.reason, { nextStep: refused.nextStep });
    }
    if (launches.length === 0) {
      throw new RankwiseError(
        'vscode.nothingToImport',
        `no training is started by it: ${dropped.join('; ')}`,
        {
          nextStep:
            'Paste a command of mpirun, horovodrun, torchrun, deepspeed, accelerate, launch.py, ray or sbatch.',
        },
      );
    }
    const document = await configDocument(core);
    const names: string[] = [];
    for (const launch of await chosenLaunches(launches)) names.push(await insert(document, launch));
    if (names.length === 0) return;
    await reveal(document, names.at(-1) ?? '');
    tell(names, [...dropped, ...launches.flatMap((launch) => launch.dropped)]);
  });
  registry.registerAnywhere(commandIds.importSshHosts, 'Import', () => importSshHosts(sshConfigFile()));
}

/** The chosen hosts of the OpenSSH configuration as a hostfile that is not saved yet. */
async function importSshHosts(configFile: string | undefined): Promise<void> {
  const hosts = await readSshHosts(configFile);
  if (hosts.length === 0) {
    throw new RankwiseError('vscode.noSshHosts', `${configFile ?? '~/.ssh/config'} names no host`, {
      nextStep:
        'Hosts with wildcards do not count. Use the command "New Hostfile" and write the names yourself.',
    });
  }
  const items = hosts.map(({ name, file }) => ({ label: name, description: file, name }));
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    placeHolder: 'Which hosts train together?',
  });
  if (chosen === undefined || chosen.length === 0) return;
  const slots = await vscode.window.showInputBox({
    title: 'Slots of Each Host',
    prompt: 'How many processes each may run, usually its GPUs.',
    value: '1',
    validateInput: (text) => (/^[1-9]\d{0,4}$/.test(text) ? undefined : 'A whole number from 1 on.'),
  });
  if (slots === undefined) return;
  const content = hostfileOf(chosen.map(({ name }) => ({ name, slots: Number(slots) })));
  await showNewHostfile(content);
}

/** The selection, what is in the clipboard (read only when it is chosen), or what is typed. */
async function commandText(): Promise<string> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor?.document.getText(editor.selection) ?? '';
  const selection = { label: '$(selection) The selection', detail: oneLine(selected), value: 'selection' };
  const source = await pick('Which command becomes a launch?', [
    ...(selected.trim() === '' ? [] : [selection]),
    { label: '$(clippy) The clipboard', value: 'clipboard' },
    { label: '$(edit) Type it…', value: 'typed' },
  ]);
  if (source === 'selection') return selected;
  return source === 'clipboard' ? clipboardText() : typedText();
}

async function clipboardText(): Promise<string> {
  const text = await vscode.env.clipboard.readText();
  if (text.trim() !== '') return text;
  throw new RankwiseError('vscode.emptyClipboard', 'the clipboard holds no text', {
    nextStep: 'Copy the command first, or select it in the editor.',
  });
}

async function typedText(): Promise<string> {
  const typed = await vscode.window.showInputBox({
    title: 'Import Command',
    prompt: 'It is read, not run.',
    placeHolder: 'mpirun -np 8 -hostfile hosts python train.py',
    ignoreFocusOut: true,
  });
  if (typed === undefined) throw new vscode.CancellationError();
  return typed;
}

/** Undefined: the cluster that the command itself names. */
async function chosenCluster(core: Core): Promise<string | undefined> {
  const clusters = (core.config.current?.clusters ?? []).filter(({ practice }) => !practice);
  if (clusters.length === 0) return undefined;
  return pick<string | undefined>('On which cluster?', [
    { label: '$(add) The hosts that the command names', value: undefined },
    ...clusters.map(({ name }) => ({ label: `$(server) ${name}`, value: name })),
  ]);
}

async function chosenLaunches(launches: readonly ImportedLaunch[]): Promise<readonly ImportedLaunch[]> {
  if (launches.length === 1) return launches;
  const items = launches.map((launch) => ({ label: launch.launch.name, picked: true, launch }));
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    placeHolder: 'Several trainings are started. Which become launches?',
  });
  return (chosen ?? []).map(({ launch }) => launch);
}

/** Puts a launch into the open file by one edit, which one undo takes back. @returns its name there */
async function insert(document: vscode.TextDocument, launch: ImportedLaunch): Promise<string> {
  const folder = dirname(document.uri.fsPath);
  const taken = launch.file === undefined ? [] : await readdir(folder);
  const inserted = importedInto(document.getText(), launch, taken);
  if (inserted === undefined) {
    throw new RankwiseError(
      'vscode.notParsed',
      `${configFileName} has an error, so nothing was put into it`,
      {
        nextStep: 'Correct the file first.',
      },
    );
  }
  // The script comes first: where it cannot be written, nothing is.
  const edit = new vscode.WorkspaceEdit();
  const { file } = inserted;
  if (file !== undefined) {
    const contents = Buffer.from(file.text);
    edit.createFile(vscode.Uri.file(join(folder, file.path)), {
      ignoreIfExists: false,
      overwrite: false,
      contents,
    });
  }
  edit.set(document.uri, toTextEdits(document, inserted.edits));
  if (!(await vscode.workspace.applyEdit(edit))) {
    const what = file === undefined ? configFileName : `${configFileName} or ${file.path} beside it`;
    throw new RankwiseError('vscode.editRefused', `${what} could not be edited`);
  }
  return inserted.launch;
}

async function reveal(document: vscode.TextDocument, launch: string): Promise<void> {
  const editor = await vscode.window.showTextDocument(document);
  const symbols = rankwiseLanguage.symbols(document.getText()).flatMap(({ children = [] }) => children);
  const place = symbols.find(({ kind, name }) => kind === 'launch' && name === launch);
  const at = document.positionAt(place?.start ?? 0);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
}

function tell(names: readonly string[], dropped: readonly string[]): void {
  const what = names.map((name) => `“${name}”`).join(', ');
  if (dropped.length === 0) {
    vscode.window.setStatusBarMessage(`$(check) ${what} imported; read it and save`, 10_000);
    return;
  }
  void vscode.window.showWarningMessage(
    plainMessage(
      `${what} imported without ${count(dropped.length, 'part')} of the command: ${dropped.join('; ')}`,
    ),
  );
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').slice(0, 200);
}
