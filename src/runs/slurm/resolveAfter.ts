import { RankwiseError } from '../../base/errors';
import type { ClusterModel, LaunchModel } from '../../config/model';
import type { RunView } from '../model';

/** A run as `after:` sees it: its view, and its job's id once Slurm has taken it. */
export interface EarlierRun {
  view: RunView;
  jobId: string | undefined;
}

/**
 * Turns the launches named by `after:` into a dependency on the job of each one's newest run. One that has ended well
 * needs none.
 * @param newest the newest run of a launch.
 * @throws RankwiseError `slurm.after` when there is no run, it did not end well, or it is on another cluster.
 */
export function resolveAfter(
  launch: LaunchModel,
  cluster: ClusterModel,
  newest: (launch: string) => EarlierRun | undefined,
): LaunchModel {
  const { slurm } = launch;
  if (slurm.after.length === 0) return launch;
  const jobs = slurm.after.flatMap((name) => {
    const earlier = newest(name);
    if (earlier === undefined)
      throw refused(launch, `there is no run of ${name} yet`, `Launch ${name} first.`);
    const { view, jobId } = earlier;
    const which = `#${view.number} of ${name}`;
    if (view.plan.cluster !== cluster.name) {
      throw refused(
        launch,
        `${which} is on cluster ${view.plan.cluster}`,
        'Chain launches of one Slurm cluster.',
      );
    }
    if (view.state.kind === 'ended' && view.state.by === 'itself' && view.state.exit.code === 0) return [];
    if (view.state.kind === 'ended' || view.state.kind === 'gone') {
      throw refused(launch, `${which} did not end well`, `Launch ${name} again first.`);
    }
    if (jobId === undefined) throw refused(launch, `${which} has no job yet`, 'Try again in a moment.');
    return [jobId];
  });
  const own = slurm.dependency === undefined ? [] : [slurm.dependency];
  const dependency = [...own, ...(jobs.length === 0 ? [] : [`afterok:${jobs.join(':')}`])].join(',');
  return {
    ...launch,
    slurm: { ...slurm, after: [], dependency: dependency === '' ? undefined : dependency },
  };
}

function refused(launch: LaunchModel, why: string, nextStep: string): RankwiseError {
  return new RankwiseError('slurm.after', `${launch.name} is to run after another launch, but ${why}`, {
    nextStep,
  });
}
