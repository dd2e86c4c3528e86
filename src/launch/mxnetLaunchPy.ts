import { RankwiseError } from '../base/errors';
import { addressList } from './hostfiles';
import { addressOf, dmlcInterface } from './dmlc';
import { launchContext, supervised, userPathOn } from './launchContext';
import { unlessOwn } from './mpirunArguments';
import type { Plan } from './plan';
import { planBase } from './planBase';
import { pythonOf } from './pythonOf';
import { shimFiles } from './rankShim';
import { runDirectory } from './runDirectory';
import { placeBySlot } from './slots';
import { refuseShellText } from './shellSafe';
import { workdirOf, type LaunchSpec } from './spec';
import { STRICT_SSH_NOTE, strictSshFiles, withStrictSsh } from './strictSsh';

/** Trackers that start their processes on our hosts; the others hand them to a queue of their own. */
const FOLLOWED = ['local', 'ssh', 'mpi'];

/** Variables that launch.py would write unquoted into the arguments of ssh; every worker gets them from its own script. */
const GLUED = [
  'OMP_NUM_THREADS',
  'KMP_AFFINITY',
  'LD_LIBRARY_PATH',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'DMLC_INTERFACE',
];

/**
 * The user's own `launch.py` on the head. What it starts instead of the command is our shim, which takes the next free
 * number of its host, so that workers (and servers) have logs of their own.
 * @throws RankwiseError as {@link placeBySlot}; `launch.sameNodeName`; `launch.shellText`; `launch.secretsLeftBehind`.
 */
export function planMxnetLaunchPy(spec: LaunchSpec): Plan {
  const context = launchContext(spec);
  const { head, machines, notes } = context;
  const { servers, launchPy, tracker, syncDstDir, args } = spec.launch.mxnet;
  const isFollowed = FOLLOWED.includes(tracker);
  const np = placeBySlot(spec, () => 1).length;
  const base = planBase(spec, machines);
  const addresses = context.hosts.map((host) => addressOf(context, host));
  refuseShellText('launch.py', {
    workdir: workdirOf(spec),
    'mxnet.syncDstDir': syncDstDir,
    ...Object.fromEntries(
      context.hosts.map(({ name }, index) => [`the address of ${name}`, addresses[index]]),
    ),
  });
  if (tracker !== 'local' && base.secrets.length > 0) refuseSecrets(base.secrets);
  const hostfile = addressList(context, addresses);
  const argv = [
    pythonOf(spec.launch.command),
    userPathOn(context, head, launchPy ?? 'launch.py'),
    ...unlessOwn(args, ['n', 'num-workers'], ['-n', String(np)]),
    ...unlessOwn(args, ['s', 'num-servers'], ['-s', String(servers ?? np)]),
    ...(tracker === 'ssh' || tracker === 'mpi'
      ? unlessOwn(args, ['H', 'hostfile'], ['-H', hostfile.path])
      : []),
    ...(syncDstDir === undefined ? [] : ['--sync-dst-dir', syncDstDir]),
    ...unlessOwn(args, ['launcher'], ['--launcher', tracker]),
    ...args,
    // launch.py joins these words unquoted and hands them to a shell on each host.
    ...['sh', `"$HOME/${runDirectory(spec.run)}/rank.sh"`],
  ];
  const launcher = supervised(context, head, {
    id: 'launcher',
    role: 'launcher',
    title: 'launch.py',
    command: withStrictSsh(context, head, argv),
    env: Object.fromEntries(Object.entries(context.env).filter(([name]) => !GLUED.includes(name))),
  });
  return {
    ...base,
    files: [
      ...hostfile.files,
      launcher.file,
      ...strictSshFiles(head),
      ...shimFiles(context, {
        by: 'dmlc',
        host: 'nodeName',
        meeting: false,
        env: (host) => dmlcInterface(context, host),
      }),
    ],
    processes: [launcher.process],
    np,
    workers: [],
    notes: [
      ...notes,
      ...(tracker === 'ssh' || tracker === 'mpi'
        ? [
            `launch.py runs on ${head.name} and must reach the other hosts by SSH from there without a password.`,
            `launch.py ${STRICT_SSH_NOTE}`,
          ]
        : []),
      isFollowed
        ? 'launch.py says of no worker which rank it has: a worker has a rank once it prints it (kv.rank).'
        : `With --launcher ${tracker} the workers run where that queue puts them: only what launch.py prints is followed, and a stop ends launch.py alone.`,
      ...(isFollowed ? ['Each worker and server writes to a log of its own on its host.'] : []),
    ],
  };
}

/** launch.py passes no environment on but a few variables, and those where everybody can read them. */
function refuseSecrets(secrets: Plan['secrets']): never {
  const names = secrets.map(({ variable }) => variable).join(', ');
  throw new RankwiseError('launch.secretsLeftBehind', `launch.py would not bring ${names} to the workers`, {
    nextStep: 'Leave `mxnet.launchPy` out: Rankwise then starts the workers itself.',
  });
}
