import { planAgents, type Agent } from './agents';
import { strictHostfile } from './hostfiles';
import { longOptions } from './options';
import type { Plan } from './plan';
import { countOn } from './slots';
import type { LaunchSpec } from './spec';

/**
 * DeepSpeed's launcher, started by us on each host (`--no_ssh`) instead of by itself through pdsh.
 * @throws RankwiseError as {@link planAgents}.
 */
export function planDeepspeed(spec: LaunchSpec): Plan {
  return planAgents(spec, {
    program: 'deepspeed',
    argv: deepspeedArguments,
    files: (context, placements) =>
      context.hosts
        .filter((host) => countOn(placements, host) > 0)
        .flatMap((host) => strictHostfile(context, host, (one) => countOn(placements, one)).files),
    shim: ['torchOld'],
    hasFixedRanks: true,
    mustBeEven: false,
    // Its launcher kills all workers as soon as it is asked to end, without time to save.
    signalled: 'workers',
    restarts: false,
    notes: [
      'deepspeed must know --no_ssh (versions since summer 2024); no host needs SSH to another.',
      'The local rank is told by LOCAL_RANK, not by a --local_rank argument (--no_local_rank).',
    ],
  });
}

function deepspeedArguments({ context, host, node, meeting, shim }: Agent): string[] {
  const { args } = context.spec.launch.deepspeed;
  const options = longOptions(
    [
      ['hostfile', strictHostfile(context, host, () => 1).path],
      ['node_rank', String(node)],
      ['master_addr', meeting.address],
      ['master_port', meeting.port],
    ],
    args,
  );
  return ['deepspeed', ...options, '--no_ssh', ...args, '--no_python', '--no_local_rank', ...shim];
}
