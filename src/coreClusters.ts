import { describeError, RankwiseError } from './base/errors';
import { Emitter } from './base/emitter';
import { askHost } from './cluster/hostFacts';
import { readRemoteHostfile } from './cluster/remoteHostfile';
import type { ClusterModel, HostModel } from './config/model';
import type { HostStatus } from './core';
import { clusterMachines } from './launch/machines';
import type { CoreConfig } from './coreConfig';
import { findRuns } from './runs/findRuns';
import type { RunManager } from './runs/runManager';
import type { SshPool } from './ssh/connection';

/** What is known of the hosts now, by cluster and host name. */
export class CoreClusters {
  private readonly statuses = new Map<string, HostStatus>();
  private readonly changed = new Emitter<{ cluster: string }>();
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly config: CoreConfig,
    private readonly runs: RunManager,
    private readonly ssh: SshPool,
  ) {}

  status(cluster: string, host: string): HostStatus {
    return this.statuses.get(key(cluster, host)) ?? { kind: 'unknown' };
  }

  async check(cluster: string, signal?: AbortSignal): Promise<void> {
    if (!(await this.readHostfile(cluster, signal))) return;
    const model = this.find(cluster);
    await this.checkHosts(cluster, model === undefined ? [] : clusterMachines(model), signal);
    // Runs that wait for one of these hosts need not wait any longer.
    this.runs.attachAll();
  }

  async checkHost(cluster: string, host: string, signal?: AbortSignal): Promise<void> {
    const model = this.find(cluster);
    const hosts = model === undefined ? [] : clusterMachines(model).filter(({ name }) => name === host);
    await this.checkHosts(cluster, hosts, signal);
    this.runs.attachAll();
  }

  private async checkHosts(
    cluster: string,
    hosts: readonly HostModel[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const model = this.find(cluster);
    const all = model === undefined ? hosts : clusterMachines(model);
    await Promise.all(
      hosts.map(async (host) => {
        this.set(cluster, host.name, { kind: 'checking' });
        this.set(cluster, host.name, await this.ask(host, all, signal));
      }),
    );
  }

  private find(cluster: string): ClusterModel | undefined {
    return this.config.current?.clusters.find(({ name }) => name === cluster);
  }

  /** A hostfile on the head is read anew. @returns false where it cannot be: the head's row says why. */
  private async readHostfile(cluster: string, signal: AbortSignal | undefined): Promise<boolean> {
    const model = this.find(cluster);
    if (model?.remoteHostfile === undefined) return true;
    try {
      await this.config.setRemoteHostfile(model, await readRemoteHostfile(this.ssh, model, signal));
      return true;
    } catch (error) {
      const code = error instanceof RankwiseError ? error.code : 'cluster.hostfileUnreadable';
      const { head } = model;
      if (head !== undefined)
        this.set(cluster, head.name, { kind: 'unreachable', reason: describeError(error), code });
      return false;
    }
  }

  dispose(): void {
    this.changed.dispose();
  }

  private async ask(
    host: HostModel,
    cluster: readonly HostModel[],
    signal: AbortSignal | undefined,
  ): Promise<HostStatus> {
    try {
      const connection = await this.ssh.connect(host.target, signal, { interactive: true });
      const asked = performance.now();
      const { cores, gpus, load } = await askHost(connection, undefined, signal);
      const latencyMs = performance.now() - asked;
      const found = await findRuns(connection, cluster, (run) => this.runs.get(run) !== undefined, signal);
      this.runs.adopt(found);
      return { kind: 'reachable', cores, gpus, load, latencyMs };
    } catch (error) {
      if (signal?.aborted === true) return { kind: 'unknown' };
      const code = error instanceof RankwiseError ? error.code : 'ssh.unknown';
      return { kind: 'unreachable', reason: describeError(error), code };
    }
  }

  private set(cluster: string, host: string, status: HostStatus): void {
    this.statuses.set(key(cluster, host), status);
    this.changed.fire({ cluster });
  }
}

function key(cluster: string, host: string): string {
  return `${cluster}\n${host}`;
}
