import type * as vscode from 'vscode';
import type { Core } from '../../core';
import { launchRow } from '../text/launchText';
import { toTreeItem, type TreeNode } from './treeNode';

/** A launch of `rankwise.yaml`. */
export class LaunchNode implements TreeNode {
  readonly id: string;

  constructor(
    private readonly core: Core,
    readonly launch: string,
  ) {
    this.id = `launch:${launch}`;
  }

  item(): vscode.TreeItem {
    const config = this.core.config.current;
    const launch = config?.launches.find(({ name }) => name === this.launch);
    const row =
      config === undefined || launch === undefined
        ? { label: this.launch, description: '', tooltip: '', icon: { id: 'rocket' } }
        : launchRow(launch, config);
    return toTreeItem(this.id, row);
  }

  children(): TreeNode[] {
    return [];
  }
}
