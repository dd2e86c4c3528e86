import { RankwiseError } from './base/errors';
import { readRemoteHostfile, refuseUnfitHostfile } from './cluster/remoteHostfile';
import { hostfileReader } from './config/hostfile/reading';
import type { ClusterModel, LaunchModel } from './config/model';
import type { Range } from './config/problem';
import type { Progress } from './core';
import type { CoreConfig } from './coreConfig';
import { applyParameters } from './launch/parameters';
import { expandTrials, isGroup } from './launch/trials';
import type { PracticeClient } from './practice/practiceClient';
import { skippingChecks, valuesOf, type LaunchOptions } from './runs/launchOptions';
import { resumed } from './runs/leaves/checkpoint';
import type { RunView } from './runs/model';
import type { RunManager } from './runs/runManager';
import type { GroupManager } from './runs/trials/groupManager';
import type { GroupView } from './runs/trials/groupView';
import type { SshPool } from './ssh/connection';

interface Found {
  launch: LaunchModel;
  cluster: ClusterModel;
}

/** From the name of a launch and what a person chose to a run, or to a group of runs. */
export class CoreTrials {
  constructor(
    private readonly config: CoreConfig,
    private readonly practice: PracticeClient,
    private readonly ssh: SshPool,
    private readonly runs: RunManager,
  ) {}

  /** @throws RankwiseError `launch.isGroup` for a launch with a matrix or repeats. */
  async launch(
    name: string,
    options: LaunchOptions,
    progress: Progress,
    signal?: AbortSignal,
  ): Promise<RunView> {
    const found = findLaunch(this.config, name);
    if (isGroup(found.launch)) {
      throw new RankwiseError('launch.isGroup', `launch "${name}" is a group of runs, not one`, {
        nextStep: 'Start it as a group.',
      });
    }
    // What a person mistyped is told before anything is started or asked.
    applyParameters(found.launch, valuesOf(found.launch, options));
    const { launch, cluster } = await this.prepare(name, progress, signal);
    const filled = applyParameters(skippingChecks(launch, options.skipChecks), valuesOf(launch, options));
    const wanted =
      options.resume === true ? await resumed(this.ssh, filled, cluster, progress, signal) : filled;
    return this.runs.launch(wanted, cluster, { name: options.name }, progress, signal);
  }

  /** The launch for a preview: with what a person chose, and of a group its first trial. */
  chosen(name: string, options: LaunchOptions = {}): Found {
    const { launch, cluster } = findLaunch(this.config, name);
    const values = valuesOf(launch, options);
    if (Object.keys(values).length === 0) return { launch, cluster };
    const [first] = isGroup(launch) ? expandTrials(launch) : [];
    return { launch: applyParameters(launch, values, first), cluster };
  }

  /** @throws RankwiseError as {@link GroupManager.start} */
  async start(
    groups: GroupManager,
    name: string,
    options: LaunchOptions,
    progress: Progress,
    signal?: AbortSignal,
  ): Promise<GroupView> {
    if (options.resume === true) {
      throw new RankwiseError(
        'launch.resumesGroup',
        `launch "${name}" is a group: it has no one checkpoint`,
        {
          nextStep: 'Start it anew, or run the trials that failed again.',
        },
      );
    }
    const { launch, cluster } = await this.prepare(name, progress, signal);
    return groups.start(launch, cluster, options, progress, signal);
  }

  /** The hosts of the practice cluster are others after each start of it. */
  async clusterNow(cluster: ClusterModel): Promise<ClusterModel> {
    if (!cluster.practice) return cluster;
    if (this.practice.state.kind !== 'running') await this.practice.start();
    const now = new Map(this.practice.hosts().map((host) => [host.name, host]));
    return { ...cluster, hosts: cluster.hosts.map((host) => ({ ...host, ...now.get(host.name) })) };
  }

  /** Finds the launch when everything that its cluster's hosts depend on is there. */
  private async prepare(name: string, progress: Progress, signal: AbortSignal | undefined): Promise<Found> {
    const { config, practice, ssh } = this;
    const { launch, cluster } = findLaunch(config, name);
    if (cluster.practice && practice.state.kind !== 'running') {
      progress('Starting the practice cluster');
      await practice.start();
      await config.refresh();
    }
    if (cluster.remoteHostfile !== undefined) {
      progress(`Reading ${cluster.remoteHostfile} on the head`);
      await config.setRemoteHostfile(cluster, await readRemoteHostfile(ssh, cluster, signal));
    }
    const fresh = findLaunch(config, name);
    refuseUnfitHostfile(fresh.cluster, hostfileReader(launch));
    return fresh;
  }
}

/** @throws RankwiseError naming the file and line that stand in the way of the launch. */
export function findLaunch(config: CoreConfig, name: string): Found {
  const model = config.current;
  const launch = model?.launches.find((entry) => entry.name === name);
  const cluster = model?.clusters.find((entry) => entry.name === launch?.cluster);
  if (launch !== undefined && cluster !== undefined) return { launch, cluster };
  const broken = model?.broken?.find((entry) => entry.kind === 'launch' && entry.name === name);
  if (model !== undefined && broken !== undefined) {
    const problem = model.problems.find(
      ({ file, severity, range }) =>
        file === model.file && severity === 'error' && isWithin(range, broken.range),
    );
    const line = (problem?.range ?? broken.range).start.line + 1;
    const reason = problem?.message ?? 'it has an error';
    throw new RankwiseError(
      'launch.broken',
      `launch "${name}" cannot run: ${reason} (${model.file}:${line})`,
    );
  }
  const names = model?.launches.map((entry) => entry.name) ?? [];
  const file = model?.file ?? 'rankwise.yaml';
  throw new RankwiseError('launch.unknown', `there is no launch "${name}" in ${file}`, {
    nextStep: names.length === 0 ? 'Add it there.' : `There are: ${names.join(', ')}.`,
  });
}

function isWithin(inner: Range, outer: Range): boolean {
  return inner.start.line >= outer.start.line && inner.end.line <= outer.end.line;
}
