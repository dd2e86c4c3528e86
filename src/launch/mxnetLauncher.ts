import type { HostModel } from '../config/model';
import { addressOf, dmlcInterface } from './dmlc';
import { launchContext, socketInterfaces, supervised, type LaunchContext } from './launchContext';
import { planMxnetLaunchPy } from './mxnetLaunchPy';
import type { Plan } from './plan';
import { planBase } from './planBase';
import { namedPython } from './pythonOf';
import { countOn, placeBySlot, plannedWorker } from './slots';
import { rendezvous, type LaunchSpec } from './spec';

/**
 * MXNet's parameter servers: a scheduler on the first host, servers spread over the hosts, a worker per slot, each with
 * the DMLC variables that `kvstore.create('dist_…')` reads. With `launchPy` the user's own launch.py starts them.
 * @throws RankwiseError as {@link placeBySlot}.
 */
export function planMxnet(spec: LaunchSpec): Plan {
  return spec.launch.mxnet.launchPy === undefined ? planNative(spec) : planMxnetLaunchPy(spec);
}

function planNative(spec: LaunchSpec): Plan {
  const context = launchContext(spec);
  const placements = placeBySlot(spec, () => 1);
  const hosts = context.hosts.filter((host) => countOn(placements, host) > 0);
  const [first = context.head] = hosts;
  const servers = spec.launch.mxnet.servers ?? placements.length;
  const shared = { ...dmlcEnvironment(context, first, placements.length, servers) };
  const envOf = (host: HostModel, role: string): Record<string, string> => ({
    DMLC_ROLE: role,
    ...shared,
    DMLC_NODE_HOST: addressOf(context, host),
    ...dmlcInterface(context, host),
    ...socketInterfaces(context, host),
    ...context.env,
  });
  const command = serviceCommand(spec);
  const scheduler = supervised(context, first, {
    id: 'scheduler',
    role: 'service',
    title: 'Scheduler',
    command,
    env: envOf(first, 'scheduler'),
  });
  const serverJobs = Array.from({ length: servers }, (_, index) => {
    const host = hosts[index % hosts.length] ?? first;
    return supervised(context, host, {
      id: `server-${index}`,
      role: 'service',
      title: `Server ${index}`,
      command,
      env: envOf(host, 'server'),
    });
  });
  const workers = placements.map(({ host, localIndex }) =>
    supervised(context, host, {
      id: String(localIndex),
      role: 'worker',
      title: `Worker ${host.name}/${localIndex}`,
      command: spec.launch.command,
      env: envOf(host, 'worker'),
    }),
  );
  const jobs = [scheduler, ...serverJobs, ...workers];
  return {
    ...planBase(spec, hosts),
    files: jobs.map(({ file }) => file),
    processes: jobs.map(({ process }) => process),
    np: placements.length,
    workers: placements.map((placed) => ({ ...plannedWorker(placed), rank: undefined })),
    notes: [
      ...context.notes,
      `Scheduler on ${first.name}:${shared.DMLC_PS_ROOT_PORT}, ${servers} servers, ${placements.length} workers.`,
      'MXNet gives ranks by arrival: a worker has a rank once it prints it (kv.rank).',
      'CUDA_VISIBLE_DEVICES is left alone.',
    ],
  };
}

/** What scheduler and servers run: `import mxnet` does their work; else the command itself, as launch.py does it. */
function serviceCommand({ launch: { command } }: LaunchSpec): string | string[] {
  const python = namedPython(command);
  if (python === undefined) return command;
  return [python, '-c', 'import mxnet'];
}

function dmlcEnvironment(
  context: LaunchContext,
  first: HostModel,
  workers: number,
  servers: number,
): {
  DMLC_PS_ROOT_URI: string;
  DMLC_PS_ROOT_PORT: string;
  DMLC_NUM_WORKER: string;
  DMLC_NUM_SERVER: string;
} {
  return {
    DMLC_PS_ROOT_URI: addressOf(context, first),
    DMLC_PS_ROOT_PORT: rendezvous(context.spec).MASTER_PORT,
    DMLC_NUM_WORKER: String(workers),
    DMLC_NUM_SERVER: String(servers),
  };
}
