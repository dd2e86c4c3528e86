import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import type { Core } from '../core';
import { count } from '../text/format';
import { commandIds, viewIds } from './ids';
import { plainMessage } from './plainMessage';
import { countsText, groupTitle } from './text/groupText';

/** Tells once when a group is over that was going on; its trials are not told one by one. */
export class GroupNotifications implements Disposable {
  private readonly active: Set<string>;
  private readonly subscription: Disposable;

  constructor(private readonly core: Pick<Core, 'groups'>) {
    this.active = new Set(core.groups.all.filter(({ isOver }) => !isOver).map(({ id }) => id));
    this.subscription = core.groups.onDidChange(({ group }) => void this.look(group));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async look(id: string): Promise<void> {
    const group = this.core.groups.get(id);
    if (group?.isOver === false) this.active.add(id);
    if (group?.isOver !== true || !this.active.delete(id)) return;
    const { failed, done, stopped } = group.counts;
    if (stopped > 0) return;
    const show = failed > 0 ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
    const [rows, compare] = ['Show', 'Compare'];
    const text = `All ${count(group.trials.length, 'trial')} of ${groupTitle(group)} are over: ${countsText(group)}.`;
    const choice = await show(plainMessage(text), rows, ...(done > 1 ? [compare] : []));
    if (choice === rows) await vscode.commands.executeCommand(`${viewIds.runs}.focus`);
    if (choice === compare) await vscode.commands.executeCommand(commandIds.groupCompare, { group: id });
  }
}
