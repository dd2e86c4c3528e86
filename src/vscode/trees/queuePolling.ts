import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import type { Core } from '../../core';
import { settingIds } from '../ids';

/** Where cluster and setting say nothing: what sites bear. */
const defaultSeconds = 30;
const leastSeconds = 10;
const lookMs = 2000;

/** Asks Slurm again and again, only while somebody sees the rows of that cluster, one question at a time. */
export class QueuePolling implements Disposable {
  private readonly opened = new Set<string>();
  /** When each was last asked, in milliseconds of the performance clock. */
  private readonly askedAt = new Map<string, number>();
  private readonly timer = setInterval(() => this.look(), lookMs);

  constructor(
    private readonly core: Core,
    private readonly isVisible: () => boolean,
  ) {}

  /** The rows of the cluster are shown. */
  open(cluster: string): void {
    this.opened.add(cluster);
    this.look();
  }

  close(cluster: string): void {
    this.opened.delete(cluster);
  }

  /** Asks what is due. */
  look(): void {
    if (!this.isVisible() || !vscode.workspace.isTrusted) return;
    for (const cluster of this.opened) {
      const sinceMs = performance.now() - (this.askedAt.get(cluster) ?? -Infinity);
      if (this.core.slurm.status(cluster).asking || sinceMs < this.intervalMs(cluster)) continue;
      this.askedAt.set(cluster, performance.now());
      void this.core.slurm.ask(cluster, false);
    }
  }

  dispose(): void {
    clearInterval(this.timer);
  }

  /** The cluster's own `pollSeconds` is at least kept. */
  private intervalMs(cluster: string): number {
    const setting = vscode.workspace
      .getConfiguration()
      .get<number>(settingIds.slurmPollSeconds, defaultSeconds);
    const own = this.core.config.current?.clusters.find(({ name }) => name === cluster)?.slurm?.pollSeconds;
    return 1000 * Math.max(leastSeconds, setting, own ?? 0);
  }
}
