import type * as vscode from 'vscode';
import type { Core } from '../../core';
import { commandIds } from '../ids';
import { launchRow } from '../text/launchText';
import { toTreeItem, type TreeNode } from './treeNode';

/** A launch of `rankwise.yaml`; a click opens its line. */
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
    const item = toTreeItem(this.id, row);
    item.command = {
      command: commandIds.launchOpenSource,
      title: 'Open in rankwise.yaml',
      arguments: [{ launch: this.launch }],
    };
    return item;
  }

  children(): TreeNode[] {
    return [];
  }
}
