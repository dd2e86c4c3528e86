import { RankwiseError } from '../base/errors';
import type { HostModel } from '../config/model';
import { renderJob } from './jobScript';
import { exportedNames, hasOption, mcaDefaults, unlessOwn } from './mpirunArguments';
import { rankJobScript, rankScript } from './mpirunScripts';
import type { Plan, PlanFile, PlanWorker } from './plan';
import { planBase } from './planBase';
import { hostDirectory, runDirectory } from './runDirectory';
import { placeBySlot, plannedWorker } from './slots';
import { factsOf, userEnvironment, workdirOf, type LaunchSpec } from './spec';

/**
 * Open MPI (4.x) started on the first host. The user's hostfile is given to it byte for byte; its own flags win over
 * what we would choose. Each rank's output goes to a log of its own on the rank's host.
 * @throws RankwiseError as {@link placeBySlot}; `launch.sameNodeName` when two hosts cannot be told apart.
 */
export function planMpirun(spec: LaunchSpec): Plan {
  const { launch, cluster } = spec;
  const { np, workers } = expectedWorkers(spec);
  const [head] = cluster.hosts;
  if (head === undefined) throw new RankwiseError('launch.noHosts', `cluster "${cluster.name}" has no hosts`);
  refuseEqualNodeNames(spec);

  const { env, notes } = userEnvironment(spec);
  const argv = mpirunArguments(spec, head, np, env);
  const hasBash = factsOf(spec, head.name)?.hasBash ?? true;
  const launcherScript = renderJob({
    title: `mpirun of launch ${launch.name}, run ${spec.run}. By hand:  RANKWISE_RUN_ID=by-hand bash -l launcher.sh`,
    env,
    workdir: workdirOf(spec),
    setup: cluster.setup,
    command: argv,
    hasBash,
  });
  const perHost = cluster.hosts.flatMap((host): PlanFile[] => [
    {
      host: host.name,
      path: 'rank.sh',
      mode: 0o700,
      content: rankScript(spec, cluster.hosts, launch.mpirun.x),
    },
    {
      host: host.name,
      path: 'rank-job.sh',
      mode: 0o700,
      content: rankJobScript(spec, env, launch.mpirun.x, factsOf(spec, host.name)?.hasBash ?? true),
    },
  ]);
  return {
    ...planBase(spec, cluster.hosts),
    files: [
      { host: head.name, path: `${head.name}/hostfile`, mode: 0o600, content: hostfileText(spec) },
      { host: head.name, path: `${head.name}/launcher.sh`, mode: 0o700, content: launcherScript },
      ...perHost,
    ],
    processes: [{ id: 'launcher', host: head.name, role: 'launcher', argv, env, cwd: workdirOf(spec) }],
    np,
    workers,
    notes: [
      ...notes,
      `mpirun runs on ${head.name} and reaches the other hosts by SSH from there.`,
      'Each rank writes to a log of its own on its host; mpirun only carries its own messages.',
    ],
  };
}

function mpirunArguments(
  spec: LaunchSpec,
  head: HostModel,
  np: number,
  env: Record<string, string>,
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
  };
  return [
    'mpirun',
    ...unlessOwn(args, ['np', 'n', 'c'], ['-np', String(np)]),
    ...unlessOwn(args, ['hostfile', 'machinefile', 'H', 'host'], ['-hostfile', hostfilePath(spec, head)]),
    ...unlessOwn(args, ['bind-to'], ['-bind-to', options.bindTo ?? 'none']),
    ...unlessOwn(args, ['map-by'], ['-map-by', options.mapBy ?? 'slot']),
    ...Object.entries(options.mca).flatMap(([name, value]) => ['-mca', name, value]),
    ...mcaDefaults(options, defaults),
    ...exportedNames(options, env).flatMap((name) => ['-x', name]),
    ...args,
    'sh',
    '-c',
    `exec sh "$HOME/${runDirectory(spec.run)}/rank.sh"`,
  ];
}

function hostfilePath(spec: LaunchSpec, head: HostModel): string {
  const home = factsOf(spec, head.name)?.home ?? `<home on ${head.name}>`;
  return `${home}/${hostDirectory(spec.run, head.name)}/hostfile`;
}

function hostfileText({ cluster }: LaunchSpec): string {
  if (cluster.hostfile !== undefined) return cluster.hostfile.text;
  return cluster.hosts
    .map(({ peer, slots }) => (slots === undefined ? `${peer}\n` : `${peer} slots=${slots}\n`))
    .join('');
}

/** The workers, where the hostfile alone decides which host gets which rank; else only how many there will be. */
function expectedWorkers(spec: LaunchSpec): { np: number; workers: PlanWorker[] } {
  const slots = (host: HostModel): number => host.slots ?? factsOf(spec, host.name)?.cores ?? 1;
  if (!isPlacedBySlot(spec)) {
    const all = spec.cluster.hosts.reduce((sum, host) => sum + slots(host), 0);
    return { np: spec.launch.np ?? all, workers: [] };
  }
  const workers = placeBySlot(spec, slots).map(plannedWorker);
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

/** A rank finds its host by `uname -n`; two hosts of one name would write into one directory. */
function refuseEqualNodeNames(spec: LaunchSpec): void {
  const byName = new Map<string, string>();
  for (const { name } of spec.cluster.hosts) {
    const nodeName = factsOf(spec, name)?.nodeName;
    if (nodeName === undefined) continue;
    const other = byName.get(nodeName);
    if (other !== undefined) {
      throw new RankwiseError(
        'launch.sameNodeName',
        `${other} and ${name} both call themselves ${nodeName}`,
        {
          host: name,
          nextStep: 'Give them different host names (hostnamectl), or list the machine once.',
        },
      );
    }
    byName.set(nodeName, name);
  }
}
