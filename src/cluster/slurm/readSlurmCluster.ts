import { RankwiseError } from '../../base/errors';
import type { ClusterModel } from '../../config/model';
import type { SshPool } from '../../ssh/connection';
import { runScriptText } from '../../ssh/runScript';
import { withSlurm } from './findSlurm';
import { pendingReason } from './pendingReason';
import clusterScript from './remote/cluster.sh';

/** A partition as the controller counts it; nodes of several kinds are added up. */
export interface SlurmPartition {
  name: string;
  isUp: boolean;
  /** As Slurm writes it: `1-00:00:00`, `infinite`. */
  timeLimit: string;
  nodes: { allocated: number; idle: number; other: number; total: number };
  /** Generic resources of its kinds of nodes, such as `gpu:2`. */
  gres: string[];
}

/** One of my jobs that has not ended; an array's waiting tasks are one. */
export interface SlurmJob {
  /** `7`, `7_3` or `7_[4-9]`. */
  id: string;
  partition: string;
  /** Slurm's name, such as PENDING. */
  state: string;
  nodes: number;
  /** Why it waits, in words; undefined for one that does not. */
  reason: string | undefined;
  /** When it started or is expected to, in milliseconds since the epoch. */
  start: number | undefined;
  /** `5:12` and `1:00:00`, as Slurm writes them. */
  used: string;
  timeLimit: string;
}

export interface SlurmClusterView {
  partitions: SlurmPartition[];
  jobs: SlurmJob[];
}

/**
 * What a Slurm cluster has free and what I have on it, by one `sinfo` and one `squeue`. To be called when somebody looks.
 * @throws RankwiseError `slurm.noLogin`, `slurm.noAnswer` with Slurm's words; `ssh.*`; Cancelled.
 */
export async function readSlurmCluster(
  ssh: SshPool,
  { name, slurm, setup }: Pick<ClusterModel, 'name' | 'slurm' | 'setup'>,
  signal?: AbortSignal,
): Promise<SlurmClusterView> {
  if (slurm === undefined)
    throw new RankwiseError('slurm.noLogin', `cluster "${name}" is not a Slurm cluster`);
  const connection = await ssh.connect(slurm.login.target, signal);
  const text = await runScriptText(
    connection,
    'Asking Slurm',
    withSlurm(clusterScript),
    [setup.join('\n')],
    signal,
  );
  return parseSlurmCluster(text, slurm.login.name);
}

/** @throws RankwiseError `slurm.noAnswer`. */
export function parseSlurmCluster(text: string, login: string): SlurmClusterView {
  const lines = text.trimEnd().split('\n');
  const refused = lines
    .find((line) => line.startsWith('X '))
    ?.slice(2)
    .trim();
  if (refused !== undefined || lines.at(-1) !== 'E') {
    throw new RankwiseError(
      'slurm.noAnswer',
      `Slurm does not answer on ${login}: ${refused ?? 'cut short'}`,
      {
        host: login,
        nextStep: 'Try sinfo in a terminal on the login node.',
      },
    );
  }
  const partitions = new Map<string, Omit<SlurmPartition, 'gres'> & { gres: Set<string> }>();
  for (const line of lines) {
    const [, name, available, timeLimit = '', allocated, idle, other, total, gres = ''] =
      /^P (\S+) (\S+) (\S+) (\d+)\/(\d+)\/(\d+)\/(\d+) (.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const known = partitions.get(name);
    const kinds = known?.gres ?? new Set();
    if (gres !== '(null)' && gres !== '') kinds.add(gres);
    const before = known?.nodes ?? { allocated: 0, idle: 0, other: 0, total: 0 };
    partitions.set(name, {
      name,
      isUp: available === 'up',
      timeLimit,
      nodes: {
        allocated: before.allocated + Number(allocated),
        idle: before.idle + Number(idle),
        other: before.other + Number(other),
        total: before.total + Number(total),
      },
      gres: kinds,
    });
  }
  return {
    partitions: Array.from(partitions.values(), (partition) => ({
      ...partition,
      gres: [...partition.gres],
    })),
    jobs: lines.flatMap(readJob),
  };
}

function readJob(line: string): SlurmJob[] {
  const [, id, partition, state, nodes, start = '', used, timeLimit, reason = ''] =
    /^J (\d\S*) (\S+) ([A-Z_]+) (\d+) (\S+) (\S+) (\S+) (.*)$/.exec(line) ?? [];
  if (id === undefined || partition === undefined || state === undefined) return [];
  return [
    {
      id,
      partition,
      state,
      nodes: Number(nodes),
      reason: state === 'PENDING' ? pendingReason(reason) : undefined,
      start: /^[1-9]\d*$/.test(start) ? Number(start) * 1000 : undefined,
      used: used ?? '',
      timeLimit: timeLimit ?? '',
    },
  ];
}
