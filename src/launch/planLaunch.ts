import { planMpirun } from './mpirunLauncher';
import type { Plan } from './plan';
import type { LaunchSpec } from './spec';
import { planSsh } from './sshLauncher';

/**
 * Resolves a launch to exact files and commands. Pure: the same spec gives the same plan.
 * @throws RankwiseError naming what stands in the way (`launch.*`).
 */
export function planLaunch(spec: LaunchSpec): Plan {
  switch (spec.launch.launcher) {
    case 'ssh':
      return planSsh(spec);
    case 'mpirun':
      return planMpirun(spec);
  }
}
