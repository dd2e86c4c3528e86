import type * as vscode from 'vscode';
import type { Core } from '../../core';
import { practiceRow } from '../text/clusterText';
import { toTreeItem, type TreeNode } from './treeNode';

/** The practice cluster while no cluster of the config stands for it. */
export class PracticeNode implements TreeNode {
  readonly id = 'practice';

  constructor(private readonly core: Core) {}

  item(): vscode.TreeItem {
    return toTreeItem(this.id, practiceRow(this.core.practice.state));
  }

  children(): TreeNode[] {
    return [];
  }
}
