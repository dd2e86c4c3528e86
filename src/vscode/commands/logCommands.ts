import * as vscode from 'vscode';
import type { Core } from '../../core';
import { logsOf, type RunView } from '../../runs/model';
import { commandIds } from '../ids';
import { LogTerminal, type TaggedLog } from '../logs/logTerminal';
import { optionsOfLog, storeOptions } from '../../metrics/storeOptions';
import { keyOf } from '../../metrics/workerLines';
import { formatBytes } from '../../text/format';
import { runTitle } from '../text/runText';
import { shownRun, workerTitle } from '../text/shownRun';
import { argumentField } from './argumentField';
import type { CommandRegistry } from './commandRegistry';
import { pick } from './pickers';
import { chosenRun } from './runCommands';

/** Show Logs…: all workers mixed with their tags, or one as it is. */
export function registerLogCommands(registry: CommandRegistry, core: Core): void {
  registry.registerAnywhere(commandIds.runShowLogs, 'Show logs', async (argument) => {
    const run = await chosenRun(core, argument, 'The logs of which run?');
    const worker = argumentField(argument, 'worker');
    const place = worker === undefined ? undefined : await placeOf(core, run, worker);
    const sources = place?.logs ?? (await pick('Which worker?', logChoices(run)));
    showLogs(core, run, sources, place?.title ?? logName(run, sources), place?.tagged);
  });
}

/** Where a worker's lines stand: in a log of its own, or among those of others; of one that no tag names (a lane), the whole log. */
async function placeOf(
  core: Core,
  run: RunView,
  worker: string,
): Promise<{ logs: string[]; title: string; tagged?: TaggedLog }> {
  if (logsOf(run).includes(worker)) return { logs: [worker], title: logName(run, [worker]) };
  const metrics = await core.openMetrics(run.id);
  try {
    const identity = metrics.metrics(worker)?.identity;
    if (identity === undefined) return { logs: [worker], title: worker };
    const shown = shownRun(run, new Map([[worker, identity]])).workers.find(({ id }) => id === worker);
    const title = shown === undefined ? worker : workerTitle(shown);
    const key = keyOf(identity);
    const options = optionsOfLog(storeOptions({ ...run.plan, metrics: [] }, run.workers), identity.log);
    const tagged = key === undefined || options === undefined ? {} : { tagged: { key, options } };
    return { logs: [identity.log], title, ...tagged };
  } finally {
    metrics.dispose();
  }
}

/** @param sources workers' ids, or `host/launcher` */
function showLogs(
  core: Core,
  run: RunView,
  sources: readonly string[],
  title: string,
  tagged: TaggedLog | undefined,
): void {
  const terminal = vscode.window.createTerminal({
    name: `${title} · ${runTitle(run)}`,
    pty: new LogTerminal(core, run, sources, tagged),
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

function logChoices(run: RunView): (vscode.QuickPickItem & { value: string[] })[] {
  const workers = new Set(run.workers.map(({ id }) => id));
  return [
    { label: '$(list-flat) All, mixed', description: 'each line with [rank host]', value: logsOf(run) },
    ...run.workers.map((worker) => ({
      label: `$(output) ${workerTitle(worker)}`,
      description: `${worker.id} · ${formatBytes(worker.logBytes)}`,
      value: [worker.id],
    })),
    ...logsOf(run)
      .filter((id) => !workers.has(id))
      .map((id) => ({
        label: `$(output) ${id.slice(id.lastIndexOf('/') + 1)}`,
        description: id,
        value: [id],
      })),
  ];
}
