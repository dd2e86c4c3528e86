import type { HostModel } from '../config/model';
import { emptyPlan, type Plan } from '../launch/plan';
import { hostDirectory } from '../launch/runDirectory';
import type { Connection } from '../ssh/connection';
import { runScriptText } from '../ssh/runScript';
import { parsePlan } from './planSchema';
import listScript from './remote/list.sh';

/** Stands before the plan in the answer; a login shell's start files may print before it. */
const MARK = 'rankwise-plan';

/**
 * Plans of the runs on a host that are not known here: started from another machine, or before this one lost its
 * memory. The way to the hosts is taken from the cluster, never from a file found on one; a run with a host that the
 * cluster does not have is passed over.
 * @param isKnown by run id.
 * @throws RankwiseError `ssh.scriptFailed`, `ssh.connectionLost`.
 */
export async function findRuns(
  connection: Connection,
  cluster: readonly HostModel[],
  isKnown: (run: string) => boolean,
  signal?: AbortSignal,
): Promise<Plan[]> {
  const listed = await runScriptText(connection, 'Looking for runs', listScript, [], signal);
  const found = new Map(
    listed.split('\n').flatMap((line) => {
      const [, run, host] = /^([\w][\w.-]*) ([\w][\w.-]*)$/.exec(line) ?? [];
      return run === undefined || host === undefined || isKnown(run) ? [] : [[run, host] as const];
    }),
  );
  const plans: Plan[] = [];
  for (const [run, host] of found) {
    const { stdout } = await connection.exec(
      `echo; echo ${MARK}; cat ${hostDirectory(run, host)}/plan.json`,
      signal === undefined ? {} : { signal },
    );
    const text = stdout.toString('utf8');
    const mark = text.lastIndexOf(`\n${MARK}\n`);
    const plan = mark < 0 ? undefined : parsePlan(text.slice(mark + MARK.length + 2));
    if (plan?.run !== run) continue;
    const hosts = plan.hosts.flatMap(({ name, peer }) => {
      const target = cluster.find((one) => one.name === name)?.target;
      return target === undefined ? [] : [{ name, peer, target }];
    });
    if (hosts.length < plan.hosts.length) continue;
    plans.push({
      ...emptyPlan,
      ...plan,
      hosts,
      workers: plan.workers.map((worker) => ({ ...worker, rank: worker.rank })),
    });
  }
  return plans;
}
