import * as vscode from 'vscode';
import { Cancelled, RankwiseError } from '../../base/errors';
import type { Core } from '../../core';
import type { RunView } from '../../runs/model';
import { count } from '../../text/format';
import { commandIds } from '../ids';
import type { OutputLists } from '../outputs/outputLists';
import type { OpenTensorBoard, TensorBoards } from '../outputs/tensorBoards';
import { eventPlaces, type EventPlace } from '../text/eventFiles';
import { runTitle } from '../text/runText';
import { withProgress } from '../withProgress';
import type { CommandRegistry } from './commandRegistry';
import { pick } from './pickers';
import { chosenRun } from './runCommands';

/** Open TensorBoard… on the host that has the event files, and the way to end it before the window does. */
export function registerTensorBoardCommands(
  registry: CommandRegistry,
  core: Core,
  lists: OutputLists,
  boards: TensorBoards,
): void {
  registry.register(commandIds.runOpenTensorBoard, 'Open TensorBoard', async (argument) => {
    const run = await chosenRun(core, argument, 'TensorBoard of which run?');
    const { host, directory } = await chosenPlace(run, lists);
    const board = await withProgress(`TensorBoard on ${host}`, (progress, signal) => {
      progress('starting; this takes some seconds');
      return boards.open(run.id, host, directory, signal);
    });
    void offer(run, board, boards);
    await openInBrowser(board);
  });
  registry.register(commandIds.runStopTensorBoard, 'Stop TensorBoard', async () => {
    if (boards.all.length === 0) throw new RankwiseError('vscode.noTensorBoard', 'no TensorBoard is open');
    const board = await pick(
      'Stop which TensorBoard?',
      boards.all.map((value) => {
        const run = core.runs.get(value.run);
        const label = `$(graph) ${run === undefined ? value.run : runTitle(run)}`;
        return { label, description: `${value.directory} on ${value.host}`, value };
      }),
    );
    boards.close(board);
    void vscode.window.showInformationMessage(`TensorBoard on ${board.host} is stopped.`);
  });
}

/** Where the event files are that `outputs:` names; where it names none, the person says. @throws Cancelled */
async function chosenPlace(
  run: RunView,
  lists: OutputLists,
): Promise<Pick<EventPlace, 'host' | 'directory'>> {
  const { files } =
    run.plan.outputs.length === 0
      ? { files: [] }
      : await withProgress(`Event files of ${runTitle(run)}`, (progress) => {
          progress('asking its hosts');
          return lists.refresh(run.id);
        });
  const places = eventPlaces(files);
  if (places.length > 0) {
    const items = places.map((value) => ({
      label: `$(vm) ${value.host}`,
      description: `${value.directory} · ${count(value.files, 'event file')}`,
      value,
    }));
    return pick('The event files of which host?', items);
  }
  const hosts = run.plan.hosts.map(({ name }) => ({ label: `$(vm) ${name}`, value: name }));
  const host = await pick('On which host are the event files?', hosts);
  const directory = await vscode.window.showInputBox({
    title: `Directory of the event files on ${host}`,
    prompt: `Below ${run.plan.workdir}. With it in outputs: of the launch you are not asked.`,
    value: 'runs',
    validateInput: (text) => (text.trim() === '' ? 'A directory, or . for the workdir itself.' : undefined),
  });
  if (directory === undefined) throw new Cancelled();
  return { host, directory: directory.trim().replace(/\/+$/, '') };
}

async function offer(run: RunView, board: OpenTensorBoard, boards: TensorBoards): Promise<void> {
  const [browser, stop] = ['Open in Browser', 'Stop'];
  const text = `TensorBoard of ${runTitle(run)} (${board.directory} on ${board.host}) is at http://127.0.0.1:${board.localPort} while this window is open.`;
  const choice = await vscode.window.showInformationMessage(text, browser, stop);
  if (choice === browser) await openInBrowser(board);
  if (choice === stop) boards.close(board);
}

/** Where the window is on another machine than the extension, VS Code passes the port on. */
async function openInBrowser({ localPort }: OpenTensorBoard): Promise<void> {
  const uri = await vscode.env.asExternalUri(vscode.Uri.parse(`http://127.0.0.1:${localPort}/`));
  await vscode.env.openExternal(uri);
}
