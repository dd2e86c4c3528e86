import type { Hostfile } from './hostfile';
import type { ClusterModel, LaunchModel, LauncherName, MpirunOptions } from './model';
import { openMpiName, openMpiNameProblem } from './openMpiNames';
import type { Entry } from './parseRankwise';
import type { LaunchSpec } from './schema';
import { textEntries, textItems } from './yamlPath';

/** What a launch has that says nothing of it. */
export const optionDefaults: Omit<
  LaunchModel,
  | 'name'
  | 'cluster'
  | 'launcher'
  | 'command'
  | 'np'
  | 'env'
  | 'files'
  | 'onWorkerExit'
  | 'stop'
  | 'mpirun'
  | 'source'
  | 'range'
> = {
  nodes: undefined,
  gpus: undefined,
  checkout: undefined,
  setupScript: undefined,
  joinSeconds: 120,
  skipChecks: [],
  params: {},
  presets: {},
  matrix: undefined,
  repeat: 1,
  parallel: 1,
  metrics: [],
  config: undefined,
  outputs: [],
  packages: [],
  resume: undefined,
  horovodrun: { controller: 'gloo', interface: undefined, args: [] },
  torchrun: { program: 'torchrun', rendezvous: 'static', minNodes: undefined, maxRestarts: 0, args: [] },
  deepspeed: { args: [] },
  accelerate: { args: [] },
  mxnet: {
    servers: undefined,
    launchPy: undefined,
    tracker: 'ssh',
    syncDstDir: undefined,
    interface: undefined,
    args: [],
  },
  ray: {
    address: undefined,
    mode: 'driver',
    numCpus: undefined,
    numGpus: undefined,
    joinSeconds: 120,
    headArgs: [],
    nodeArgs: [],
  },
  slurm: {
    script: undefined,
    partition: undefined,
    account: undefined,
    qos: undefined,
    constraint: undefined,
    time: undefined,
    mem: undefined,
    gres: undefined,
    cpusPerTask: undefined,
    ntasksPerNode: undefined,
    array: undefined,
    dependency: undefined,
    after: [],
    requeue: undefined,
    exclusive: undefined,
    args: [],
    srun: [],
  },
  ssh: { per: 'slot', service: undefined },
};

/** The model of a launch without an error of its own. */
export function launchModel(file: string, entry: Entry<LaunchSpec> & { spec: LaunchSpec }): LaunchModel {
  const { spec, value } = entry;
  return {
    name: entry.name,
    cluster: spec.cluster,
    launcher: spec.launcher,
    command: typeof spec.command === 'string' ? spec.command : textItems(value, ['command']),
    np: spec.np,
    env: textEntries(value, ['env']),
    files: spec.files,
    onWorkerExit: spec.onWorkerExit,
    stop: spec.stop,
    ...optionDefaults,
    mpirun: {
      mca: textEntries(value, ['mpirun', 'mca']),
      x: spec.mpirun.x,
      bindTo: spec.mpirun.bindTo,
      mapBy: spec.mpirun.mapBy,
      args: textItems(value, ['mpirun', 'args']),
    },
    source: file,
    range: entry.range,
  };
}

/** Why a launch cannot run on its cluster, with the key it is about; undefined when it can. */
export function clusterMisfit(
  launch: LaunchModel,
  cluster: ClusterModel,
  hostfile: Hostfile | undefined,
): { code: string; key: 'cluster' | 'np'; message: string } | undefined {
  const first = hostfile?.problems(launch.launcher).find(({ severity }) => severity === 'error');
  if (first !== undefined) {
    const line = first.range.start.line + 1;
    const message = `${launch.launcher} cannot use the hostfile of \`${cluster.name}\` (${cluster.hostfile?.path ?? ''}, line ${line}): ${first.message}`;
    return { code: 'rankwise.hostfileErrors', key: 'cluster', message };
  }
  if (launch.launcher === 'mpirun' && hostfile === undefined) {
    const misfit = openMpiMisfit(cluster);
    if (misfit !== undefined) return { code: 'rankwise.hostForMpirun', key: 'cluster', message: misfit };
  }
  const slots = slotsFor(launch.launcher, cluster);
  if (launch.np === undefined || slots === undefined || launch.np <= slots) return undefined;
  if (launch.launcher === 'mpirun' && hasOwnPlacement(launch.mpirun)) return undefined;
  const remedy =
    launch.launcher === 'mpirun'
      ? ', add slots, or allow more with `mpirun: { args: [--oversubscribe] }`'
      : ' or add slots';
  const message = `np is ${launch.np}, but the hosts of \`${cluster.name}\` have ${slots} ${slots === 1 ? 'slot' : 'slots'}. Lower np${remedy}.`;
  return { code: 'rankwise.tooManyProcesses', key: 'np', message };
}

/** Inline hosts become a hostfile for Open MPI, which must be able to tell them apart. */
function openMpiMisfit(cluster: ClusterModel): string | undefined {
  const names = new Map<string, string>();
  for (const { peer, source } of cluster.hosts) {
    const at = `Host ${peer} of \`${cluster.name}\` (line ${source.line + 1})`;
    const problem = openMpiNameProblem(peer);
    if (problem !== undefined) return `${at}: ${problem} Give another name or address as its \`peer\`.`;
    const short = openMpiName(peer);
    const other = names.get(short);
    if (other !== undefined)
      return `${at}: Open MPI takes it and ${other} for one host. Give an address as its \`peer\`.`;
    names.set(short, peer);
  }
  return undefined;
}

/** Undefined where only the hosts can say: no hosts yet, or Open MPI counting cores. */
function slotsFor(launcher: LauncherName, { hosts }: ClusterModel): number | undefined {
  if (hosts.length === 0) return undefined;
  if (launcher === 'ssh') return hosts.reduce((sum, { slots }) => sum + (slots ?? 1), 0);
  return hosts.reduce<number | undefined>(
    (sum, { slots }) => (sum === undefined || slots === undefined ? undefined : sum + slots),
    0,
  );
}

/** Whether the user's own options decide how many processes fit. */
function hasOwnPlacement({ args, mapBy, mca }: MpirunOptions): boolean {
  return (
    args.some((arg) => /^--?(?:oversubscribe|hostfile|machinefile|default-hostfile|host|H)$/.test(arg)) ||
    [mapBy ?? '', ...args].some((text) => /:(?:.*,)?oversubscribe/i.test(text)) ||
    'rmaps_base_oversubscribe' in mca
  );
}
