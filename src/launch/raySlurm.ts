import { RankwiseError } from '../base/errors';
import { quote, quoteAll } from '../ssh/quote';
import { interpreter } from './jobScript';
import type { Plan } from './plan';
import { slurmNodeArguments } from './rayArguments';
import { slurmRayEnvironment } from './rayEnvironment';
import findScript from './rayPython.sh';
import nodeScript from './rayNode.sh';
import slurmScript from './raySlurm.sh';
import waitScript from './rayWait.sh';
import { hasSlurmOption, slurmOptionsOf } from './slurmDirectives';
import { loginOf, planSlurmJob } from './slurmLauncher';
import { taskScript } from './slurmScripts';
import { factsOf, userEnvironment, type LaunchSpec } from './spec';

/**
 * Ray inside an allocation of Slurm: one job script that starts a node of Ray on each of its nodes, waits until all have
 * joined, runs the command on the first and ends them. Ray shares out the resources of a node by itself, so each node
 * has one task.
 * @throws RankwiseError as {@link planSlurmJob}; `launch.rayInSlurm` for what needs hosts.
 */
export function planRayInSlurm(spec: LaunchSpec): Plan {
  const { launch } = spec;
  if (launch.ray.address !== undefined || launch.ray.mode === 'submit') {
    throw new RankwiseError(
      'launch.rayInSlurm',
      `launch "${launch.name}" starts its own Ray in a job of Slurm and runs the command as its driver`,
      { nextStep: 'Leave out `address` and `mode: submit`, or use a cluster with hosts.' },
    );
  }
  const options = slurmOptionsOf(spec);
  const { env, notes } = slurmRayEnvironment(userEnvironment(spec).env);
  const oneTask: LaunchSpec = {
    ...spec,
    launch: {
      ...launch,
      np: undefined,
      nodes: launch.nodes ?? 1,
      slurm: { ...launch.slurm, ntasksPerNode: options.ntasksPerNode ?? 1 },
    },
  };
  const login = loginOf(spec);
  const hasBash = factsOf(spec, login.name)?.hasBash ?? true;
  const lines = [
    ...Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}`),
    findScript.trimEnd(),
    waitScript.trimEnd(),
    stepFunction(options.srun),
    `rankwise_seconds=${launch.ray.joinSeconds}`,
    `rankwise_interpreter=${quote(interpreter(hasBash).join(' '))}`,
    slurmScript.trimEnd(),
  ];
  const plan = planSlurmJob(oneTask, {
    lines,
    files: [
      { path: 'ray-step.sh', mode: 0o700, content: stepScript(spec, options.gres) },
      { path: 'driver.sh', mode: 0o700, content: taskScript(spec, login.name) },
    ],
    np: launch.np ?? 0,
    workers: [],
    notes: [
      ...notes,
      'Ray runs in the nodes of the job, one task on each, and ends with it; the command starts once all nodes have joined.',
      'Ports are chosen when the job starts; what each node of Ray says is in ray-NODE.out of the run directory.',
    ],
  });
  return { ...plan, processes: plan.processes.map((process) => ({ ...process, tags: 'ray' })) };
}

/** `rankwise_srun`: one task beside the others. */
function stepFunction(srun: readonly string[]): string {
  const export_ = hasSlurmOption(srun, 'export') ? [] : ['--export=ALL'];
  const words = quoteAll(['--overlap', '--nodes=1', '--ntasks=1', ...export_, ...srun]);
  return `rankwise_srun() { srun ${words} "$@"; }`;
}

/** `ray-step.sh`: one node of Ray, as srun starts it on its node. */
function stepScript(spec: LaunchSpec, gres: string | undefined): string {
  const { head, node } = slurmNodeArguments(spec, gres);
  return `${[
    '#!/bin/sh',
    `# Started by srun on each node of the job of run ${spec.run}: a node of its Ray.`,
    '# The same on all nodes: an older Ray uses the path of the head on every node.',
    'rankwise_ray_directory=/tmp/rankwise-$SLURM_JOB_ID-${SLURM_RESTART_COUNT:-0}',
    'mkdir -m 700 -- "$rankwise_ray_directory" || exit',
    'cpus=${SLURM_CPUS_PER_TASK:-${SLURM_CPUS_ON_NODE:-1}}',
    'if [ "$SLURMD_NODENAME" = "$RANKWISE_RAY_HEAD" ]; then',
    `  trap '(umask 077 && : >"$RANKWISE_RAY_ENDED")' EXIT`,
    `  set -- ${head}`,
    '  rankwise_ray_head=',
    'else',
    `  set -- ${node}`,
    '  rankwise_ray_head=$RAY_ADDRESS',
    'fi',
    `rankwise_seconds=${spec.launch.ray.joinSeconds}`,
    findScript.trimEnd(),
    nodeScript.trimEnd(),
  ].join('\n')}\n`;
}
