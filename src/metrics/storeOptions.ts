import type { Plan } from '../launch/plan';
import { ownDialects, ownUnits } from './dialects/ownPatterns';
import type { LogOptions } from './logPipeline';
import type { StoreOptions } from './metricsStore';

/** What of a plan says how its logs are read. */
type PlanOfLogs = Pick<Plan, 'hosts' | 'processes' | 'np' | 'metrics' | 'slurm'>;

/** How to read one log; those of the tasks of an array (`head/batch-3`) as that of the job. */
export function optionsOfLog(options: Pick<StoreOptions, 'logs'>, log: string): LogOptions | undefined {
  return options.logs?.get(log) ?? options.logs?.get(log.replace(/\/batch-\d+$/, '/batch'));
}

/**
 * How to read the logs of a run, from its plan: tags of each process, hosts, patterns of the launch's own.
 * @param workers The run's workers in their order, with the ranks that are known.
 * @throws RankwiseError `metrics.pattern` where a pattern cannot be used.
 */
export function storeOptions(
  plan: PlanOfLogs,
  workers: readonly { id: string; rank: number | undefined }[],
): StoreOptions {
  const dialects = ownDialects(plan.metrics);
  // pdsh puts in front what stands in the hostfile: the name or the address for the others.
  const hosts = plan.hosts.flatMap(({ name, peer }) => [name, peer]);
  const logs = new Map<string, LogOptions>();
  for (const { host, id, tags = 'none' } of plan.processes) {
    const read = tags === 'none' ? {} : { tags, hosts, ...(plan.np > 0 ? { workers: plan.np } : {}) };
    // What a job of Slurm prints is in the log of its batch script; `submit` only has sbatch's own words.
    const log = plan.slurm === undefined ? id : 'batch';
    const isScript = plan.slurm?.hasRecords === false ? { isWorker: true } : {};
    if (tags !== 'none' || dialects.length > 0)
      logs.set(`${host}/${log}`, { ...read, ...isScript, dialects });
  }
  const ranks = new Map<string, number>();
  // A script of the user's own may start several worlds, each with a rank 0: tags do not say whose they are.
  const areRanksOne = plan.slurm?.hasRecords !== false;
  for (const { id, rank } of workers) if (areRanksOne && rank !== undefined) ranks.set(id, rank);
  return { workers: workers.map(({ id }) => id), ranks, logs, dialects, units: ownUnits(plan.metrics) };
}
