import * as vscode from 'vscode';
import type { SlurmClusterView } from '../../cluster/slurm/readSlurmCluster';
import type { Core } from '../../core';
import type { Row } from '../text/row';
import { jobRow, jobsRow, partitionRow, slurmRow } from '../text/slurmText';
import { clusterNodeId } from './clusterNode';
import { toTreeItem, type TreeNode } from './treeNode';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** A Slurm cluster: its partitions, and my jobs. */
export class SlurmNode implements TreeNode {
  readonly id: string;

  constructor(
    private readonly core: Core,
    readonly cluster: string,
  ) {
    this.id = clusterNodeId(cluster);
  }

  item(): vscode.TreeItem {
    const model = this.core.config.current?.clusters.find(({ name }) => name === this.cluster);
    const row = slurmRow(this.cluster, model?.slurm?.login.name ?? '', this.core.slurm.status(this.cluster));
    return toTreeItem(this.id, row, Collapsed);
  }

  children(): TreeNode[] {
    const view = this.view();
    if (view === undefined) return [];
    const partitions = view.partitions.map(({ name }) =>
      this.row(`partition:${name}`, () => {
        const partition = this.view()?.partitions.find((one) => one.name === name);
        return partition && partitionRow(partition);
      }),
    );
    const jobs = (): TreeNode[] => (this.view()?.jobs ?? []).map(({ id }) => this.job(id));
    // With and without jobs it is another row: one that could not be opened before would stay closed.
    const key = view.jobs.length === 0 ? 'noJobs' : 'jobs';
    return [...partitions, this.row(key, () => jobsRow(this.view()?.jobs ?? []), jobs)];
  }

  private view(): SlurmClusterView | undefined {
    return this.core.slurm.status(this.cluster).view;
  }

  private job(id: string): TreeNode {
    return this.row(`job:${id}`, () => {
      const job = this.view()?.jobs.find((one) => one.id === id);
      return job && jobRow(job);
    });
  }

  private row(key: string, row: () => Row | undefined, children: () => TreeNode[] = () => []): TreeNode {
    const id = `slurm:${this.cluster}:${key}`;
    const item = (): vscode.TreeItem => {
      const shown = row();
      const state = key === 'jobs' && children().length > 0 ? Expanded : None;
      return shown === undefined ? new vscode.TreeItem(key) : toTreeItem(id, shown, state);
    };
    return { id, item, children };
  }
}
