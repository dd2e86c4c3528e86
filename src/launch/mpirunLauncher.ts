import type { HostModel } from '../config/model';
import { openMpiHostfile, type LaunchHostfile } from './hostfiles';
import { launchContext, supervised, type LaunchContext } from './launchContext';
import { headFirst } from './machines';
import {
  exportedNames,
  hasOption,
  mcaDefaults,
  networkMca,
  ownExports,
  ownMca,
  unlessOwn,
} from './mpirunArguments';
import { ownInterfaceNotes } from './ownInterfaces';
import type { Plan, PlanWorker } from './plan';
import { planBase } from './planBase';
import { shimCommand, shimFiles } from './rankShim';
import { placeBySlot, plannedWorker, slotsOn } from './slots';
import { refuseShellText } from './shellSafe';
import { factsOf, type LaunchSpec } from './spec';

/**
 * Open MPI (4.x) started on the head. The user's hostfile is given to it byte for byte; its own flags win over what we
 * would choose. Each rank's output goes to a log of its own on the rank's host.
 * @throws RankwiseError as {@link placeBySlot}; `launch.sameNodeName` when two hosts cannot be told apart; `launch.shellText`.
 */
export function planMpirun(asked: LaunchSpec): Plan {
  const spec = headFirst(asked);
  const context = launchContext(spec);
  const { head, machines, env, notes } = context;
  const { np, workers } = expectedWorkers(context);
  const base = planBase(spec, machines);
  refuseShellText('mpirun', ownMca(spec.launch.mpirun), 'double');
  const hostfile = openMpiHostfile(context);
  const exported = [...Object.keys(env), ...base.secrets.map(({ variable }) => variable)];
  const launcher = supervised(context, head, {
    id: 'launcher',
    role: 'launcher',
    title: 'mpirun',
    command: mpirunArguments(context, np, hostfile, exported),
    env,
  });
  const { mpirun } = spec.launch;
  return {
    ...base,
    files: [
      ...hostfile.files,
      launcher.file,
      ...shimFiles(context, {
        by: ['openmpi'],
        host: 'nodeName',
        forwarded: ownExports(mpirun),
        meeting: true,
      }),
    ],
    processes: [launcher.process],
    np,
    workers,
    notes: [
      ...notes,
      ...ownInterfaceNotes(machines, spec.facts, ownMca(mpirun)),
      `mpirun runs on ${head.name} and must reach the other hosts by SSH from there without a password.`,
      'Each rank writes to a log of its own on its host; mpirun only carries its own messages.',
    ],
  };
}

function mpirunArguments(
  { spec, network }: LaunchContext,
  np: number,
  hostfile: LaunchHostfile,
  exported: readonly string[],
): string[] {
  const options = spec.launch.mpirun;
  const { args } = options;
  const deadline = spec.launch.stop.interruptSeconds + spec.launch.stop.terminateSeconds;
  const defaults = {
    // Only the head has to reach the others.
    plm_rsh_no_tree_spawn: '1',
    // A remote orted starts with a fresh environment: without this its processes could not be found again.
    orte_launch_agent: `env RANKWISE_RUN_ID=${spec.run} RANKWISE_ROLE=launcher orted`,
    // mpirun kills its ranks this many seconds after asking them to end; they get the time that is shown.
    odls_base_sigkill_timeout: String(deadline),
    ...networkMca(network),
  };
  return [
    'mpirun',
    ...unlessOwn(args, ['np', 'n', 'c'], ['-np', String(np)]),
    ...unlessOwn(args, ['hostfile', 'machinefile', 'H', 'host'], ['-hostfile', hostfile.path]),
    ...unlessOwn(args, ['bind-to'], ['-bind-to', options.bindTo ?? 'none']),
    ...unlessOwn(args, ['map-by'], ['-map-by', options.mapBy ?? 'slot']),
    ...Object.entries(options.mca).flatMap(([name, value]) => ['-mca', name, value]),
    ...mcaDefaults(options, defaults),
    ...exportedNames(options, exported).flatMap((name) => ['-x', name]),
    ...args,
    ...shimCommand(spec.run),
  ];
}

/** The workers, where the hostfile alone decides which host gets which rank; else only how many there will be. */
function expectedWorkers({ spec, hosts }: LaunchContext): { np: number; workers: PlanWorker[] } {
  const cores = (host: HostModel): number => factsOf(spec, host.name)?.cores ?? 1;
  if (!isPlacedBySlot(spec)) {
    const all = hosts.reduce((sum, host) => sum + slotsOn(spec, host, cores(host)), 0);
    return { np: spec.launch.np ?? all, workers: [] };
  }
  const workers = placeBySlot(spec, cores).map(plannedWorker);
  return { np: workers.length, workers };
}

/** Whether rank → host follows from the hostfile alone. */
function isPlacedBySlot({ launch: { mpirun } }: LaunchSpec): boolean {
  const ownMapping = [
    'map-by',
    'rank-by',
    'np',
    'n',
    'c',
    'H',
    'host',
    'hostfile',
    'machinefile',
    'rankfile',
    'npernode',
    'oversubscribe',
    'N',
  ];
  return (mpirun.mapBy === undefined || mpirun.mapBy === 'slot') && !hasOption(mpirun.args, ...ownMapping);
}
