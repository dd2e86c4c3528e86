import * as vscode from 'vscode';
import type { ClusterModel, HostModel } from '../../config/model';
import type { Core } from '../../core';
import { gpuRow, hostRow } from '../text/hostText';
import { toTreeItem, type TreeNode } from './treeNode';

/** A host of a cluster; its GPUs are below it once it was reached. */
export class HostNode implements TreeNode {
  readonly id: string;

  constructor(
    private readonly core: Core,
    readonly cluster: string,
    readonly host: string,
  ) {
    this.id = `host:${cluster}:${host}`;
  }

  /** The host as the config has it now; undefined once it was taken out. */
  model(): HostModel | undefined {
    return this.clusterModel()?.hosts.find(({ name }) => name === this.host);
  }

  item(): vscode.TreeItem {
    const model = this.model();
    if (model === undefined) return new vscode.TreeItem(this.host);
    const status = this.core.clusters.status(this.cluster, this.host);
    const state =
      status.kind === 'reachable' && status.gpus.length > 0
        ? vscode.TreeItemCollapsibleState.Collapsed
        : vscode.TreeItemCollapsibleState.None;
    return toTreeItem(this.id, hostRow(model, status, this.clusterModel()?.practice === true), state);
  }

  children(): TreeNode[] {
    const status = this.core.clusters.status(this.cluster, this.host);
    if (status.kind !== 'reachable') return [];
    return status.gpus.map((gpu) => {
      const id = `gpu:${this.cluster}:${this.host}:${gpu.index}`;
      return { id, item: () => toTreeItem(id, gpuRow(gpu)), children: () => [] };
    });
  }

  private clusterModel(): ClusterModel | undefined {
    return this.core.config.current?.clusters.find(({ name }) => name === this.cluster);
  }
}
