import * as vscode from 'vscode';
import type { ClusterModel } from '../../config/model';
import type { Core, HostStatus } from '../../core';
import { clusterRow } from '../text/clusterText';
import { groupHosts } from '../text/hostGroups';
import { HostGroupNode } from './hostGroupNode';
import { HostNode } from './hostNode';
import { toTreeItem, type TreeNode } from './treeNode';

/** A cluster with its hosts. */
export class ClusterNode implements TreeNode {
  readonly id: string;

  constructor(
    private readonly core: Core,
    readonly cluster: string,
    private readonly checkedAt: (cluster: string) => number | undefined,
  ) {
    this.id = clusterNodeId(cluster);
  }

  item(): vscode.TreeItem {
    const model = this.model();
    if (model === undefined) return new vscode.TreeItem(this.cluster);
    const state = model.practice
      ? vscode.TreeItemCollapsibleState.Expanded
      : vscode.TreeItemCollapsibleState.Collapsed;
    return toTreeItem(this.id, clusterRow(model, this.status, this.checkedAt(this.cluster)), state);
  }

  children(): TreeNode[] {
    const hosts = this.model()?.hosts ?? [];
    const groups = groupHosts(hosts, this.status);
    return groups === undefined
      ? hosts.map(({ name }) => new HostNode(this.core, this.cluster, name))
      : groups.map(({ key }) => new HostGroupNode(this.core, this.cluster, key));
  }

  private readonly status = (host: string): HostStatus => this.core.clusters.status(this.cluster, host);

  private model(): ClusterModel | undefined {
    return this.core.config.current?.clusters.find(({ name }) => name === this.cluster);
  }
}

export function clusterNodeId(cluster: string): string {
  return `cluster:${cluster}`;
}
