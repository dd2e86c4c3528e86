import { RankwiseError } from '../base/errors';
import type { HostModel } from '../config/model';
import type { PlanWorker } from './plan';
import type { LaunchSpec } from './spec';

/** One process on one host. */
export interface Placement {
  host: HostModel;
  localIndex: number;
  rank: number;
}

/**
 * Places ranks by slot: the first host is filled before the second begins, as Open MPI's `-map-by slot` does.
 * @param defaultSlots slots of a host whose entry does not say.
 * @throws RankwiseError `launch.noHosts`, `launch.notEnoughSlots`.
 */
export function placeBySlot(spec: LaunchSpec, defaultSlots: (host: HostModel) => number): Placement[] {
  const { cluster, launch } = spec;
  if (cluster.hosts.length === 0) {
    throw new RankwiseError('launch.noHosts', `cluster "${cluster.name}" has no hosts`, {
      nextStep: cluster.practice ? 'Start the practice cluster.' : 'Add hosts to it in rankwise.yaml.',
    });
  }
  const all = cluster.hosts.flatMap((host) =>
    Array.from({ length: defaultSlots(host) }, (_, localIndex) => ({ host, localIndex })),
  );
  const np = launch.np ?? all.length;
  if (np > all.length) {
    throw new RankwiseError(
      'launch.notEnoughSlots',
      `launch "${launch.name}" wants ${np} processes, cluster "${cluster.name}" has ${all.length} slots`,
      { nextStep: 'Lower np or add slots.' },
    );
  }
  return all.slice(0, np).map((placement, rank) => ({ ...placement, rank }));
}

/** The worker expected at a placement; its id stays the same for the life of the run. */
export function plannedWorker({ host, localIndex, rank }: Placement): PlanWorker {
  return { id: `${host.name}/${localIndex}`, host: host.name, localIndex, rank };
}
