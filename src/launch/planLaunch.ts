import { chosenPorts } from './chosenPorts';
import { planMpirun } from './mpirunLauncher';
import { planHorovodrun } from './horovodrunLauncher';
import { planTorchrun } from './torchrunLauncher';
import { planDeepspeed } from './deepspeedLauncher';
import { planAccelerate } from './accelerateLauncher';
import { planMxnet } from './mxnetLauncher';
import type { Plan } from './plan';
import { planRay } from './rayLauncher';
import { planSlurm } from './slurmLauncher';
import { planOwnScript } from './slurmOwnScript';
import type { LaunchSpec } from './spec';
import { planSsh } from './sshLauncher';
import { resolveLaunch } from './trials';

/**
 * Resolves a launch to exact files and commands. Pure: the same spec gives the same plan. A launch whose parameters were
 * not filled in runs with their defaults, and as the first run of its matrix.
 * @throws RankwiseError naming what stands in the way (`launch.*`).
 */
export function planLaunch(spec: LaunchSpec): Plan {
  const { launch, notes } = resolveLaunch(spec.launch);
  const plan = planResolved({ ...spec, launch });
  return { ...plan, chosenPorts: chosenPorts(plan, spec), notes: [...notes, ...plan.notes] };
}

function planResolved(spec: LaunchSpec): Plan {
  const { launcher } = spec.launch;
  switch (launcher) {
    case 'ssh':
      return planSsh(spec);
    case 'mpirun':
      return planMpirun(spec);
    case 'slurm':
      return spec.launch.slurm.script === undefined ? planSlurm(spec) : planOwnScript(spec, spec.script);
    case 'horovodrun':
      return planHorovodrun(spec);
    case 'torchrun':
      return planTorchrun(spec);
    case 'deepspeed':
      return planDeepspeed(spec);
    case 'accelerate':
      return planAccelerate(spec);
    case 'mxnet':
      return planMxnet(spec);
    case 'ray':
      return planRay(spec);
  }
}
