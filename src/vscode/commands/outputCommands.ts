import * as vscode from 'vscode';
import { systemClock } from '../../base/clock';
import { Cancelled, RankwiseError } from '../../base/errors';
import type { Core } from '../../core';
import type { OutputFile } from '../../runs/leaves/listOutputs';
import type { RunView } from '../../runs/model';
import { formatBytes, formatPercent } from '../../text/format';
import { commandIds } from '../ids';
import type { OutputFiles } from '../outputs/outputFiles';
import type { OutputLists } from '../outputs/outputLists';
import { OutputTerminal } from '../outputs/outputTerminal';
import { plainMessage } from '../plainMessage';
import { outputFacts, splitPath } from '../text/outputText';
import { runTitle } from '../text/runText';
import { withProgress } from '../withProgress';
import { argumentField } from './argumentField';
import type { CommandRegistry } from './commandRegistry';
import { pick } from './pickers';
import { chosenRun } from './runCommands';

/** Larger files are opened only when the person says how. */
const largeBytes = 8_000_000;
/** VS Code shows no larger text to extensions, and holds all of it in memory. */
const mostBytes = 50_000_000;
const beginningBytes = 1_000_000;

type Way = 'all' | 'beginning' | 'download' | 'follow';

interface Chosen {
  run: RunView;
  file: OutputFile;
}

/** What to do with the files that runs produce: look, keep a copy, follow what is added. */
export function registerOutputCommands(
  registry: CommandRegistry,
  core: Core,
  lists: OutputLists,
  files: OutputFiles,
): void {
  registry.register(commandIds.outputOpen, 'Open output', async (argument) => {
    const chosen = await chosenOutput(core, lists, argument, 'Open which file?');
    const way = await askWay(chosen.file);
    if (way === 'download') await download(core, chosen);
    else if (way === 'follow') follow(core, chosen);
    else await look(files, chosen, way === 'all' ? mostBytes : beginningBytes);
  });
  registry.register(commandIds.outputDownload, 'Download output', async (argument) => {
    await download(core, await chosenOutput(core, lists, argument, 'Download which file?'));
  });
  registry.register(commandIds.outputFollow, 'Follow output', async (argument) => {
    follow(core, await chosenOutput(core, lists, argument, 'Follow which file?'));
  });
  registry.register(commandIds.runRefreshOutputs, 'Refresh outputs', async (argument) => {
    const run = await chosenRun(core, argument, 'The files of which run?', hasOutputs);
    await lists.refresh(run.id);
  });
}

export function hasOutputs({ plan }: RunView): boolean {
  return plan.outputs.length > 0;
}

/** The file of a row, or the one that the person picks. */
async function chosenOutput(
  core: Core,
  lists: OutputLists,
  argument: unknown,
  question: string,
): Promise<Chosen> {
  const run = await chosenRun(core, argument, 'A file of which run?', hasOutputs);
  const [host, path] = [argumentField(argument, 'host'), argumentField(argument, 'path')];
  const isMeant = (file: OutputFile): boolean => file.host === host && file.path === path;
  const known = lists.known(run.id)?.files.find(isMeant);
  if (known !== undefined) return { run, file: known };
  const { files, silent } = await withProgress(`Files of ${runTitle(run)}`, (progress) => {
    progress('asking its hosts');
    return lists.refresh(run.id);
  });
  if (path !== undefined) {
    const file = files.find(isMeant);
    if (file !== undefined) return { run, file };
    throw new RankwiseError('outputs.gone', `${path} is not on ${host ?? 'that host'} any more`);
  }
  if (files.length === 0) {
    const why = silent.map((one) => `${one.host}: ${one.reason}`).join(' · ');
    throw new RankwiseError(
      'vscode.noOutputs',
      why === '' ? `no file matches ${run.plan.outputs.join(', ')} below ${run.plan.workdir}` : why,
    );
  }
  const now = systemClock.now();
  const items = files.map((file) => ({
    label: `$(file) ${file.path}`,
    description: `${file.host} · ${outputFacts(file, now)}`,
    value: file,
  }));
  return { run, file: await pick(question, items) };
}

/** @throws Cancelled */
async function askWay({ path, bytes }: OutputFile): Promise<Way> {
  if (bytes <= largeBytes) return 'all';
  const size = formatBytes(bytes);
  const all = [
    {
      label: '$(go-to-file) Open All of It',
      description: `reads ${size} into the editor`,
      value: 'all' as const,
    },
  ];
  return pick<Way>(`${splitPath(path).name} is large: ${size}`, [
    ...(bytes <= mostBytes ? all : []),
    {
      label: '$(eye) Show Its Beginning',
      description: `the first ${formatBytes(beginningBytes)}`,
      value: 'beginning',
    },
    { label: '$(output) Follow', description: 'its end, and what is added', value: 'follow' },
    {
      label: '$(desktop-download) Download…',
      description: 'to this machine, compared with the host afterwards',
      value: 'download',
    },
  ]);
}

async function look(files: OutputFiles, { run, file }: Chosen, most: number): Promise<void> {
  const { host, path } = file;
  await withProgress(`Opening ${splitPath(path).name}`, (progress, signal) => {
    progress(`reading it on ${host}`);
    return files.show({ run: run.id, host, path, most }, signal);
  });
}

async function download(core: Core, { run, file }: Chosen): Promise<void> {
  const { name } = splitPath(file.path);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: `Download ${name}`,
    saveLabel: 'Download',
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (target === undefined) throw new Cancelled();
  const { bytes } = await withProgress(`Downloading ${name}`, (progress, signal) =>
    core.outputs.download(run.id, file, target.fsPath, {
      onProgress: (done) =>
        progress(`${formatPercent(done / Math.max(1, file.bytes, done))} of ${formatBytes(file.bytes)}`),
      signal,
    }),
  );
  void offerToOpen(target, `${name} (${formatBytes(bytes)}) is at ${target.fsPath}.`);
}

async function offerToOpen(target: vscode.Uri, message: string): Promise<void> {
  const choice = await vscode.window.showInformationMessage(plainMessage(message), 'Open');
  if (choice === 'Open') await vscode.commands.executeCommand('vscode.open', target);
}

function follow(core: Core, { run, file }: Chosen): void {
  const terminal = vscode.window.createTerminal({
    name: `${splitPath(file.path).name} · ${runTitle(run)}`,
    pty: new OutputTerminal(core, run.id, file),
    iconPath: new vscode.ThemeIcon('output'),
    isTransient: true,
  });
  terminal.show();
}
