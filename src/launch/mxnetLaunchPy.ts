import { addressList } from './hostfiles';
import { launchContext, supervised } from './launchContext';
import { addressOf, dmlcInterface } from './dmlc';
import { unlessOwn } from './mpirunArguments';
import type { Plan } from './plan';
import { planBase } from './planBase';
import { pythonOf } from './pythonOf';
import { shimFiles } from './rankShim';
import { runDirectory } from './runDirectory';
import { placeBySlot } from './slots';
import type { LaunchSpec } from './spec';
import { STRICT_SSH_NOTE, strictSshFiles, withStrictSsh } from './strictSsh';

/** Trackers that start their processes on our hosts; the others hand them to a queue of their own. */
const FOLLOWED = ['local', 'ssh', 'mpi'];

/**
 * The user's own `launch.py` on the head. What it starts instead of the command is our shim, which takes the next free
 * number of its host, so that workers (and servers) have logs of their own.
 * @throws RankwiseError as {@link placeBySlot}; `launch.sameNodeName`.
 */
export function planMxnetLaunchPy(spec: LaunchSpec): Plan {
  const context = launchContext(spec);
  const { head, machines, notes } = context;
  const { servers, launchPy, tracker, syncDstDir, args } = spec.launch.mxnet;
  const isFollowed = FOLLOWED.includes(tracker);
  const np = placeBySlot(spec, () => 1).length;
  const hostfile = addressList(
    context,
    context.hosts.map((host) => addressOf(context, host)),
  );
  const argv = [
    pythonOf(spec.launch.command),
    launchPy ?? 'launch.py',
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
    env: { ...dmlcInterface(context, head), ...context.env },
  });
  return {
    ...planBase(spec, machines),
    files: [
      ...hostfile.files,
      launcher.file,
      ...strictSshFiles(head),
      ...shimFiles(context, { by: 'dmlc', host: 'nodeName', meeting: false }),
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
