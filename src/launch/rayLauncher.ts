import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { RankwiseError } from '../base/errors';
import type { HostModel } from '../config/model';
import { quoteAll, quotePath, quote } from '../ssh/quote';
import { launchContext, supervised, type LaunchContext, type Supervised } from './launchContext';
import type { Plan } from './plan';
import { planBase } from './planBase';
import { headArguments, nodeArguments, rayPorts, type RayNode } from './rayArguments';
import { rayDriver, rayJob, type RayDriver } from './rayDriver';
import { ownRayEnvironment, rayEnvironment } from './rayEnvironment';
import nodeScript from './rayNode.sh';
import findScript from './rayPython.sh';
import { planRayInSlurm } from './raySlurm';
import waitScript from './rayWait.sh';
import { hostDirectory } from './runDirectory';
import type { LaunchSpec } from './spec';

/**
 * Ray in a job of Slurm: {@link planRayInSlurm}. Ray on plain hosts: a head and a node per further host, each in a session of its own (`ray stop` would end every Ray
 * of a host), and the user's command as driver or job once all have joined. Where the launch names an address, only
 * the command: that Ray belongs to somebody else. Which trial or rank a line is of, only Ray's output says.
 * @throws RankwiseError as {@link launchContext}; `launch.rayAddress`.
 */
export function planRay(spec: LaunchSpec): Plan {
  if (spec.cluster.slurm !== undefined) return planRayInSlurm(spec);
  const { address } = spec.launch.ray;
  return address === undefined ? planOwnRay(spec) : planExistingRay(spec, address);
}

function planOwnRay(spec: LaunchSpec): Plan {
  const context = launchContext(spec);
  const { head, hosts, machines } = context;
  const nodes = machines.map((host) => rayNode(context, host));
  const headNode = rayNode(context, head);
  const { joinSeconds, mode } = spec.launch.ray;
  const ports = rayPorts(spec, head);
  const gcs = `${headNode.address}:${ports.gcs}`;
  const { env, notes, secrets, hasToken } = ownRayEnvironment(context.env);
  const envOn = ({ directory }: RayNode): Record<string, string> =>
    hasToken ? { ...env, RAY_AUTH_TOKEN_PATH: `${directory}/token` } : env;

  const services = nodes.map((node): Supervised => {
    const isHead = node.host === head;
    const args = isHead
      ? headArguments(spec, node, ports, hosts.includes(head))
      : nodeArguments(spec, node, gcs);
    const service = supervised(context, node.host, {
      id: isHead ? 'ray-head' : 'ray-node',
      role: 'service',
      title: isHead ? 'Head of Ray' : 'Node of Ray',
      command: [
        `rankwise_ray_directory=${quote(node.directory)}`,
        // Ray opens its own directory to everybody: it lies in one that nobody else can enter. One that is there is not ours.
        'mkdir -m 700 -- "$rankwise_ray_directory" || exit',
        `rankwise_seconds=${joinSeconds}`,
        ...(isHead ? [] : [`rankwise_ray_head=${quote(gcs)}`]),
        `set -- ${quoteAll(args)}`,
        findScript.trimEnd(),
        nodeScript.trimEnd(),
      ].join('\n'),
      env: envOn(node),
    });
    return { ...service, process: { ...service.process, argv: ['ray', ...args] } };
  });

  const record = quotePath(`~/${hostDirectory(spec.run, head.name)}/ray-head.exit`);
  const names = quoteAll(machines.map(({ name }) => name));
  const wait = [
    ...(hasToken ? ['unset RANKWISE_RAY_TOKEN RAY_AUTH_TOKEN'] : []),
    findScript.trimEnd(),
    waitScript.trimEnd(),
    `rankwise_wait_for_ray ${joinSeconds} ${record} ${names} || exit`,
  ].join('\n');
  const driverEnv = { ...envOn(headNode), RAY_ADDRESS: gcs };
  const job = `http://127.0.0.1:${ports.dashboard}`;
  const { files, driver } =
    mode === 'driver'
      ? rayDriver(context, head, driverEnv, wait)
      : rayJob(context, head, driverEnv, wait, { address: job, isHere: true });
  const port = Number(ports.dashboard);
  return {
    ...rayPlan(context, { files: [...services.map(({ file }) => file), ...files], driver }),
    processes: [...services.map(({ process }) => process), driver.process],
    secrets: [...planBase(spec, machines).secrets, ...secrets],
    pages: Number.isNaN(port) ? [] : [{ label: "Ray's dashboard", host: head.name, port }],
    notes: [
      ...context.notes,
      ...notes,
      `Ray's head runs on ${head.name} (${gcs}); the command starts once ${machines.length === 1 ? 'it is ready' : `all ${machines.length} hosts have joined`}.`,
      `Ray's dashboard listens on ${head.name} alone (127.0.0.1:${ports.dashboard}).${hasToken ? ` It asks for the token, which is in ${headNode.directory}/token there while the run lasts.` : ''}`,
      'Only the Ray of this run is ended with it; other Rays of these hosts are left alone.',
    ],
  };
}

function planExistingRay(spec: LaunchSpec, address: string): Plan {
  const context = launchContext(spec);
  const { env, notes } = rayEnvironment(context.env);
  const isJob = spec.launch.ray.mode === 'submit';
  if (!isJob && /^https?:/.test(address)) {
    throw new RankwiseError('launch.rayAddress', `a driver cannot use ${address}, which takes jobs`, {
      nextStep: 'Write `mode: submit`, or the address of Ray itself, such as 10.0.0.5:6379.',
    });
  }
  const driver = isJob
    ? rayJob(context, context.head, env, '', { address, isHere: false })
    : rayDriver(context, context.head, { ...env, RAY_ADDRESS: address }, '');
  return {
    ...rayPlan({ ...context, machines: [context.head] }, driver),
    notes: [
      ...context.notes,
      ...notes,
      `The command uses the Ray at ${address}, which is neither started nor ended.`,
      isJob
        ? 'The job is stopped with the run. Its environment is set on the host it runs on, not on those of its workers.'
        : 'Workers have the environment of the Ray they run in, not that of this launch.',
    ],
  };
}

/** The part of a plan that both ways share. */
function rayPlan(context: LaunchContext, { files, driver }: RayDriver): Plan {
  const { spec } = context;
  return {
    ...planBase(spec, context.machines),
    files: [...files, driver.file],
    processes: [driver.process],
    np: spec.launch.np ?? 0,
    workers: [],
    signalled: 'all',
    notes: [],
  };
}

/** @throws nothing: a preview has the address that the file gives. */
function rayNode({ spec, network }: LaunchContext, host: HostModel): RayNode {
  // A name may mean 127.0.1.1 on the host itself; Ray announces what it is given.
  const address = isIPv4(host.peer) ? host.peer : (network?.hosts[host.name]?.address ?? host.peer);
  // The same on all hosts: an older Ray uses the head's path on every node.
  const id = createHash('sha256').update(spec.run).digest('hex').slice(0, 12);
  return { host, address, directory: `/tmp/rankwise-${id}` };
}
