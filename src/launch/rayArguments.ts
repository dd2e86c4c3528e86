import type { HostModel } from '../config/model';
import { quoteAll } from '../ssh/quote';
import { factsOf, type LaunchSpec } from './spec';

/** Where one node of Ray lives. */
export interface RayNode {
  host: HostModel;
  /** The address by which the other nodes reach it. */
  address: string;
  /** A directory of its own below /tmp: Ray's socket paths may not exceed 107 bytes. */
  directory: string;
}

/** Ports of the head; placeholders in a preview. */
export interface RayPorts {
  gcs: string;
  dashboard: string;
  client: string;
}

/** @returns the ports that the user's arguments name, else free ones that were found on the head. */
export function rayPorts(spec: LaunchSpec, head: HostModel): RayPorts {
  const facts = factsOf(spec, head.name);
  const [dashboard, client] = facts?.morePorts ?? [];
  const port = (option: string, free: number | undefined): string =>
    ownValue(spec.launch.ray.headArgs, option) ?? (free === undefined ? '<free port>' : String(free));
  return {
    gcs: port('--port', facts?.freePort),
    dashboard: port('--dashboard-port', dashboard),
    client: port('--ray-client-server-port', client),
  };
}

/** Value of `--option=VALUE` or `--option VALUE`. */
function ownValue(args: readonly string[], option: string): string | undefined {
  const joined = args.find((arg) => arg.startsWith(`${option}=`));
  if (joined !== undefined) return joined.slice(option.length + 1);
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
}

/**
 * Arguments of `ray` for the head. The user's own win.
 * @param offers false: the head takes part without CPUs and GPUs of its own.
 */
export function headArguments(spec: LaunchSpec, node: RayNode, ports: RayPorts, offers: boolean): string[] {
  const { headArgs } = spec.launch.ray;
  return [
    ...['start', '--head', '--block'],
    ...withDefaults(headArgs, [
      ['--port', ports.gcs],
      ['--dashboard-host', '127.0.0.1'],
      ['--dashboard-port', ports.dashboard],
      ['--ray-client-server-port', ports.client],
      ...(offers ? resources(spec, node.host) : NOTHING),
      ...common(node),
    ]),
  ];
}

/** The words of `ray` on a node of Slurm, as shell text: what the job knows stands in variables of raySlurm.sh. */
export function slurmNodeArguments(
  { launch }: LaunchSpec,
  gres: string | undefined,
): { head: string; node: string } {
  const { numCpus, numGpus, headArgs, nodeArgs } = launch.ray;
  const gpus = numGpus ?? launch.gpus ?? gpusOf(gres);
  const all: ShellOption[] = [
    ['--num-cpus', numCpus === undefined ? '"$cpus"' : String(numCpus)],
    ...(gpus === undefined ? [] : [['--num-gpus', String(gpus)] as const]),
    ['--node-name', '"$SLURMD_NODENAME"'],
    ['--temp-dir', '"$rankwise_ray_directory/ray"'],
    ...ANY_PORTS,
  ];
  const forHead: ShellOption[] = [
    ['--node-ip-address', '"${RAY_ADDRESS%:*}"'],
    ['--port', '"$RANKWISE_RAY_PORT"'],
    ['--dashboard-host', '127.0.0.1'],
    ['--dashboard-port', '"$RANKWISE_RAY_DASHBOARD"'],
    ['--ray-client-server-port', '"$RANKWISE_RAY_CLIENT"'],
  ];
  const words = (own: readonly string[], options: readonly ShellOption[]): string =>
    [...without(own, options).map(joined), quoteAll(own)].join(' ').trimEnd();
  return {
    head: `start --head --block ${words(headArgs, [...forHead, ...all])}`,
    node: `start --address="$RAY_ADDRESS" --block ${words(nodeArgs, all)}`,
  };
}

/** GPUs of a node by `--gres=gpu:4` or `gpu:a100:4`. */
function gpusOf(gres: string | undefined): number | undefined {
  const count = /(?:^|,)gpu(?::[\w.-]+)?:(\d+)/.exec(gres ?? '')?.[1];
  return count === undefined ? undefined : Number(count);
}

/** Arguments of `ray` for a host that joins the head at `address`. The user's own win. */
export function nodeArguments(spec: LaunchSpec, node: RayNode, address: string): string[] {
  return [
    ...['start', `--address=${address}`, '--block'],
    ...withDefaults(spec.launch.ray.nodeArgs, [...resources(spec, node.host), ...common(node)]),
  ];
}

type Option = readonly [name: string, value?: string];
/** The value is shell text. */
type ShellOption = Option;

/** Ports that are free, where Ray has fixed ones: two Rays may share a host. */
const ANY_PORTS: readonly Option[] = [
  ['--dashboard-agent-listen-port', '0'],
  ['--min-worker-port', '0'],
  ['--max-worker-port', '0'],
  ['--log-color', 'false'],
  ['--disable-usage-stats'],
];

const NOTHING: readonly Option[] = [
  ['--num-cpus', '0'],
  ['--num-gpus', '0'],
];

/** What is not said here is as Ray finds it. */
function resources({ launch }: LaunchSpec, host: HostModel): Option[] {
  const gpus = launch.ray.numGpus ?? launch.gpus ?? host.gpus;
  const { numCpus } = launch.ray;
  return [
    ...(numCpus === undefined ? [] : [['--num-cpus', String(numCpus)] as const]),
    ...(gpus === undefined ? [] : [['--num-gpus', String(gpus)] as const]),
  ];
}

function common({ host, address, directory }: RayNode): Option[] {
  return [
    ['--node-name', host.name],
    ['--node-ip-address', address],
    ['--temp-dir', `${directory}/ray`],
    ...ANY_PORTS,
  ];
}

/** Our options but those the user's arguments hold, then the user's. */
function withDefaults(own: readonly string[], defaults: readonly Option[]): string[] {
  return [...without(own, defaults).map(joined), ...own];
}

function without(own: readonly string[], options: readonly Option[]): Option[] {
  return options.filter(([name]) => !own.some((arg) => arg === name || arg.startsWith(`${name}=`)));
}

function joined([name, value]: Option): string {
  return value === undefined ? name : `${name}=${value}`;
}
