import {
  launchContext,
  socketInterfaces,
  supervised,
  type LaunchContext,
  type Supervised,
} from './launchContext';
import type { Plan } from './plan';
import { planBase } from './planBase';
import { countOn, placeBySlot, plannedWorker, type Placement } from './slots';
import { rendezvous, type LaunchSpec } from './spec';

/**
 * One process per slot or per host, with the variables PyTorch's `env://` rendezvous reads: RANK, LOCAL_RANK,
 * WORLD_SIZE, LOCAL_WORLD_SIZE, MASTER_ADDR, MASTER_PORT; and NODE_RANK. A host that does not say has one slot.
 * @throws RankwiseError as {@link placeBySlot}.
 */
export function planSsh(spec: LaunchSpec): Plan {
  const context = launchContext(spec);
  const { per, service } = spec.launch.ssh;
  const placements = per === 'host' ? placeByHost(spec) : placeBySlot(spec, () => 1);
  const hosts = context.hosts.filter((host) => countOn(placements, host) > 0);
  const [first = context.head] = hosts;
  const meeting = rendezvous(spec);
  const jobs = placements.map((placed) => worker(context, placed, placements));
  if (service !== undefined) {
    const env = {
      WORLD_SIZE: String(placements.length),
      ...meeting,
      ...socketInterfaces(context, first),
      ...context.env,
    };
    jobs.unshift(
      supervised(context, first, { id: 'service', role: 'service', title: 'Service', command: service, env }),
    );
  }
  return {
    ...planBase(spec, hosts),
    files: jobs.map(({ file }) => file),
    processes: jobs.map(({ process }) => process),
    np: placements.length,
    workers: placements.map(plannedWorker),
    notes: [
      ...context.notes,
      `Workers meet at ${meeting.MASTER_ADDR}:${meeting.MASTER_PORT} (MASTER_ADDR, MASTER_PORT).`,
      ...(service === undefined
        ? []
        : [`The service runs once, on ${first.name}, and is ended when the workers of that host are over.`]),
      'CUDA_VISIBLE_DEVICES is left alone: programs choose their GPU by LOCAL_RANK.',
    ],
  };
}

function placeByHost(spec: LaunchSpec): Placement[] {
  return placeBySlot({ ...spec, launch: { ...spec.launch, gpus: 1 } }, () => 1);
}

function worker(context: LaunchContext, placed: Placement, all: readonly Placement[]): Supervised {
  const { host, localIndex, rank } = placed;
  const id = String(localIndex);
  return supervised(context, host, {
    id,
    role: 'worker',
    title: `Worker ${host.name}/${id} (rank ${rank})`,
    command: context.spec.launch.command,
    env: {
      RANK: String(rank),
      LOCAL_RANK: id,
      WORLD_SIZE: String(all.length),
      LOCAL_WORLD_SIZE: String(countOn(all, host)),
      NODE_RANK: String(context.hosts.indexOf(host)),
      ...rendezvous(context.spec),
      ...socketInterfaces(context, host),
      ...context.env,
    },
  });
}
