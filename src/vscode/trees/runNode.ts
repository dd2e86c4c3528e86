import * as vscode from 'vscode';
import { systemClock } from '../../base/clock';
import type { Core } from '../../core';
import { commandIds } from '../ids';
import type { OutputLists } from '../outputs/outputLists';
import type { RunSummaries } from '../runSummaries';
import { isActive, runRow } from '../text/runText';
import { shownRun } from '../text/shownRun';
import { OutputsNode } from './outputsNode';
import { toTreeItem, type TreeNode } from './treeNode';
import { WorkerNode } from './workerNode';

/** A run with its workers and what it has produced; a click opens its dashboard. */
export class RunNode implements TreeNode {
  readonly id: string;

  constructor(
    private readonly core: Core,
    private readonly summaries: RunSummaries,
    private readonly outputs: OutputLists,
    readonly run: string,
  ) {
    this.id = runNodeId(run);
  }

  item(): vscode.TreeItem {
    const run = this.core.runs.get(this.run);
    if (run === undefined) return new vscode.TreeItem(this.run);
    const row = runRow(run, this.summaries.get(this.run), systemClock.now());
    const state =
      isActive(run.state) && run.group === undefined
        ? vscode.TreeItemCollapsibleState.Expanded
        : vscode.TreeItemCollapsibleState.Collapsed;
    const item = toTreeItem(this.id, row, state);
    item.command = {
      command: commandIds.runOpenDashboard,
      title: 'Open Dashboard',
      arguments: [{ run: this.run }],
    };
    return item;
  }

  children(): TreeNode[] {
    const run = this.core.runs.get(this.run);
    if (run === undefined) return [];
    const { workers } = shownRun(run, this.summaries.get(this.run)?.identities ?? new Map());
    return [
      ...(run.plan.outputs.length === 0 ? [] : [new OutputsNode(this.core, this.outputs, this.run)]),
      ...workers.map(({ id }) => new WorkerNode(this.core, this.summaries, this.run, id)),
    ];
  }
}

export function runNodeId(run: string): string {
  return `run:${run}`;
}
