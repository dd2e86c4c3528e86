import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Core } from '../../core';
import type { ConfigFinder } from '../config/configFinder';
import { viewIds } from '../ids';
import { launchProblems } from '../text/problemSplit';
import { LaunchNode } from './launchNode';
import { NodeTree } from './nodeTree';
import { ProblemNode } from './problemNode';
import type { TreeNode } from './treeNode';

/** The view "Launches": it follows `rankwise.yaml` as it is edited. */
export class LaunchesView implements Disposable {
  private readonly store = new DisposableStore();

  constructor(
    private readonly core: Core,
    private readonly finder: ConfigFinder,
  ) {
    const tree = this.store.add(new NodeTree(() => this.roots()));
    const view = this.store.add(vscode.window.createTreeView(viewIds.launches, { treeDataProvider: tree }));
    const update = (): void => {
      setMessage(view, finder.message);
      tree.refresh();
    };
    this.store.add(core.config.onDidChange(update));
    this.store.add(finder.onDidChangeMessage(update));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(update));
    setMessage(view, finder.message);
  }

  dispose(): void {
    this.store.dispose();
  }

  private async roots(): Promise<TreeNode[]> {
    await this.finder.ready;
    const config = this.core.config.current;
    if (config === undefined || !vscode.workspace.isTrusted) return [];
    return [
      ...config.launches.map(({ name }) => new LaunchNode(this.core, name)),
      ...launchProblems(config).map((problem) => new ProblemNode(problem)),
    ];
  }
}

/** Shows or hides the line above a view's rows. */
function setMessage(view: vscode.TreeView<TreeNode>, message: string | undefined): void {
  if (message === undefined) delete view.message;
  else view.message = message;
}
