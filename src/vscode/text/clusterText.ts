import type { ClusterModel, HostModel } from '../../config/model';
import type { HostStatus, PracticeState } from '../../core';
import { rowContexts } from '../ids';
import { count, formatTimeOfDay, joinParts } from '../../text/format';
import type { Row } from './row';

/**
 * The row of a cluster: how much there is, how much of it answered, and when.
 * @param checkedAt when the last answer came, in milliseconds since the epoch
 */
export function clusterRow(
  cluster: ClusterModel,
  status: (host: string) => HostStatus,
  checkedAt: number | undefined,
): Row {
  const statuses = cluster.hosts.map((host) => status(host.name));
  const reachable = statuses.filter((state) => state.kind === 'reachable').length;
  const unreachable = statuses.filter((state) => state.kind === 'unreachable').length;
  const slots = knownSlots(cluster.hosts);
  const description = joinParts([
    count(cluster.hosts.length, 'host'),
    slots === undefined ? undefined : count(slots, 'slot'),
    statuses.some((state) => state.kind === 'checking') ? 'checking…' : undefined,
    reachable + unreachable > 0 ? `${reachable} reachable` : undefined,
    checkedAt === undefined ? undefined : `checked ${formatTimeOfDay(checkedAt)}`,
  ]);
  return {
    label: cluster.name,
    description,
    tooltip: `${cluster.name}: ${description}`,
    icon: unreachable > 0 ? { id: 'server', color: 'list.warningForeground' } : { id: 'server' },
    contextValue: cluster.practice ? rowContexts.practiceCluster : rowContexts.cluster,
  };
}

/** The sum of the slots, or undefined where one host leaves it to the launcher. */
function knownSlots(hosts: readonly HostModel[]): number | undefined {
  let sum = 0;
  for (const host of hosts) {
    if (host.slots === undefined) return undefined;
    sum += host.slots;
  }
  return sum;
}

/** The row that stands for the practice cluster while no cluster of the config does. */
export function practiceRow(state: PracticeState): Row {
  const description = practiceText(state);
  return {
    label: 'practice',
    description,
    tooltip: `Practice cluster: ${description}`,
    icon: practiceIcon(state),
    contextValue: state.kind === 'failed' ? rowContexts.practiceFailed : rowContexts.practiceCluster,
  };
}

function practiceText(state: PracticeState): string {
  switch (state.kind) {
    case 'stopped':
      return 'not running';
    case 'starting':
      return 'starting…';
    case 'running':
      return `${count(state.hosts.length, 'host')} · use it by cluster: practice in rankwise.yaml`;
    case 'failed':
      return `could not start: ${state.reason}`;
  }
}

function practiceIcon(state: PracticeState): Row['icon'] {
  switch (state.kind) {
    case 'stopped':
      return { id: 'server' };
    case 'starting':
      return { id: 'loading~spin' };
    case 'running':
      return { id: 'server', color: 'charts.green' };
    case 'failed':
      return { id: 'error', color: 'list.errorForeground' };
  }
}
