import { RankwiseError } from '../base/errors';
import type { HostModel } from '../config/model';
import { launchHosts } from './machines';
import type { PlanWorker } from './plan';
import type { LaunchSpec } from './spec';

/** One process on one host. */
export interface Placement {
  host: HostModel;
  localIndex: number;
  rank: number;
}

/** Processes a host takes: GPUs where the launch names a number, else its slots. */
export function slotsOn({ launch }: LaunchSpec, host: HostModel, fallback: number): number {
  return launch.gpus ?? host.slots ?? fallback;
}

/**
 * Places ranks by slot: the first host is filled before the second begins, as Open MPI's `-map-by slot` does.
 * @param fallback slots of a host whose entry does not say.
 * @throws RankwiseError as {@link launchHosts}; `launch.notEnoughSlots`.
 */
export function placeBySlot(spec: LaunchSpec, fallback: (host: HostModel) => number): Placement[] {
  const { cluster, launch } = spec;
  const all = launchHosts(spec).flatMap((host) =>
    Array.from({ length: slotsOn(spec, host, fallback(host)) }, (_, localIndex) => ({ host, localIndex })),
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

/** How many of the placements are on a host. */
export function countOn(placements: readonly Placement[], host: HostModel): number {
  return placements.filter((placed) => placed.host === host).length;
}

/** The worker expected at a placement; its id stays the same for the life of the run. */
export function plannedWorker({ host, localIndex, rank }: Placement): PlanWorker {
  return { id: `${host.name}/${localIndex}`, host: host.name, localIndex, rank };
}
