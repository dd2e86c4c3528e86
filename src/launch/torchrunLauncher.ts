import { planAgents, type Agent } from './agents';
import { longOptions, type Option } from './options';
import type { Plan } from './plan';
import { pythonOf } from './pythonOf';
import { factsOf, type LaunchSpec } from './spec';

/**
 * torchrun (PyTorch ≥ 1.9), or `python -m torch.distributed.launch` of older ones, with one agent per host. Options are
 * written with underscores, which every version accepts.
 * @throws RankwiseError as {@link planAgents}.
 */
export function planTorchrun(spec: LaunchSpec): Plan {
  const { program, rendezvous, maxRestarts } = spec.launch.torchrun;
  const isOld = program === 'torch.distributed.launch';
  const isElastic = !isOld && rendezvous === 'c10d';
  return planAgents(spec, {
    program,
    argv: (agent) => (isOld ? oldArguments(agent) : [...commonArguments(agent, isElastic), ...agent.shim]),
    shim: ['torch', 'torchOld'],
    hasFixedRanks: !isElastic,
    mustBeEven: isOld,
    signalled: 'all',
    restarts: !isOld && maxRestarts > 0,
    notes: isElastic ? elasticNotes(spec) : [],
  });
}

function commonArguments(agent: Agent, isElastic: boolean): string[] {
  const { args, maxRestarts } = agent.context.spec.launch.torchrun;
  const options: Option[] = [
    ['nproc_per_node', String(agent.processes)],
    ...(isElastic ? elasticOptions(agent) : staticOptions(agent)),
    ['max_restarts', maxRestarts > 0 ? String(maxRestarts) : undefined],
  ];
  return ['torchrun', ...longOptions(options, args), ...args, '--no_python'];
}

function staticOptions({ nodes, node, meeting }: Agent): Option[] {
  return [
    ['nnodes', String(nodes)],
    ['node_rank', String(node)],
    ['master_addr', meeting.address],
    ['master_port', meeting.port],
  ];
}

/** Agents find each other at the first host; that it is the one is said, since a name need not tell it. */
function elasticOptions({ context, host, nodes, node, meeting }: Agent): Option[] {
  const { torchrun } = context.spec.launch;
  const own = context.network?.hosts[host.name]?.address;
  const ownAddress = factsOf(context.spec, host.name)?.ownAddress;
  return [
    ['nnodes', torchrun.minNodes === undefined ? String(nodes) : `${torchrun.minNodes}:${nodes}`],
    ['rdzv_backend', 'c10d'],
    ['rdzv_endpoint', `${meeting.address}:${meeting.port}`],
    ['rdzv_id', context.spec.run],
    ['rdzv_conf', `is_host=${node === 0 ? 1 : 0}`],
    // The agent announces its host by name; where that name leads elsewhere, it is given the address (PyTorch ≥ 2.0).
    ['local_addr', own !== undefined && ownAddress !== own ? own : undefined],
  ];
}

/** Before torchrun existed the launcher had no rendezvous and passed a local rank as an argument. */
function oldArguments({ context, processes, nodes, node, meeting, shim }: Agent): string[] {
  const { args } = context.spec.launch.torchrun;
  const options: Option[] = [
    ['nnodes', String(nodes)],
    ['node_rank', String(node)],
    ['nproc_per_node', String(processes)],
    ['master_addr', meeting.address],
    ['master_port', meeting.port],
  ];
  const python = pythonOf(context.spec.launch.command);
  return [
    python,
    '-m',
    'torch.distributed.launch',
    ...longOptions(options, args),
    ...args,
    '--use_env',
    '--no_python',
    ...shim,
  ];
}

function elasticNotes({ launch: { torchrun } }: LaunchSpec): string[] {
  return [
    'Ranks are given by arrival, so a worker has its rank once it runs, and perhaps another after a restart.',
    ...(torchrun.minNodes === undefined
      ? []
      : [`The training goes on as long as ${torchrun.minNodes} hosts are there.`]),
  ];
}
