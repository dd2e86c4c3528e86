import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Core } from '../../core';
import { viewIds } from '../ids';
import { KeyedThrottle } from '../../base/keyedThrottle';
import { QueueWatch } from '../queueWatch';
import type { OutputLists } from '../outputs/outputLists';
import type { RunSummaries } from '../runSummaries';
import { count } from '../../text/format';
import { isActive } from '../text/runText';
import { GroupNode, groupNodeId } from './groupNode';
import { NodeTree } from './nodeTree';
import { outputsNodeId } from './outputsNode';
import { RunNode, runNodeId } from './runNode';
import type { TreeNode } from './treeNode';

/** Points come up to ten times a second; a row is read, not watched. Also the pace of the elapsed time. */
const refreshIntervalMs = 2000;

const readingMs = 10_000;

const groupPrefix = groupNodeId('');

/** The view "Runs": newest first, with a badge for those that are active. */
export class RunsView implements Disposable {
  private readonly store = new DisposableStore();
  private readonly tree: NodeTree;
  private readonly view: vscode.TreeView<TreeNode>;
  private readonly changes: KeyedThrottle;
  private readonly queues: QueueWatch;
  /** Until then somebody reads a tooltip, which a refresh would take away: new numbers wait, new states do not. */
  private readUntil = 0;
  /** Ids in the order shown: a run that came or went refreshes the root, everything else one row. */
  private shown = '';
  /** State and contact of each run as last seen: a change of those is shown at once. */
  private readonly states = new Map<string, string>();

  constructor(
    private readonly core: Core,
    private readonly summaries: RunSummaries,
    private readonly outputs: OutputLists,
  ) {
    this.tree = this.store.add(
      new NodeTree(
        () => this.roots(),
        () => (this.readUntil = performance.now() + readingMs),
      ),
    );
    this.view = this.store.add(
      vscode.window.createTreeView(viewIds.runs, { treeDataProvider: this.tree, showCollapseAll: true }),
    );
    this.changes = this.store.add(
      new KeyedThrottle(refreshIntervalMs, (runs) => {
        if (performance.now() < this.readUntil) {
          for (const run of runs) this.changes.changed(run);
          return;
        }
        for (const id of runs) this.tree.refresh(id.startsWith(groupPrefix) ? id : runNodeId(id));
        this.tick();
      }),
    );
    this.store.add(core.runs.onDidChange(({ run }) => this.runChanged(run)));
    this.store.add(core.groups.onDidChange(({ group }) => this.groupChanged(group)));
    this.store.add(outputs.onDidChange(({ run }) => this.tree.refresh(outputsNodeId(run))));
    this.store.add(summaries.onDidChange(({ run }) => this.rowChanged(run)));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.trusted()));
    this.store.add(this.view.onDidChangeVisibility(() => this.visibilityChanged()));
    this.queues = this.store.add(new QueueWatch(core));
    this.showBadge();
    this.visibilityChanged();
  }

  dispose(): void {
    this.store.dispose();
  }

  private roots(): TreeNode[] {
    if (!vscode.workspace.isTrusted) return [];
    this.shown = this.key();
    const groups = this.core.groups.all.map(({ id, queuedAt }) => ({
      at: queuedAt,
      node: new GroupNode(this.core, this.summaries, this.outputs, id),
    }));
    const alone = this.core.runs.all
      .filter(({ group }) => group === undefined || this.core.groups.get(group.id) === undefined)
      .map(({ id, startedAt }) => ({
        at: startedAt,
        node: new RunNode(this.core, this.summaries, this.outputs, id),
      }));
    return [...groups, ...alone].toSorted((a, b) => b.at - a.at).map(({ node }) => node);
  }

  private key(): string {
    return [...this.core.groups.all, ...this.core.runs.all].map(({ id }) => id).join(' ');
  }

  private runChanged(run: string): void {
    this.showBadge();
    const view = this.core.runs.get(run);
    const state = JSON.stringify([view?.state, view?.contact]);
    const sameState = this.states.get(run) === state;
    this.states.set(run, state);
    if (this.key() !== this.shown) this.tree.refresh();
    else if (sameState) this.rowChanged(run);
    else this.tree.refresh(runNodeId(run));
  }

  private groupChanged(group: string): void {
    if (this.key() !== this.shown) this.tree.refresh();
    else this.rowChanged(groupNodeId(group));
  }

  private rowChanged(run: string): void {
    if (this.view.visible) this.changes.changed(run);
  }

  private visibilityChanged(): void {
    this.summaries.setVisible(this, this.view.visible);
    this.queues.setVisible(this.view.visible);
    if (!this.view.visible) return;
    this.tree.refresh();
    this.tick();
  }

  /** Keeps the elapsed time of active runs moving while somebody sees it. */
  private tick(): void {
    if (!this.view.visible) return;
    for (const { id, state } of this.core.runs.all) if (isActive(state)) this.changes.changed(id);
  }

  private trusted(): void {
    this.showBadge();
    this.tree.refresh();
  }

  /** Until the workspace is trusted no host is asked, so what runs is not known. */
  private showBadge(): void {
    const runs = vscode.workspace.isTrusted ? this.core.runs.all : [];
    const active = runs.filter(({ state }) => isActive(state)).length;
    this.view.badge = active === 0 ? undefined : { value: active, tooltip: count(active, 'active run') };
  }
}
