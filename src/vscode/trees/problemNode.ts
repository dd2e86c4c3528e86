import { basename } from 'node:path';
import type * as vscode from 'vscode';
import { openCommand } from '../sourceLocation';
import { problemRow } from '../text/launchText';
import type { ProblemEntry } from '../text/problemSplit';
import { toTreeItem, type TreeNode } from './treeNode';

/** An error in a config file; a click opens the line. */
export class ProblemNode implements TreeNode {
  readonly id: string;

  constructor(private readonly entry: ProblemEntry) {
    const { file, range, code, message } = entry.problem;
    const { line, character } = range.start;
    this.id = `problem:${entry.name ?? ''}:${file}:${line}:${character}:${code}:${message}`;
  }

  item(): vscode.TreeItem {
    const item = toTreeItem(this.id, problemRow(this.entry, basename(this.entry.problem.file)));
    item.command = openCommand(this.entry.problem.file, this.entry.problem.range);
    return item;
  }

  children(): TreeNode[] {
    return [];
  }
}
