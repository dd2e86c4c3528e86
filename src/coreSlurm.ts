import { describeError, RankwiseError } from './base/errors';
import { Emitter } from './base/emitter';
import { readSiteFacts } from './cluster/slurm/readSiteFacts';
import { readSlurmCluster, type SlurmClusterView } from './cluster/slurm/readSlurmCluster';
import { testSlurmScript, type SlurmTest } from './cluster/slurm/testSlurmScript';
import type { ClusterModel } from './config/model';
import type { SiteFacts } from './config/sbatch/siteFacts';
import type { Progress } from './core';
import type { CoreConfig } from './coreConfig';
import { ownScriptLaunch } from './launch/slurmOwnScript';
import type { RunView } from './runs/model';
import type { RunManager } from './runs/runManager';
import type { SshPool } from './ssh/connection';

/** What is known of a Slurm cluster now. What was seen stays while it is asked again, and when it does not answer. */
export interface SlurmStatus {
  asking: boolean;
  view: SlurmClusterView | undefined;
  /** When `view` was read, in milliseconds since the epoch. */
  at: number | undefined;
  /** What the site has, as it was when a connection first asked; undefined where that was not answered. */
  site: SiteFacts | undefined;
  /** Why the last question had no answer. */
  failure: { reason: string; code: string } | undefined;
}

const unknown: SlurmStatus = {
  asking: false,
  view: undefined,
  at: undefined,
  site: undefined,
  failure: undefined,
};

/** Partitions and my jobs, by cluster; one question at a time for each. */
export class CoreSlurm {
  private readonly statuses = new Map<string, SlurmStatus>();
  private readonly asked = new Map<string, Promise<void>>();
  private readonly changed = new Emitter<{ cluster: string }>();
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly config: CoreConfig,
    private readonly runs: RunManager,
    private readonly ssh: SshPool,
  ) {}

  status(cluster: string): SlurmStatus {
    return this.statuses.get(cluster) ?? unknown;
  }

  /**
   * Asks the controller. Never throws: a failure is a status.
   * @param interactive a person is there and may be asked for a password
   */
  ask(cluster: string, interactive: boolean, signal?: AbortSignal): Promise<void> {
    const running = this.asked.get(cluster);
    if (running !== undefined) return running;
    const asking = this.askNow(cluster, interactive, signal).finally(() => this.asked.delete(cluster));
    this.asked.set(cluster, asking);
    return asking;
  }

  /**
   * Submits an sbatch script of the workspace as it is.
   * @param path absolute @throws RankwiseError `slurm.noLogin`, and as a launch
   */
  async submit(cluster: string, path: string, progress: Progress, signal?: AbortSignal): Promise<RunView> {
    const model = this.find(cluster);
    return this.runs.launch(ownScriptLaunch(model, path), model, {}, progress, signal);
  }

  /**
   * Asks the real controller whether it would take an sbatch script; nothing is submitted.
   * @throws RankwiseError as {@link testSlurmScript}
   */
  test(cluster: string, text: string, signal?: AbortSignal): Promise<SlurmTest> {
    return testSlurmScript(this.ssh, this.find(cluster), text, signal);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private async askNow(cluster: string, interactive: boolean, signal?: AbortSignal): Promise<void> {
    const before = this.status(cluster);
    this.set(cluster, { ...before, asking: true });
    try {
      const model = this.find(cluster);
      const login = model.slurm?.login.target;
      if (interactive && login !== undefined) await this.ssh.connect(login, signal, { interactive });
      const view = await readSlurmCluster(this.ssh, model, signal);
      const answered = { asking: false, view, at: Date.now(), failure: undefined };
      this.set(cluster, { ...answered, site: before.site });
      // It seldom changes: asked once, and again when a person asks. Without it there are fewer checks and completions.
      if (before.site !== undefined && !interactive) return;
      const site = await readSiteFacts(this.ssh, model, signal).catch(() => before.site);
      this.set(cluster, { ...answered, site });
    } catch (error) {
      const code = error instanceof RankwiseError ? error.code : 'slurm.unknown';
      const failure = signal?.aborted === true ? before.failure : { reason: describeError(error), code };
      this.set(cluster, { ...before, asking: false, failure });
    }
  }

  private find(name: string): ClusterModel {
    const cluster = this.config.current?.clusters.find((one) => one.name === name);
    if (cluster?.slurm !== undefined) return cluster;
    throw new RankwiseError('slurm.noLogin', `there is no Slurm cluster "${name}" in the config`, {
      nextStep: 'Give it a `login:` in rankwise.yaml.',
    });
  }

  private set(cluster: string, status: SlurmStatus): void {
    this.statuses.set(cluster, status);
    this.changed.fire({ cluster });
  }
}
