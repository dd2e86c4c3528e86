import { DisposableStore } from './base/disposable';
import { RankwiseError } from './base/errors';
import type { Logger } from './base/logger';
import type { Core } from './core';
import { CoreClusters } from './coreClusters';
import { compare, comparedRuns, epochs } from './coreCompare';
import { CoreConfig } from './coreConfig';
import { CoreKeys } from './coreKeys';
import { CoreMetrics } from './coreMetrics';
import { CoreSlurm } from './coreSlurm';
import { CoreTensorBoard } from './coreTensorBoard';
import { CoreOutputs } from './coreOutputs';
import { CoreTrials } from './coreTrials';
import { planLaunch } from './launch/planLaunch';
import { withStandIns } from './launch/standInHosts';
import { PracticeClient } from './practice/practiceClient';
import { completePlan } from './runs/completePlan';
import { defaultKeepRuns, type KeepRuns } from './runs/leaves/cleanRuns';
import { RunManager } from './runs/runManager';
import { ownScriptOf } from './runs/slurm/ownScript';
import type { SecretSource } from './runs/secrets';
import { GroupManager } from './runs/trials/groupManager';
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
  /** Whether git may look at the workspace, which a person has to trust for that. Default: it may not. */
  mayRunGit?: () => boolean;
  /** Whether a `rankwise.yaml` may name hostfiles outside of its folder, as those of a shared file system. Default: it may. */
  mayReadOutside?: () => boolean;
  /** How long ended runs are kept. Default: see {@link defaultKeepRuns}. */
  keepRuns?: () => KeepRuns;
}

/** Composes the rooms. Everything is made here and disposed in reverse. */
export function createCore(options: CoreOptions): Core {
  const { stateDir, extensionPath, ask, logger, secretOf, sshConfigFile } = options;
  const store = new DisposableStore();
  const ssh = store.add(createSshPool({ ask, logger, configFile: sshConfigFile }));
  const practice = store.add(new PracticeClient({ stateDir, extensionPath, logger }));
  const config = store.add(new CoreConfig(practice, options.mayReadOutside));
  const runs = store.add(new RunManager(stateDir, ssh, logger, secretOf, options.mayRunGit));
  const trials = new CoreTrials(config, practice, ssh, runs);
  const clusterNow = trials.clusterNow.bind(trials);
  const groups = store.add(new GroupManager(stateDir, runs, ssh, clusterNow, logger));
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
      caughtUp: (id, timeoutMs) => runs.caughtUp(id, timeoutMs),
      launch: (name, options, progress, signal) => trials.launch(name, options, progress, signal),
      endedWhileAway: () => runs.endedWhileAway(),
      clean: async () => {
        await runs.clean(options.keepRuns?.() ?? defaultKeepRuns);
        groups.forgetEmpty();
      },
      record: (id) => runs.recordOf(id),
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
    groups: {
      get all() {
        return groups.all;
      },
      get: (id) => groups.get(id),
      onDidChange: groups.onDidChange,
      start: (name, options, progress, signal) => trials.start(groups, name, options, progress, signal),
      stop: async (id, progress, signal) => ({ unproven: await groups.stop(id, progress, signal) }),
      retryFailed: (id) => groups.retryFailed(id),
      finished: (id, signal) => groups.finished(id, signal),
      resume: () => groups.resume(),
      remove: (id) => groups.remove(id),
    },
    outputs: new CoreOutputs(runs, ssh),
    tensorBoard: new CoreTensorBoard(config, runs, ssh),
    compare: (ids) => compare(metrics, comparedRuns(runs, groups, ids)),
    epochs: (id) => epochs(metrics, runs.require(id)),
    preview: (name, options) => {
      const { launch, cluster: known } = trials.chosen(name, options);
      const { cluster, notes } = withStandIns(launch, known);
      const spec = { run: '<run>', facts: undefined, launch, cluster, ...ownScriptOf(launch) };
      const plan = completePlan(planLaunch(spec));
      return { ...plan, notes: [...notes, ...plan.notes] };
    },
    slurm: store.add(new CoreSlurm(config, runs, ssh)),
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
    lookUp: (target, signal) => ssh.lookUp(target, signal),
    connect: (target, signal) => ssh.connect(target, signal, { interactive: true }),
    dispose: () => store.dispose(),
  };
}
