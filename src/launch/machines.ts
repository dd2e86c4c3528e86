import { RankwiseError } from '../base/errors';
import type { ClusterModel, HostModel } from '../config/model';
import type { LaunchSpec } from './spec';

/** Every machine of a cluster: its hosts, and the head where it has no slots of its own; of a Slurm cluster the login node. */
export function clusterMachines({ hosts, head, slurm }: ClusterModel): HostModel[] {
  return slurm === undefined ? withHead(hosts, head) : [slurm.login];
}

/** The hosts, and a head that is not one of them. */
export function withHead(hosts: readonly HostModel[], head: HostModel | undefined): HostModel[] {
  if (head === undefined || hosts.some(({ name }) => name === head.name)) return [...hosts];
  return [head, ...hosts];
}

/**
 * The hosts whose slots a launch may use: the first `nodes` of its cluster.
 * @throws RankwiseError `launch.noHosts`, `launch.notEnoughHosts`.
 */
export function launchHosts({ cluster, launch }: LaunchSpec): HostModel[] {
  if (cluster.hosts.length === 0) {
    throw new RankwiseError('launch.noHosts', `cluster "${cluster.name}" has no hosts`, {
      nextStep: cluster.practice ? 'Start the practice cluster.' : 'Add hosts to it in rankwise.yaml.',
    });
  }
  const nodes = launch.nodes ?? cluster.hosts.length;
  if (nodes > cluster.hosts.length) {
    throw new RankwiseError(
      'launch.notEnoughHosts',
      `launch "${launch.name}" wants ${nodes} hosts, cluster "${cluster.name}" has ${cluster.hosts.length}`,
      { nextStep: 'Lower nodes or add hosts.' },
    );
  }
  return cluster.hosts.slice(0, nodes);
}

/** The spec with the head before the other hosts: Open MPI gives the first ranks to the host on which it is started. */
export function headFirst(spec: LaunchSpec): LaunchSpec {
  const { hosts, head } = spec.cluster;
  const own = hosts.find(({ name }) => name === head?.name);
  if (own === undefined) return spec;
  return { ...spec, cluster: { ...spec.cluster, hosts: [own, ...hosts.filter((host) => host !== own)] } };
}
