import * as vscode from 'vscode';
import type { Core } from '../../core';
import type { RunSummaries } from '../runSummaries';
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
    const run = this.core.runs.get(this.run);
    const worker = run?.workers.find(({ id }) => id === this.worker);
    if (run === undefined || worker === undefined) return new vscode.TreeItem(this.worker);
    const summary = this.summaries.get(this.run)?.workers.get(this.worker);
    return toTreeItem(this.id, workerRow(run, worker, summary));
  }

  children(): TreeNode[] {
    return [];
  }
}
