import { basename, dirname, resolve } from 'node:path';
import type { HostModel } from '../config/model';
import { emptyPlan, type Plan, type StopStep } from './plan';
import { secretsOf, workdirOf, type LaunchSpec } from './spec';

/** The part of a plan that is the same for every launcher. */
export function planBase(
  spec: LaunchSpec,
  hosts: readonly HostModel[],
): Omit<Plan, 'files' | 'processes' | 'np' | 'workers' | 'notes'> {
  const { launch, cluster } = spec;
  return {
    ...emptyPlan,
    version: 1,
    run: spec.run,
    launch: launch.name,
    cluster: cluster.name,
    launcher: launch.launcher,
    hosts: hosts.map(({ name, target, peer }) => ({ name, target, peer })),
    sync: launch.files.map((file) => syncEntry(launch.source, file)),
    workdir: workdirOf(spec),
    stop: stopSteps(spec),
    onWorkerExit: launch.onWorkerExit,
    setupScripts: launch.setupScript === undefined ? [] : [syncEntry(launch.source, launch.setupScript)],
    checkout: launch.checkout,
    secrets: secretsOf(spec),
    outputs: launch.outputs,
    metrics: launch.metrics,
    joinSeconds: launch.joinSeconds,
  };
}

/** SIGINT first, so that a training can save; then SIGTERM; then SIGKILL, which needs no more than a moment. */
function stopSteps({ launch }: LaunchSpec): StopStep[] {
  return [
    { signal: 'INT', graceSeconds: launch.stop.interruptSeconds },
    { signal: 'TERM', graceSeconds: launch.stop.terminateSeconds },
    { signal: 'KILL', graceSeconds: 5 },
  ];
}

/** Files keep their path below the folder of rankwise.yaml; one from elsewhere arrives under its own name. */
function syncEntry(configFile: string, file: string): { local: string; remote: string } {
  const local = resolve(dirname(configFile), file);
  const below = file.startsWith('..') || resolve(file) === file ? basename(file) : file;
  return { local, remote: below.replaceAll('\\', '/').replace(/^\.\//, '') };
}
