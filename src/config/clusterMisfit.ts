import { hostfileRefusal } from './hostfile/hostfileRefusal';
import type { ClusterModel, HostModel, LaunchModel, MpirunOptions } from './model';
import { openMpiName, openMpiNameProblem } from './hostfile/openMpiNames';
import { hostfileReader } from './hostfile/reading';
import { shownPath } from './namedFiles';
import type { Path } from './yamlPath';

/** Why a launch cannot run on its cluster. */
export interface Misfit {
  code: string;
  /** The value it is about, below the launch. */
  path: Path;
  message: string;
}

/** The first reason why a launch cannot run on its cluster; undefined when it can, as far as the files say. */
export function clusterMisfit(launch: LaunchModel, cluster: ClusterModel): Misfit | undefined {
  return (
    kindMisfit(launch, cluster) ??
    hostfileMisfit(launch, cluster) ??
    resourceSets(launch)
      .map((resources) => resourceMisfit(launch, cluster, resources))
      .find((misfit) => misfit !== undefined)
  );
}

/** Ray runs on both kinds: on a Slurm cluster, inside an allocation. */
function kindMisfit({ launcher }: LaunchModel, cluster: ClusterModel): Misfit | undefined {
  const isSlurm = cluster.slurm !== undefined;
  if (cluster.practice || launcher === 'ray' || (launcher === 'slurm') === isSlurm) return undefined;
  const message = isSlurm
    ? `\`${cluster.name}\` is a Slurm cluster, where only slurm and ray can start processes. Write \`launcher: slurm\`; srun starts what ${launcher} would.`
    : `The launcher slurm needs a cluster with \`login:\`, but \`${cluster.name}\` has hosts. Choose another launcher or cluster.`;
  return { code: 'rankwise.launcherMisfit', path: ['launcher'], message };
}

function hostfileMisfit(launch: LaunchModel, cluster: ClusterModel): Misfit | undefined {
  const { launcher } = launch;
  const { hostfile } = cluster;
  const first = hostfile && hostfileRefusal(hostfile.text, hostfileReader(launch));
  if (first !== undefined) {
    const message = `${launcher} cannot use the hostfile of \`${cluster.name}\` (${shownPath(launch.source, hostfile?.path ?? '')}, line ${first.line}): ${first.message}`;
    return { code: 'rankwise.hostfileErrors', path: ['cluster'], message };
  }
  if (launcher !== 'mpirun' || hostfile !== undefined) return undefined;
  const message = openMpiMisfit(cluster);
  return message === undefined ? undefined : { code: 'rankwise.hostForMpirun', path: ['cluster'], message };
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

/** Resources of the launch or of one value of its matrix or presets, with the place each stands at. */
type Resources = Partial<Record<Resource, { value: number; path: Path } | undefined>>;
type Resource = 'np' | 'nodes' | 'gpus';

/** The launch's own resources, then one set for each value elsewhere that changes one of them. */
function resourceSets({ np, nodes, gpus, matrix, presets }: LaunchModel): Resources[] {
  const own: Resources = {};
  if (np !== undefined) own.np = { value: np, path: ['np'] };
  if (nodes !== undefined) own.nodes = { value: nodes, path: ['nodes'] };
  if (gpus !== undefined) own.gpus = { value: gpus, path: ['gpus'] };
  const changed = (values: Record<string, string>, path: Path): Resources => {
    const set = { ...own };
    for (const name of ['np', 'nodes', 'gpus'] as const) {
      const value = values[name];
      if (value !== undefined) set[name] = { value: Number(value), path: [...path, name] };
    }
    return set;
  };
  // What several axes ask together only a combination can say: each value must fit by itself.
  const fixed = { ...own };
  for (const name of Object.keys(matrix?.axes ?? {})) fixed[name as Resource] = undefined;
  const axis = (name: Resource): Resources[] =>
    (matrix?.axes[name] ?? []).map((value, index) => ({
      ...fixed,
      [name]: { value: Number(value), path: ['matrix', name, index] },
    }));
  return [
    own,
    ...axis('nodes'),
    ...axis('gpus'),
    ...axis('np'),
    ...(matrix?.include ?? []).map((values, index) => changed(values, ['matrix', 'include', index])),
    ...Object.entries(presets).map(([name, values]) => changed(values, ['presets', name])),
  ];
}

function resourceMisfit(
  launch: LaunchModel,
  cluster: ClusterModel,
  resources: Resources,
): Misfit | undefined {
  const { np, nodes, gpus } = resources;
  const { name, hosts } = cluster;
  if (hosts.length === 0) return undefined;
  if (nodes !== undefined && nodes.value > hosts.length) {
    const message = `nodes is ${nodes.value}, but \`${name}\` has ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}. Lower nodes or add hosts.`;
    return { code: 'rankwise.tooManyNodes', path: nodes.path, message };
  }
  const used = hosts.slice(0, nodes?.value ?? hosts.length);
  const short = used.find((host) => host.gpus !== undefined && host.gpus < (gpus?.value ?? 0));
  if (gpus !== undefined && short !== undefined) {
    const message = `gpus is ${gpus.value}, but ${short.name} of \`${name}\` has ${short.gpus ?? 0}. Lower gpus, or correct \`gpus\` of the host.`;
    return { code: 'rankwise.tooManyGpus', path: gpus.path, message };
  }
  const slots = slotsFor(launch, used, gpus?.value);
  if (np === undefined || slots === undefined || np.value <= slots) return undefined;
  if (launch.launcher === 'mpirun' && hasOwnPlacement(launch.mpirun)) return undefined;
  const remedy =
    launch.launcher === 'mpirun'
      ? ', add slots, or allow more with `mpirun: { args: [--oversubscribe] }`'
      : ' or add slots';
  const message = `np is ${np.value}, but the hosts of \`${name}\` have ${slots} ${slots === 1 ? 'slot' : 'slots'}. Lower np${remedy}.`;
  return { code: 'rankwise.tooManyProcesses', path: np.path, message };
}

/** Undefined where only the hosts can say: Open MPI counting cores, GPUs that nobody named, Ray's own scheduling. */
function slotsFor(
  { launcher, ssh, mxnet }: LaunchModel,
  hosts: readonly HostModel[],
  gpus: number | undefined,
): number | undefined {
  const onHost = (host: HostModel): number | undefined => {
    switch (launcher) {
      case 'ssh':
        return ssh.per === 'host' ? 1 : (host.slots ?? 1);
      case 'mxnet':
        // launch.py deals workers out in turn, whatever number of them.
        return mxnet.launchPy === undefined ? (host.slots ?? 1) : undefined;
      case 'torchrun':
      case 'deepspeed':
      case 'accelerate':
        return gpus !== undefined && gpus > 0 ? gpus : (host.slots ?? host.gpus);
      case 'mpirun':
      case 'horovodrun':
        return host.slots;
      case 'ray':
      case 'slurm':
        return undefined;
    }
  };
  return hosts.reduce<number | undefined>((sum, host) => {
    const slots = onHost(host);
    return sum === undefined || slots === undefined ? undefined : sum + slots;
  }, 0);
}

/** Whether the user's own options decide how many processes fit. */
function hasOwnPlacement({ args, mapBy, mca }: MpirunOptions): boolean {
  return (
    args.some((arg) => /^--?(?:oversubscribe|hostfile|machinefile|default-hostfile|host|H)$/.test(arg)) ||
    [mapBy ?? '', ...args].some((text) => /:(?:.*,)?oversubscribe/i.test(text)) ||
    'rmaps_base_oversubscribe' in mca
  );
}
