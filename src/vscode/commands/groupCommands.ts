import * as vscode from 'vscode';
import { Cancelled, RankwiseError } from '../../base/errors';
import type { Core } from '../../core';
import { comparisonText } from '../../metrics/tableText';
import type { TableFormat } from '../../metrics/writeTable';
import type { RunView } from '../../runs/model';
import type { GroupView } from '../../runs/trials/groupView';
import { count } from '../../text/format';
import { commandIds } from '../ids';
import { countsText, groupTitle } from '../text/groupText';
import { isActive, runTitle } from '../text/runText';
import { withProgress } from '../withProgress';
import { argumentField } from './argumentField';
import type { CommandRegistry } from './commandRegistry';
import { pick } from './pickers';

/** Groups of trials: stop, retry what failed, compare. Compare Runs… takes any runs. */
export function registerGroupCommands(registry: CommandRegistry, core: Core): void {
  registry.register(commandIds.groupStop, 'Stop group', async (argument) => {
    const group = await chosenGroup(core, argument, 'Which group to stop?', ({ isOver }) => !isOver);
    const { unproven } = await withProgress(`Stopping ${groupTitle(group)}`, (progress, signal) =>
      core.groups.stop(group.id, progress, signal),
    );
    if (unproven.length === 0) {
      void vscode.window.showInformationMessage(
        `${groupTitle(group)} is stopped: nothing waits, and no process of it is left.`,
      );
      return;
    }
    const hosts = unproven.map(({ host, reason }) => `${host} (${reason})`).join(', ');
    throw new RankwiseError('vscode.unproven', `it could not be proven that nothing is left on ${hosts}`, {
      nextStep: 'Stop it again once those hosts can be reached.',
    });
  });
  registry.register(commandIds.groupRetryFailed, 'Retry failed trials', async (argument) => {
    const failed = ({ counts }: GroupView): boolean => counts.failed > 0;
    const group = await chosenGroup(core, argument, 'The failed trials of which group?', failed);
    await core.groups.retryFailed(group.id);
    void vscode.window.showInformationMessage(
      `${count(group.counts.failed, 'failed trial')} of ${groupTitle(group)} ${group.counts.failed === 1 ? 'is' : 'are'} in the queue again.`,
    );
  });
  registry.registerAnywhere(commandIds.groupCompare, 'Compare', async (argument) => {
    const group = await groupToCompare(core, argument);
    await show(core, groupTitle(group), [group.id]);
  });
  registry.registerAnywhere(commandIds.groupCopyComparison, 'Copy comparison', async (argument) => {
    const group = await groupToCompare(core, argument);
    const format = await pick<TableFormat>('Copy the comparison as', [
      { label: 'CSV', value: 'csv' },
      { label: 'LaTeX', value: 'latex' },
      { label: 'Markdown', value: 'markdown' },
    ]);
    await vscode.env.clipboard.writeText(await table(core, [group.id], format));
    void vscode.window.showInformationMessage(`The comparison of ${groupTitle(group)} is copied.`);
  });
  registry.registerAnywhere(commandIds.runCompare, 'Compare runs', async () => {
    const runs = await pickRuns(core);
    await show(
      core,
      'runs',
      runs.map(({ id }) => id),
    );
  });
}

function groupToCompare(core: Core, argument: unknown): Promise<GroupView> {
  const hasDone = ({ counts }: GroupView): boolean => counts.done > 0;
  return chosenGroup(core, argument, 'The trials of which group?', hasDone);
}

async function show(core: Core, title: string, ids: readonly string[]): Promise<void> {
  const content = `# Comparison of ${title}\n\n${await table(core, ids, 'markdown')}`;
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document);
}

/** @param ids of runs, or of a group, whose trials that ended well are compared. */
async function table(core: Core, ids: readonly string[], format: TableFormat): Promise<string> {
  return withProgress('Comparing runs', async (progress) => {
    progress('reading their logs');
    return comparisonText(await core.compare(ids), format);
  });
}

async function pickRuns(core: Core): Promise<RunView[]> {
  const ended = core.runs.all.filter(({ state }) => !isActive(state));
  const items = ended
    .toSorted((a, b) => b.startedAt - a.startedAt)
    .map((run) => ({ label: runTitle(run), description: run.group?.label ?? run.plan.cluster, run }));
  const placeHolder = 'Which runs? The first chosen of the list is what the others are measured by';
  const chosen = await vscode.window.showQuickPick(items, { canPickMany: true, placeHolder });
  if (chosen === undefined || chosen.length === 0) throw new Cancelled();
  return chosen.map(({ run }) => run).toSorted((a, b) => a.startedAt - b.startedAt);
}

async function chosenGroup(
  core: Core,
  argument: unknown,
  question: string,
  wanted: (group: GroupView) => boolean,
): Promise<GroupView> {
  const id = argumentField(argument, 'group');
  const groups = core.groups.all.filter((group) => wanted(group) && (id === undefined || group.id === id));
  if (groups.length === 0) throw new RankwiseError('vscode.noGroups', 'there is no such group of trials');
  return pick(
    question,
    groups.map((group) => ({
      label: `$(layers) ${groupTitle(group)}`,
      description: countsText(group),
      value: group,
    })),
  );
}
