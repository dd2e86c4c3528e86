import { RankwiseError } from '../../base/errors';
import type { ClusterModel, HostModel, LaunchModel } from '../../config/model';
import type { RunView } from '../model';
import type { TrialSlot } from '../runGroup';

const GPU_VARIABLE = 'CUDA_VISIBLE_DEVICES';

/** What one host offers to trials. */
export interface HostSlots {
  host: HostModel;
  slots: number;
  /** Indexes of its GPUs; empty where it has none. */
  gpus: readonly number[];
}

/** @param found indexes of the GPUs that the host itself named; needed only where the file does not say how many it has. */
export function slotsOfHost(host: HostModel, found: readonly number[]): HostSlots {
  const gpus = host.gpus === undefined ? found : Array.from({ length: host.gpus }, (_, index) => index);
  return { host, gpus, slots: host.slots ?? Math.max(1, gpus.length) };
}

/** One host, whatever name or cluster it is used under. */
export function machineKey({ target }: Pick<HostModel, 'target'>): string {
  return JSON.stringify([target.host, target.port, target.isolated]);
}

/** Slots in use, by {@link machineKey}: `all` where it cannot be known which. */
export type TakenSlots = Map<string, Set<number> | 'all'>;

export function take(taken: TakenSlots, machine: string, index: number | 'all'): void {
  const known = taken.get(machine) ?? new Set<number>();
  if (known === 'all') return;
  taken.set(machine, index === 'all' ? index : known.add(index));
}

/** Notes the slots that an active run uses: its own where it is a trial, else one for each of its workers. */
export function takeForRun(taken: TakenSlots, run: RunView): void {
  const { plan, workers, group } = run;
  if (run.state.kind === 'ended' || run.state.kind === 'gone' || plan.slurm !== undefined) return;
  for (const host of plan.hosts) {
    const own = workers.filter((worker) => worker.host === host.name);
    const machine = machineKey(host);
    if (group?.slot !== undefined) take(taken, machine, group.slot.index);
    else if (workers.length === 0) take(taken, machine, 'all');
    else for (const { localIndex } of own) take(taken, machine, localIndex);
  }
}

/** The free slots: the first of every host, then the second of every host, so that hosts are used evenly. */
export function freeSlots(hosts: readonly HostSlots[], taken: TakenSlots): TrialSlot[] {
  const free = hosts.flatMap(({ host, slots, gpus }): TrialSlot[] => {
    const used = taken.get(machineKey(host)) ?? new Set();
    if (used === 'all') return [];
    return Array.from({ length: slots }, (_, index) => ({
      host: host.name,
      index,
      gpu: gpus[index % gpus.length],
    })).filter(({ index }) => !used.has(index));
  });
  return free.sort((a, b) => a.index - b.index);
}

/**
 * A trial's launch as one process on one slot of one host, which sees the GPU of that slot alone.
 * @throws RankwiseError `launch.trialTooLarge` for a launch that wants more than a slot.
 */
export function onSlot(
  launch: LaunchModel,
  cluster: ClusterModel,
  slot: TrialSlot,
): { launch: LaunchModel; cluster: ClusterModel } {
  refuseLarge(launch);
  const hosts = cluster.hosts.filter(({ name }) => name === slot.host).map((host) => ({ ...host, slots: 1 }));
  const fetched = [...(launch.secrets ?? []), ...(cluster.secrets ?? [])].map(({ variable }) => variable);
  const hasOwn = [...Object.keys({ ...cluster.env, ...launch.env }), ...fetched].includes(GPU_VARIABLE);
  const gpu = launch.gpus === 0 ? '' : slot.gpu === undefined ? undefined : String(slot.gpu);
  const env = gpu === undefined || hasOwn ? launch.env : { ...launch.env, [GPU_VARIABLE]: gpu };
  // A user's hostfile names more than this host.
  const alone: ClusterModel = { ...cluster, hosts, head: hosts[0], remoteHostfile: undefined };
  delete alone.hostfile;
  return {
    launch: { ...launch, np: 1, nodes: 1, gpus: undefined, env },
    cluster: alone,
  };
}

function refuseLarge({ name, np = 1, nodes = 1, gpus = 1 }: LaunchModel): void {
  const [what, count] = [['np', np] as const, ['nodes', nodes] as const, ['gpus', gpus] as const].find(
    ([, value]) => value > 1,
  ) ?? ['', 1];
  if (count === 1) return;
  throw new RankwiseError(
    'launch.trialTooLarge',
    `a trial of launch "${name}" wants ${what} ${count}, but with \`parallel: slots\` each has one slot`,
    { nextStep: `Take ${what} away, or write \`parallel: 1\`.` },
  );
}
