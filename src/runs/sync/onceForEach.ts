import type { PlanHost } from '../../launch/plan';
import type { SyncContext } from './syncFiles';

/** Does something on the first host of each file system, all at once. */
export function onceForEach<T>(
  { plan, facts }: Pick<SyncContext, 'plan' | 'facts'>,
  task: (host: PlanHost) => Promise<T>,
): Promise<T[]> {
  const first = new Map(
    plan.hosts.map((host) => [facts[host.name]?.fileSystem ?? host.name, host] as const).reverse(),
  );
  return Promise.all([...first.values()].reverse().map(task));
}
