import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import type { TreeNode } from './treeNode';

/** The thin provider behind all three views: it remembers the rows VS Code knows, so that one of them can be refreshed. */
export class NodeTree implements vscode.TreeDataProvider<TreeNode>, Disposable {
  private readonly changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly known = new Map<string, TreeNode>();
  private readonly childIds = new Map<string, readonly string[]>();

  /**
   * @param roots may wait for the first load; VS Code shows its progress bar meanwhile.
   * @param onHover a tooltip is about to show; a refresh of its row would take it away.
   */
  constructor(
    private readonly roots: () => Promise<TreeNode[]> | TreeNode[],
    private readonly onHover: () => void = () => undefined,
  ) {}

  /** Without its tooltip: VS Code asks for it when the pointer rests on the row. */
  getTreeItem(node: TreeNode): vscode.TreeItem {
    const item = node.item();
    delete item.tooltip;
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    this.onHover();
    item.tooltip = node.item().tooltip;
    return item;
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    const children = node === undefined ? await this.roots() : await node.children();
    return this.remember(node?.id ?? '', children);
  }

  /** Shows one row and what is below it anew, or, without an id, everything. A row that is not shown is nothing to do. */
  refresh(id?: string): void {
    if (id === undefined) {
      this.changed.fire(undefined);
      return;
    }
    const node = this.known.get(id);
    if (node !== undefined) this.changed.fire(node);
  }

  dispose(): void {
    this.changed.dispose();
  }

  /** VS Code refreshes by object: the first object of an id stays, and rows that went away are forgotten. */
  private remember(parent: string, children: readonly TreeNode[]): TreeNode[] {
    const ids = children.map(({ id }) => id);
    for (const id of this.childIds.get(parent) ?? []) if (!ids.includes(id)) this.forget(id);
    this.childIds.set(parent, ids);
    return children.map((child) => {
      const first = this.known.get(child.id);
      if (first !== undefined) return first;
      this.known.set(child.id, child);
      return child;
    });
  }

  private forget(id: string): void {
    for (const child of this.childIds.get(id) ?? []) this.forget(child);
    this.childIds.delete(id);
    this.known.delete(id);
  }
}
