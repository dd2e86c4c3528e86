import * as vscode from 'vscode';
import type { Core } from '../../core';
import { count } from '../../text/format';
import { groupHosts, type HostGroup } from '../text/hostGroups';
import { HostNode } from './hostNode';
import { toTreeItem, type TreeNode } from './treeNode';

/** Some of the hosts of a large cluster. */
export class HostGroupNode implements TreeNode {
  readonly id: string;

  constructor(
    private readonly core: Core,
    private readonly cluster: string,
    private readonly key: string,
  ) {
    this.id = `group:${cluster}:${key}`;
  }

  item(): vscode.TreeItem {
    const group = this.group();
    const description = count(group?.hosts.length ?? 0, 'host');
    return toTreeItem(
      this.id,
      {
        label: group?.label ?? this.key,
        description,
        tooltip: description,
        icon: this.key === 'unreachable' ? { id: 'error', color: 'list.errorForeground' } : { id: 'layers' },
      },
      vscode.TreeItemCollapsibleState.Collapsed,
    );
  }

  children(): TreeNode[] {
    return (this.group()?.hosts ?? []).map(({ name }) => new HostNode(this.core, this.cluster, name));
  }

  private group(): HostGroup | undefined {
    const hosts = this.core.config.current?.clusters.find(({ name }) => name === this.cluster)?.hosts ?? [];
    const groups = groupHosts(hosts, (host) => this.core.clusters.status(this.cluster, host));
    return groups?.find(({ key }) => key === this.key);
  }
}
