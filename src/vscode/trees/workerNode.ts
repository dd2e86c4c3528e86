import * as vscode from 'vscode';
import type { Core } from '../../core';
import type { RunSummaries } from '../runSummaries';
import { shownRun } from '../text/shownRun';
import { workerRow } from '../text/workerText';
import { toTreeItem, type TreeNode } from './treeNode';

/** A worker of a run. */
export class WorkerNode implements TreeNode {
  readonly id: string;

  constructor(
    private readonly core: Core,
    private readonly summaries: RunSummaries,
    readonly run: string,
    readonly worker: string,
  ) {
    this.id = `worker:${run}:${worker}`;
  }

  item(): vscode.TreeItem {
    const view = this.core.runs.get(this.run);
    const summary = this.summaries.get(this.run);
    const run = view && shownRun(view, summary?.identities ?? new Map());
    const worker = run?.workers.find(({ id }) => id === this.worker);
    if (run === undefined || worker === undefined) return new vscode.TreeItem(this.worker);
    return toTreeItem(this.id, workerRow(run, worker, summary?.workers.get(this.worker)));
  }

  children(): TreeNode[] {
    return [];
  }
}
