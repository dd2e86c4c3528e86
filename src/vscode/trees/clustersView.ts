import * as vscode from 'vscode';
import { systemClock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Logger } from '../../base/logger';
import type { Core } from '../../core';
import type { ConfigFinder } from '../config/configFinder';
import { viewIds } from '../ids';
import { KeyedThrottle } from '../../base/keyedThrottle';
import { clusterProblems } from '../text/problemSplit';
import { ClusterNode, clusterNodeId } from './clusterNode';
import { NodeTree } from './nodeTree';
import { PracticeNode } from './practiceNode';
import { QueuePolling } from './queuePolling';
import { SlurmNode } from './slurmNode';
import { ProblemNode } from './problemNode';
import type { TreeNode } from './treeNode';

/** Answers of many hosts come in bursts. */
const refreshIntervalMs = 200;

/** The view "Clusters". A cluster is asked when it is opened for the first time, the practice cluster once it runs. */
export class ClustersView implements Disposable {
  private readonly store = new DisposableStore();
  private readonly tree: NodeTree;
  private readonly view: vscode.TreeView<TreeNode>;
  private readonly queues: QueuePolling;
  /** When the last check of a cluster was complete, in milliseconds since the epoch. */
  private readonly checkedAt = new Map<string, number>();

  constructor(
    private readonly core: Core,
    private readonly finder: ConfigFinder,
    private readonly logger: Logger,
  ) {
    this.tree = this.store.add(new NodeTree(() => this.roots()));
    this.view = this.store.add(
      vscode.window.createTreeView(viewIds.clusters, { treeDataProvider: this.tree, showCollapseAll: true }),
    );
    const changes = this.store.add(
      new KeyedThrottle(refreshIntervalMs, (clusters) => {
        for (const cluster of clusters) this.tree.refresh(clusterNodeId(cluster));
      }),
    );
    const refreshAll = (): void => {
      this.tree.refresh();
      this.checkPractice();
    };
    this.store.add(
      core.clusters.onDidChange(({ cluster }) => {
        this.noteAnswer(cluster);
        changes.changed(cluster);
      }),
    );
    this.store.add(core.config.onDidChange(refreshAll));
    this.store.add(core.practice.onDidChange(refreshAll));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(refreshAll));
    this.queues = this.store.add(new QueuePolling(core, () => this.view.visible));
    this.store.add(
      this.view.onDidChangeVisibility(() => {
        this.checkPractice();
        this.queues.look();
      }),
    );
    this.store.add(
      this.view.onDidExpandElement(({ element }) => {
        if (element instanceof ClusterNode) this.checkFirst(element.cluster);
        if (element instanceof SlurmNode) this.queues.open(element.cluster);
      }),
    );
    this.store.add(
      this.view.onDidCollapseElement(({ element }) => {
        if (element instanceof SlurmNode) this.queues.close(element.cluster);
      }),
    );
    this.store.add(core.slurm.onDidChange(({ cluster }) => changes.changed(cluster)));
    this.checkPractice();
  }

  dispose(): void {
    this.store.dispose();
  }

  private async roots(): Promise<TreeNode[]> {
    await this.finder.ready;
    if (!vscode.workspace.isTrusted) return [];
    const config = this.core.config.current;
    const clusters = (config?.clusters ?? []).filter(({ practice, hosts }) => !practice || hosts.length > 0);
    const practiceShown = clusters.some(({ practice }) => practice);
    return [
      ...clusters.map(({ name, slurm }) =>
        slurm === undefined
          ? new ClusterNode(this.core, name, (cluster) => this.checkedAt.get(cluster))
          : new SlurmNode(this.core, name),
      ),
      ...(this.core.practice.state.kind === 'stopped' || practiceShown ? [] : [new PracticeNode(this.core)]),
      ...(config === undefined ? [] : clusterProblems(config)).map((problem) => new ProblemNode(problem)),
    ];
  }

  private noteAnswer(cluster: string): void {
    const hosts = this.core.config.current?.clusters.find(({ name }) => name === cluster)?.hosts ?? [];
    const open = hosts.some(({ name }) =>
      ['unknown', 'checking'].includes(this.core.clusters.status(cluster, name).kind),
    );
    if (!open) this.checkedAt.set(cluster, systemClock.now());
  }

  /** Practice hosts are of our own making, so nobody has to ask for the first check. */
  private checkPractice(): void {
    if (!this.view.visible || this.core.practice.state.kind !== 'running') return;
    for (const { name, practice } of this.core.config.current?.clusters ?? []) {
      if (practice) this.checkFirst(name);
    }
  }

  /** Checks a cluster none of whose hosts was asked yet. */
  private checkFirst(cluster: string): void {
    const hosts = this.core.config.current?.clusters.find(({ name }) => name === cluster)?.hosts ?? [];
    const asked = hosts.some(({ name }) => this.core.clusters.status(cluster, name).kind !== 'unknown');
    if (asked || hosts.length === 0 || !vscode.workspace.isTrusted) return;
    this.core.clusters
      .check(cluster)
      .catch((error: unknown) => this.logger.error(`check of cluster ${cluster} failed`, error));
  }
}
