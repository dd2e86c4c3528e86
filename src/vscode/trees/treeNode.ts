import * as vscode from 'vscode';
import type { Row } from '../text/row';

/** A row of a tree. It holds keys and asks the store when it is shown, so that it never shows what was. */
export interface TreeNode {
  /** Stable and unique in its tree: selection and expansion survive a refresh. */
  readonly id: string;
  item(): vscode.TreeItem;
  /** VS Code shows its progress bar while it waits for them. */
  children(): TreeNode[] | Promise<TreeNode[]>;
}

/** Turns a row into what VS Code shows. */
export function toTreeItem(
  id: string,
  row: Row,
  collapsible: vscode.TreeItemCollapsibleState = vscode.TreeItemCollapsibleState.None,
): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, collapsible);
  item.id = id;
  item.description = row.description;
  item.tooltip = row.tooltip;
  // Without it a screen reader is given the tooltip, which does not name the row.
  item.accessibilityInformation = {
    label: [row.label, row.description].filter((text) => text !== '').join(', '),
  };
  item.iconPath = new vscode.ThemeIcon(
    row.icon.id,
    row.icon.color === undefined ? undefined : new vscode.ThemeColor(row.icon.color),
  );
  if (row.contextValue !== undefined) item.contextValue = row.contextValue;
  return item;
}
