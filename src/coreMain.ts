import { DisposableStore } from './base/disposable';
import { RankwiseError } from './base/errors';
import type { Logger } from './base/logger';
import { readRemoteHostfile, refuseUnfitHostfile } from './cluster/remoteHostfile';
import type { ClusterModel, LaunchModel } from './config/model';
import type { Range } from './config/problem';
import type { Core } from './core';
import { CoreClusters } from './coreClusters';
import { CoreConfig } from './coreConfig';
import { CoreKeys } from './coreKeys';
import { CoreMetrics } from './coreMetrics';
import { planLaunch } from './launch/planLaunch';
import { PracticeClient } from './practice/practiceClient';
import { completePlan } from './runs/completePlan';
import { RunManager } from './runs/runManager';
import { ownScriptOf } from './runs/slurm/ownScript';
import type { SecretSource } from './runs/secrets';
import type { Ask } from './ssh/ask';
import { createSshPool } from './ssh/sshPool';

export interface CoreOptions {
  /** Directory of runs and caches, see {@link import('./base/stateDir').stateDir}. */
  stateDir: string;
  /** Directory that has `dist/` with the practice programs. */
  extensionPath: string;
  ask: Ask;
  logger: Logger;
  /** The value of `${secret:NAME}`; undefined where the person has stored none. */
  secretOf: SecretSource;
  /** OpenSSH configuration file instead of the user's (`ssh -F`); asked at every connect. */
  sshConfigFile: () => string | undefined;
}

/** Composes the rooms. Everything is made here and disposed in reverse. */
export function createCore(options: CoreOptions): Core {
  const { stateDir, extensionPath, ask, logger, secretOf, sshConfigFile } = options;
  const store = new DisposableStore();
  const ssh = store.add(createSshPool({ ask, logger, configFile: sshConfigFile }));
  const practice = store.add(new PracticeClient({ stateDir, extensionPath, logger }));
  const config = store.add(new CoreConfig(practice));
  const runs = store.add(new RunManager(stateDir, ssh, logger, secretOf));
  const clusters = store.add(new CoreClusters(config, runs, ssh));
  const metrics = store.add(new CoreMetrics(logger));
  // A practice cluster that has ended took its hosts, and everything that ran on them, with it.
  const endLostRuns = (): void => {
    if (practice.state.kind !== 'stopped' && practice.state.kind !== 'running') return;
    const ports = new Set(practice.hosts().map(({ target }) => target.port));
    runs.endLost(({ isolated, port }) => isolated !== undefined && !ports.has(port));
  };
  store.add(
    practice.onDidChange(() => {
      endLostRuns();
      config.refresh().catch((error: unknown) => logger.error('rankwise.yaml cannot be read again', error));
    }),
  );
  void practice.refresh().then(endLostRuns);

  return {
    config,
    clusters,
    runs: {
      get all() {
        return runs.all;
      },
      get: (id) => runs.get(id)?.view,
      onDidChange: runs.onDidChange,
      attachAll: () => runs.attachAll(),
      watchQueues: () => runs.watchQueues(),
      caughtUp: (id, timeoutMs) => runs.require(id).caughtUp(timeoutMs),
      launch: async (name, progress, signal) => {
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
        refuseUnfitHostfile(fresh.cluster, launch.launcher);
        return runs.launch(launch, fresh.cluster, progress, signal);
      },
      stop: async (id, progress, signal) => ({
        unproven: await runs.stop(id, (step) => progress(step), signal),
      }),
      remove: (id) => runs.remove(id),
      logFile: (id, worker) => {
        const slash = worker.lastIndexOf('/');
        const mirror = runs.require(id).mirror(worker.slice(0, slash));
        if (mirror === undefined)
          throw new RankwiseError('run.unknownWorker', `run ${id} has no worker ${worker}`);
        return mirror.path(`${worker.slice(slash + 1)}.log`);
      },
    },
    preview: (name) => {
      const found = findLaunch(config, name);
      return completePlan(
        planLaunch({ run: '<run>', facts: undefined, ...found, ...ownScriptOf(found.launch) }),
      );
    },
    keys: new CoreKeys(config, ssh),
    openMetrics: (id) => metrics.of(runs.require(id)),
    practice: {
      get state() {
        return practice.state;
      },
      onDidChange: practice.onDidChange,
      start: () => practice.start(),
      stop: () => practice.stop(),
    },
    connect: (target, signal) => ssh.connect(target, signal, { interactive: true }),
    dispose: () => store.dispose(),
  };
}

/** @throws RankwiseError naming the file and line that stand in the way of the launch. */
function findLaunch(config: CoreConfig, name: string): { launch: LaunchModel; cluster: ClusterModel } {
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
  throw new RankwiseError('launch.unknown', `there is no launch "${name}"`, {
    nextStep: 'Add it to rankwise.yaml.',
  });
}

function isWithin(inner: Range, outer: Range): boolean {
  return inner.start.line >= outer.start.line && inner.end.line <= outer.end.line;
}
