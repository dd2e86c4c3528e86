import { RankwiseError } from '../base/errors';
import type { HostModel } from '../config/model';
import {
  launchContext,
  pathOn,
  socketInterfaces,
  supervised,
  type LaunchContext,
  type Supervised,
} from './launchContext';
import type { Plan, PlanWorker } from './plan';
import { planBase } from './planBase';
import { shimFiles, type RankShim } from './rankShim';
import { runDirectory } from './runDirectory';
import { countOn, placeBySlot, plannedWorker, type Placement } from './slots';
import { factsOf, rendezvous, type LaunchSpec } from './spec';

/** One agent of a launcher that wants to be started on every host. */
export interface Agent {
  context: LaunchContext;
  host: HostModel;
  /** Number of this host, from 0. */
  node: number;
  /** Hosts in all. */
  nodes: number;
  /** Processes on this host, and in all. */
  processes: number;
  np: number;
  meeting: { address: string; port: string };
  /** What the agent starts instead of the user's command. */
  shim: readonly string[];
}

export interface AgentLaunch {
  /** Name of the program, for scripts and notes. */
  program: string;
  argv(agent: Agent): string[];
  /** Environment of the agent beside the user's. */
  env?(agent: Agent): Record<string, string>;
  /** Files beside scripts and shim. */
  files?(context: LaunchContext, placements: readonly Placement[]): Plan['files'];
  shim: RankShim['by'];
  /** Ranks follow from the order of the hosts; with others they are told once the processes run. */
  hasFixedRanks: boolean;
  /** Every host must get the same number of processes. */
  mustBeEven: boolean;
  signalled: Plan['signalled'];
  /** Workers that fail are started again: the run goes on. */
  restarts: boolean;
  notes: readonly string[];
}

/**
 * A plan with one agent per host, which starts the processes of that host through the shim. A host gets as many
 * processes as the launch names GPUs, or the host has slots, or GPUs; else one.
 * @throws RankwiseError as {@link placeBySlot}; `launch.unevenSlots`.
 */
export function planAgents(spec: LaunchSpec, launch: AgentLaunch): Plan {
  const context = launchContext(spec);
  const placements = placeBySlot(spec, (host) => gpusOn(spec, host) || 1);
  const hosts = context.hosts.filter((host) => countOn(placements, host) > 0);
  if (launch.mustBeEven) refuseUneven(launch.program, hosts, placements);
  const meeting = rendezvous(spec);
  const agents = hosts.map((host, node): Supervised => {
    const agent: Agent = {
      context,
      host,
      node,
      nodes: hosts.length,
      processes: countOn(placements, host),
      np: placements.length,
      meeting: { address: meeting.MASTER_ADDR, port: meeting.MASTER_PORT },
      shim: ['sh', pathOn(context, host, `${runDirectory(spec.run)}/rank.sh`)],
    };
    return supervised(context, host, {
      id: 'launcher',
      role: 'launcher',
      title: `${launch.program} on ${host.name}`,
      command: launch.argv(agent),
      env: { ...socketInterfaces(context, host), ...launch.env?.(agent), ...context.env },
    });
  });
  const workers = placements.map(plannedWorker);
  return {
    ...planBase(spec, hosts),
    files: [
      ...agents.map(({ file }) => file),
      ...(launch.files?.(context, placements) ?? []),
      ...shimFiles({ ...context, machines: hosts }, { by: launch.shim, host: 'supervisor', meeting: false }),
    ],
    processes: agents.map(({ process }) => process),
    np: placements.length,
    workers: launch.hasFixedRanks
      ? workers
      : workers.map((worker): PlanWorker => ({ ...worker, rank: undefined })),
    signalled: launch.signalled,
    ...(launch.restarts ? { onWorkerExit: 'keep' as const } : {}),
    notes: [
      ...context.notes,
      `${launch.program} runs on each host; the workers meet at ${meeting.MASTER_ADDR}:${meeting.MASTER_PORT}.`,
      ...(launch.restarts
        ? [`${launch.program} starts failed workers again: a worker that exits does not end the run.`]
        : []),
      ...launch.notes,
      'Each worker writes to a log of its own; the agents only carry their own messages.',
    ],
  };
}

/** GPUs of a host: as the launch says, else the cluster, else as found. */
export function gpusOn(spec: LaunchSpec, host: HostModel): number {
  return spec.launch.gpus ?? host.gpus ?? factsOf(spec, host.name)?.gpus.length ?? 0;
}

function refuseUneven(program: string, hosts: readonly HostModel[], placements: readonly Placement[]): void {
  const counts = hosts.map((host) => countOn(placements, host));
  if (new Set(counts).size <= 1) return;
  const each = hosts.map(({ name }, index) => `${name}: ${counts[index]}`).join(', ');
  throw new RankwiseError(
    'launch.unevenSlots',
    `${program} needs the same number of processes on every host, not ${each}`,
    { nextStep: 'Change np or the slots of the hosts, or use torchrun.' },
  );
}
