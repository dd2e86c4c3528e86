import { randomBytes } from 'node:crypto';
import { throwIfAborted } from '../../base/errors';
import { gatherFacts } from '../../cluster/gatherFacts';
import { withOtherFailures } from '../../cluster/preflight/factsFailure';
import type { ClusterModel, LaunchModel } from '../../config/model';
import type { Facts } from '../../launch/facts';
import { clusterMachines } from '../../launch/machines';
import type { Plan } from '../../launch/plan';
import { planLaunch } from '../../launch/planLaunch';
import type { SshPool } from '../../ssh/connection';
import { completePlan } from '../completePlan';
import { ownScriptOf } from '../slurm/ownScript';
import { resolveAfter, type EarlierRun } from '../slurm/resolveAfter';

/** What a plan is made from, beside what the hosts say. */
export interface PlanInput {
  /** Of the run. */
  id: string;
  launch: LaunchModel;
  cluster: ClusterModel;
  /** The newest run of a launch, but for this one. */
  newest: (launch: string) => EarlierRun | undefined;
}

/** A plan, and what the hosts said for it. */
export interface RunPlan {
  plan: Plan;
  facts: Facts;
}

/**
 * Gathers facts and makes the plan, the same each time but for what the hosts say.
 * @throws RankwiseError of a host that does not answer, or of what cannot be planned; Cancelled.
 */
export async function planRun(
  ssh: SshPool,
  { id, launch, cluster, newest }: PlanInput,
  signal: AbortSignal | undefined,
): Promise<RunPlan> {
  const nonce = randomBytes(6).toString('hex');
  const machines = clusterMachines(cluster);
  const facts = await gatherFacts(ssh, machines, nonce, signal).catch(async (error: unknown) => {
    throw await withOtherFailures(ssh, launch, cluster, error, signal);
  });
  throwIfAborted(signal);
  const resolved = resolveAfter(launch, cluster, newest);
  const script = ownScriptOf(launch);
  const plan = completePlan(planLaunch({ run: id, launch: resolved, cluster, facts, ...script }));
  return { facts, plan };
}
