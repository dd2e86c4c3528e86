import type { SlurmJob, SlurmPartition } from '../../cluster/slurm/readSlurmCluster';
import type { SlurmStatus } from '../../coreSlurm';
import { count, formatTimeOfDay, joinParts } from '../../text/format';
import { rowContexts } from '../ids';
import type { Row } from './row';

/** `Slurm · 3 partitions · 2 of my jobs`. */
export function slurmRow(cluster: string, login: string, { view, asking, at, failure }: SlurmStatus): Row {
  const description = joinParts([
    'Slurm',
    failure === undefined ? undefined : failure.reason,
    view === undefined ? undefined : count(view.partitions.length, 'partition'),
    view === undefined ? undefined : `${view.jobs.length} of my jobs`,
    asking && view === undefined ? 'asking…' : undefined,
    at === undefined ? undefined : `seen ${formatTimeOfDay(at)}`,
  ]);
  return {
    label: cluster,
    description,
    tooltip: `${cluster}, through ${login}\n${description}`,
    icon: failure === undefined ? { id: 'list-ordered' } : { id: 'warning', color: 'list.warningForeground' },
    contextValue: rowContexts.slurmCluster,
  };
}

/** `12 of 32 nodes idle · gpu:2`. */
export function partitionRow({ name, isUp, nodes, gres, timeLimit }: SlurmPartition): Row {
  const description = joinParts([
    isUp ? undefined : 'down',
    `${nodes.idle} of ${count(nodes.total, 'node')} idle`,
    gres.length === 0 ? undefined : gres.join(', '),
  ]);
  const lines = [
    `${name}: ${description}`,
    `${nodes.allocated} allocated, ${nodes.idle} idle, ${nodes.other} down, drained or reserved`,
    `time limit ${timeLimit}`,
  ];
  return {
    label: name,
    description,
    tooltip: lines.join('\n'),
    icon: isUp ? { id: 'server-environment' } : { id: 'circle-slash' },
  };
}

/** `running 2:41` or `pending: Resources, starts ~14:20`. */
export function jobRow(job: SlurmJob): Row {
  const { id, partition, state, nodes, reason, start, used, timeLimit } = job;
  const word = state.toLowerCase().replaceAll('_', ' ');
  const starts = start === undefined ? undefined : `starts ~${formatTimeOfDay(start)}`;
  const waits = [reason, starts].filter((part) => part !== undefined).join(', ');
  const isPending = state === 'PENDING';
  const said = isPending ? (waits === '' ? word : `${word}: ${waits}`) : `${word} ${used}`;
  const description = joinParts([said, partition, count(nodes, 'node')]);
  return {
    label: id,
    description,
    tooltip: `Job ${id}: ${description}\n${used} of ${timeLimit}`,
    icon: isPending ? { id: 'clock' } : { id: 'record', color: 'charts.green' },
  };
}

/** The rows below a Slurm cluster are grouped under this one. */
export function jobsRow(jobs: readonly SlurmJob[]): Row {
  const description = jobs.length === 0 ? 'none' : String(jobs.length);
  return { label: 'my jobs', description, tooltip: count(jobs.length, 'job'), icon: { id: 'account' } };
}
