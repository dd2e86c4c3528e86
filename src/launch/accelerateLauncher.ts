import { gpusOn, planAgents, type Agent } from './agents';
import { hasOption } from './mpirunArguments';
import { longOptions } from './options';
import type { Plan } from './plan';
import type { LaunchSpec } from './spec';

/** Options by which a user chooses the kind of training; then we choose none. */
const KINDS = ['multi_gpu', 'cpu', 'tpu', 'use_deepspeed', 'use_fsdp', 'use_megatron_lm', 'config_file'];

/**
 * `accelerate launch` on each host.
 * @throws RankwiseError as {@link planAgents}.
 */
export function planAccelerate(spec: LaunchSpec): Plan {
  const hasGpus = spec.facts === undefined || spec.cluster.hosts.some((host) => gpusOn(spec, host) > 0);
  return planAgents(spec, {
    program: 'accelerate',
    argv: accelerateArguments,
    env: () => (hasGpus ? {} : { ACCELERATE_USE_CPU: 'true' }),
    shim: ['torch', 'torchOld'],
    hasFixedRanks: true,
    mustBeEven: true,
    signalled: 'all',
    restarts: false,
    notes: notesOf(spec, hasGpus),
  });
}

function notesOf({ launch }: LaunchSpec, hasGpus: boolean): string[] {
  if (hasOption(launch.accelerate.args, 'cpu')) {
    return [
      'With --cpu accelerate starts one process on each host and tells it no rank, so that no worker can start. Leave it out: without GPUs Rankwise sets ACCELERATE_USE_CPU=true.',
    ];
  }
  return hasGpus
    ? []
    : [
        'ACCELERATE_USE_CPU=true: no GPU was found. --multi_gpu only means several processes: with --cpu accelerate starts one.',
      ];
}

function accelerateArguments({ context, np, nodes, node, meeting, shim }: Agent): string[] {
  const { args } = context.spec.launch.accelerate;
  const options = longOptions(
    [
      ['num_machines', String(nodes)],
      ['machine_rank', String(node)],
      ['num_processes', String(np)],
      ['main_process_ip', meeting.address],
      ['main_process_port', meeting.port],
    ],
    args,
  );
  const isChosen = KINDS.some((kind) => hasOption(args, kind, kind.replaceAll('_', '-')));
  const kind = np > 1 && !isChosen ? ['--multi_gpu'] : [];
  return ['accelerate', 'launch', ...options, ...kind, ...args, '--no_python', ...shim];
}
