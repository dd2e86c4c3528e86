import * as vscode from 'vscode';
import { systemClock } from '../../base/clock';
import type { Core } from '../../core';
import type { OutputLists } from '../outputs/outputLists';
import type { RunSummaries } from '../runSummaries';
import { groupRow, trialRow } from '../text/groupText';
import { RunNode } from './runNode';
import { toTreeItem, type TreeNode } from './treeNode';

/** A group of trials: those that have run are runs, the others wait or could not start. */
export class GroupNode implements TreeNode {
  readonly id: string;

  constructor(
    private readonly core: Core,
    private readonly summaries: RunSummaries,
    private readonly outputs: OutputLists,
    readonly group: string,
  ) {
    this.id = groupNodeId(group);
  }

  item(): vscode.TreeItem {
    const group = this.core.groups.get(this.group);
    if (group === undefined) return new vscode.TreeItem(this.group);
    const state = group.isOver
      ? vscode.TreeItemCollapsibleState.Collapsed
      : vscode.TreeItemCollapsibleState.Expanded;
    return toTreeItem(this.id, groupRow(group, systemClock.now()), state);
  }

  children(): TreeNode[] {
    const trials = this.core.groups.get(this.group)?.trials ?? [];
    return trials.map((trial): TreeNode => {
      if (trial.view !== undefined)
        return new RunNode(this.core, this.summaries, this.outputs, trial.view.id);
      return new TrialNode(this.core, this.group, trial.id);
    });
  }
}

class TrialNode implements TreeNode {
  readonly id: string;

  constructor(
    private readonly core: Core,
    readonly group: string,
    private readonly trial: string,
  ) {
    this.id = `trial:${group}:${trial}`;
  }

  item(): vscode.TreeItem {
    const trials = this.core.groups.get(this.group)?.trials ?? [];
    const trial = trials.find(({ id }) => id === this.trial);
    return trial === undefined ? new vscode.TreeItem(this.trial) : toTreeItem(this.id, trialRow(trial));
  }

  children(): TreeNode[] {
    return [];
  }
}

export function groupNodeId(group: string): string {
  return `group:${group}`;
}
