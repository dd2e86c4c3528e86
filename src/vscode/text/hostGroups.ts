import type { HostModel } from '../../config/model';
import type { HostStatus } from '../../core';

/** From this many hosts on, a cluster's hosts are grouped. */
export const groupingThreshold = 200;

const groupSize = 100;

/** A group of hosts: those that failed together, the others by ranges in the order of the file. */
export interface HostGroup {
  /** Stable for one hostfile: `unreachable`, or the range's first index. */
  key: string;
  /** `unreachable` or `node001 – node100`. */
  label: string;
  hosts: HostModel[];
}

/** The hosts in groups, or undefined when there are few enough to list. */
export function groupHosts(
  hosts: readonly HostModel[],
  status: (host: string) => HostStatus,
): HostGroup[] | undefined {
  if (hosts.length <= groupingThreshold) return undefined;
  const groups: HostGroup[] = [];
  const unreachable = hosts.filter((host) => status(host.name).kind === 'unreachable');
  if (unreachable.length > 0) groups.push({ key: 'unreachable', label: 'unreachable', hosts: unreachable });
  for (let start = 0; start < hosts.length; start += groupSize) {
    const slice = hosts.slice(start, start + groupSize);
    const label = `${slice[0]?.name ?? ''} – ${slice.at(-1)?.name ?? ''}`;
    const others = slice.filter((host) => !unreachable.includes(host));
    if (others.length > 0) groups.push({ key: String(start), label, hosts: others });
  }
  return groups;
}
