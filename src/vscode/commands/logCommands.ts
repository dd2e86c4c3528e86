import * as vscode from 'vscode';
import type { Core } from '../../core';
import type { RunView } from '../../runs/model';
import { commandIds } from '../ids';
import { LogTerminal } from '../logs/logTerminal';
import { runTitle } from '../text/runText';
import { workerTitle } from '../text/workerText';
import { argumentField } from './argumentField';
import type { CommandRegistry } from './commandRegistry';
import { pick } from './pickers';
import { chosenRun } from './runCommands';

/** Show Logs…: all workers mixed with their tags, or one as it is. */
export function registerLogCommands(registry: CommandRegistry, core: Core): void {
  registry.registerAnywhere(commandIds.runShowLogs, 'Show logs', async (argument) => {
    const run = await chosenRun(core, argument, 'The logs of which run?');
    const worker = argumentField(argument, 'worker');
    const sources = worker === undefined ? await pick('Which worker?', logChoices(run)) : [worker];
    showLogs(core, run, sources);
  });
}

/** @param sources workers' ids, or `host/launcher` */
function showLogs(core: Core, run: RunView, sources: readonly string[]): void {
  const [only] = sources;
  const name = sources.length === 1 && only !== undefined ? `${runTitle(run)} ${only}` : runTitle(run);
  const terminal = vscode.window.createTerminal({
    name,
    pty: new LogTerminal(core, run, sources),
    iconPath: new vscode.ThemeIcon('output'),
    isTransient: true,
  });
  terminal.show();
}

/** The logs a run writes: its workers' and, where there is one, the launcher's own. */
function allLogs(run: RunView): string[] {
  const launchers = run.plan.processes.filter(({ role }) => role === 'launcher');
  return [...run.workers.map(({ id }) => id), ...launchers.map(({ host, id }) => `${host}/${id}`)];
}

function logChoices(run: RunView): (vscode.QuickPickItem & { value: string[] })[] {
  const workers = new Set(run.workers.map(({ id }) => id));
  return [
    { label: '$(list-flat) All, mixed', description: 'each line with [rank host]', value: allLogs(run) },
    ...run.workers.map((worker) => ({
      label: `$(output) ${workerTitle(worker)}`,
      description: `${worker.id} · ${worker.logBytes.toLocaleString('en-US')} bytes`,
      value: [worker.id],
    })),
    ...allLogs(run)
      .filter((id) => !workers.has(id))
      .map((id) => ({ label: '$(output) launcher', description: id, value: [id] })),
  ];
}
