import * as vscode from 'vscode';
import type { Core } from '../../core';
import type { RunView } from '../../runs/model';
import { commandIds } from '../ids';
import { LogTerminal } from '../logs/logTerminal';
import { formatBytes } from '../../text/format';
import { runTitle } from '../text/runText';
import { workerTitle } from '../text/shownRun';
import { argumentField } from './argumentField';
import type { CommandRegistry } from './commandRegistry';
import { pick } from './pickers';
import { chosenRun } from './runCommands';

/** Show Logs…: all workers mixed with their tags, or one as it is. */
export function registerLogCommands(registry: CommandRegistry, core: Core): void {
  registry.registerAnywhere(commandIds.runShowLogs, 'Show logs', async (argument) => {
    const run = await chosenRun(core, argument, 'The logs of which run?');
    const worker = argumentField(argument, 'worker');
    const sources =
      worker === undefined ? await pick('Which worker?', logChoices(run)) : [await logOf(core, run, worker)];
    showLogs(core, run, sources);
  });
}

/** A worker that only tags name has its lines in the log of its launcher. */
async function logOf(core: Core, run: RunView, worker: string): Promise<string> {
  if (allLogs(run).includes(worker)) return worker;
  const metrics = await core.openMetrics(run.id);
  try {
    return metrics.metrics(worker)?.identity?.log ?? worker;
  } finally {
    metrics.dispose();
  }
}

/** @param sources workers' ids, or `host/launcher` */
function showLogs(core: Core, run: RunView, sources: readonly string[]): void {
  const terminal = vscode.window.createTerminal({
    name: `${logName(run, sources)} · ${runTitle(run)}`,
    pty: new LogTerminal(core, run, sources),
    iconPath: new vscode.ThemeIcon('output'),
    isTransient: true,
  });
  terminal.show();
}

/** What differs stands first: a tab shows no more than the beginning. */
function logName(run: RunView, sources: readonly string[]): string {
  if (sources.length !== 1) return 'all';
  const worker = run.workers.find(({ id }) => id === sources[0]);
  const process = sources[0]?.slice(sources[0].lastIndexOf('/') + 1);
  return worker === undefined ? (process ?? 'launcher') : workerTitle(worker);
}

/** The logs a run writes: its workers', and those of launchers and services (a Ray head, a parameter server). */
function allLogs(run: RunView): string[] {
  const workers = run.workers.map(({ id }) => id);
  const others = run.plan.processes.map(({ host, id }) => `${host}/${id}`);
  return [...new Set([...workers, ...others])];
}

function logChoices(run: RunView): (vscode.QuickPickItem & { value: string[] })[] {
  const workers = new Set(run.workers.map(({ id }) => id));
  return [
    { label: '$(list-flat) All, mixed', description: 'each line with [rank host]', value: allLogs(run) },
    ...run.workers.map((worker) => ({
      label: `$(output) ${workerTitle(worker)}`,
      description: `${worker.id} · ${formatBytes(worker.logBytes)}`,
      value: [worker.id],
    })),
    ...allLogs(run)
      .filter((id) => !workers.has(id))
      .map((id) => ({
        label: `$(output) ${id.slice(id.lastIndexOf('/') + 1)}`,
        description: id,
        value: [id],
      })),
  ];
}
