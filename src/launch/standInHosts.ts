import type { ClusterModel, HostModel, LaunchModel } from '../config/model';

/** A cluster for a preview, and what is to be said of it. */
export interface PreviewCluster {
  cluster: ClusterModel;
  notes: string[];
}

/**
 * The cluster with stand-ins called `host-1`, `host-2` … where nobody can say yet which hosts it has: their list lies on
 * the head and has not been read, or the practice cluster does not run. As many as the launch names, with its processes
 * shared out evenly; one where it names none. Other clusters stay as they are.
 */
export function withStandIns({ np, nodes }: LaunchModel, cluster: ClusterModel): PreviewCluster {
  const { hosts, remoteHostfile, practice, head } = cluster;
  if (hosts.length > 0 || (remoteHostfile === undefined && !practice)) return { cluster, notes: [] };
  const count = nodes ?? np ?? 1;
  const standIns = Array.from({ length: count }, (_, index): HostModel => {
    const name = `host-${index + 1}`;
    const slots = np === undefined ? undefined : Math.ceil(np / count);
    return {
      name,
      target: { host: name },
      peer: name,
      slots,
      gpus: undefined,
      source: { file: '', line: 0 },
    };
  });
  const where =
    remoteHostfile === undefined
      ? 'The practice cluster does not run'
      : `The hosts are those that ${remoteHostfile} on ${head?.name ?? 'the head'} names at the start`;
  return {
    cluster: { ...cluster, hosts: standIns },
    notes: [`${where}; host-1 and so on stand for them here.`],
  };
}
