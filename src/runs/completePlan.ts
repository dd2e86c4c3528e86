import type { Plan, PlanFile } from '../launch/plan';
import followScript from './remote/follow.sh';
import startScript from './remote/start.sh';
import superviseScript from './remote/supervise.sh';
import workerScript from './remote/worker.sh';
import receiveScript from './sync/remote/receive.sh';

/** Scripts that every host of a run gets in its own directory; the same text for all. */
const REMOTE_SCRIPTS = {
  'start.sh': startScript,
  'supervise.sh': superviseScript,
  'worker.sh': workerScript,
  'follow.sh': followScript,
};

/** Adds what the run's own machinery writes to each host, so that the preview shows every file. */
export function completePlan(plan: Plan): Plan {
  const receives = plan.sync.length + plan.setupScripts.length > 0;
  const scripts = { ...REMOTE_SCRIPTS, ...(receives ? { 'receive.sh': receiveScript } : {}) };
  const own = plan.hosts.flatMap(({ name }) =>
    Object.entries(scripts).map(([file, content]): PlanFile => ({
      host: name,
      path: `${name}/${file}`,
      mode: 0o700,
      content,
    })),
  );
  return { ...plan, files: [...plan.files, ...own] };
}
