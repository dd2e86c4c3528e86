import { RankwiseError } from '../base/errors';
import { strictHostfile, type LaunchHostfile } from './hostfiles';
import { launchContext, supervised, type LaunchContext } from './launchContext';
import { headFirst } from './machines';
import { hasOption, networkMca, unlessOwn } from './mpirunArguments';
import type { Plan } from './plan';
import { planBase } from './planBase';
import { shimCommand, shimFiles } from './rankShim';
import { countOn, placeBySlot, plannedWorker, type Placement } from './slots';
import { refuseShellText } from './shellSafe';
import { workdirOf, type LaunchSpec } from './spec';
import { STRICT_SSH_NOTE, strictSshFiles, withStrictSsh } from './strictSsh';

/** Options by which a user chooses hosts or their number by themselves. */
const OWN_PLACEMENT = [
  'np',
  'num-proc',
  'H',
  'hosts',
  'hostfile',
  'host-discovery-script',
  'min-np',
  'max-np',
  'min-num-proc',
  'max-num-proc',
];

/**
 * Horovod's own launcher on the head, over gloo or Open MPI. Its parser of hostfiles is strict, so it gets one of ours.
 * @throws RankwiseError as {@link placeBySlot}; `launch.sameNodeName`; `launch.visibleSecrets`; `launch.shellText`.
 */
export function planHorovodrun(asked: LaunchSpec): Plan {
  const spec = headFirst(asked);
  const context = launchContext(spec);
  const { head, machines, env, notes } = context;
  const { controller, args } = spec.launch.horovodrun;
  const base = planBase(spec, machines);
  if (controller === 'gloo' && base.secrets.length > 0) refuseVisibleSecrets(base.secrets);
  const placements = placeBySlot(spec, () => 1);
  refuseShellText('horovodrun', {
    workdir: workdirOf(spec),
    'horovodrun.interface': spec.launch.horovodrun.interface,
    ...Object.fromEntries(context.hosts.map(({ name, peer }) => [`the address of ${name}`, peer])),
  });
  const hostfile = strictHostfile(context, head, (host) => countOn(placements, host));
  const nic = interfaceOf(context);
  const launcher = supervised(context, head, {
    id: 'launcher',
    role: 'launcher',
    title: 'horovodrun',
    command: withStrictSsh(context, head, horovodrunArguments(context, placements, hostfile, nic)),
    env: { ...(controller === 'mpi' ? openMpiEnvironment(context) : {}), ...env },
  });
  return {
    ...base,
    files: [
      ...hostfile.files,
      launcher.file,
      ...strictSshFiles(head),
      ...shimFiles(context, { by: ['horovod', 'openmpi', 'pmi'], host: 'nodeName', meeting: true }),
    ],
    processes: [launcher.process],
    np: placements.length,
    workers: hasOption(args, ...OWN_PLACEMENT) ? [] : placements.map(plannedWorker),
    notes: [
      ...notes,
      ...interfaceNotes(context, nic),
      `horovodrun runs on ${head.name} and must reach the other hosts by SSH from there without a password.`,
      `horovodrun ${STRICT_SSH_NOTE}`,
      'Each rank writes to a log of its own on its host; horovodrun only carries its own messages.',
    ],
  };
}

/** The interface for `--network-interfaces`, which wants one name for all hosts. */
function interfaceOf({ spec, network }: LaunchContext): string | undefined {
  return spec.launch.horovodrun.interface ?? network?.interface;
}

/** horovodrun takes the name of an interface on one host for its name on all, the head included. */
function interfaceNotes({ network, machines }: LaunchContext, nic: string | undefined): string[] {
  if (nic !== undefined || machines.length < 2) return [];
  if (network === undefined) {
    return ['horovodrun looks for a common interface by itself, which takes some seconds.'];
  }
  const names = Object.entries(network.hosts).map(([host, own]) => `${own.interface} on ${host}`);
  return [
    `horovodrun needs an interface of the same name on every host and the head, but it is ${names.join(', ')}: it may not get through. \`launcher: mpirun\` does.`,
  ];
}

function horovodrunArguments(
  { spec }: LaunchContext,
  placements: readonly Placement[],
  hostfile: LaunchHostfile,
  nic: string | undefined,
): string[] {
  const { controller, args } = spec.launch.horovodrun;
  const hasOwnHosts = hasOption(args, 'H', 'hosts', 'hostfile', 'host-discovery-script');
  const hasController = hasOption(args, 'gloo', 'mpi', 'jsrun');
  return [
    'horovodrun',
    ...unlessOwn(args, ['np', 'num-proc'], ['-np', String(placements.length)]),
    ...(hasOwnHosts ? [] : ['--hostfile', hostfile.path]),
    ...(hasController ? [] : [`--${controller}`]),
    ...(nic === undefined
      ? []
      : unlessOwn(args, ['network-interface', 'network-interfaces'], ['--network-interfaces', nic])),
    ...args,
    ...shimCommand(spec.run),
  ];
}

/** horovodrun has no place for these parameters, and mpirun reads them from its environment too. */
function openMpiEnvironment({ spec, network }: LaunchContext): Record<string, string> {
  const { stop } = spec.launch;
  const parameters = {
    plm_rsh_no_tree_spawn: '1',
    odls_base_sigkill_timeout: String(stop.interruptSeconds + stop.terminateSeconds),
    oob_tcp_if_include: networkMca(network)['oob_tcp_if_include'],
  };
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) =>
      value === undefined ? [] : [[`OMPI_MCA_${name}`, value]],
    ),
  );
}

/** Over gloo, horovodrun writes the whole environment into the arguments of ssh. */
function refuseVisibleSecrets(secrets: Plan['secrets']): never {
  const names = secrets.map(({ variable }) => variable).join(', ');
  throw new RankwiseError(
    'launch.visibleSecrets',
    `over gloo, horovodrun would show ${names} to everybody on the hosts, in the arguments of its processes`,
    { nextStep: 'Use `horovodrun: { controller: mpi }` or `launcher: mpirun`.' },
  );
}
