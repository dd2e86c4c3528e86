import type { ClusterModel, LaunchModel } from '../config/model';
import type { Facts, HostFacts } from './facts';
import type { PlanSecret } from './plan';

/** Everything a launcher needs to make a plan; plain data. */
export interface LaunchSpec {
  /** Run id, or `<run>` in a preview. */
  run: string;
  launch: LaunchModel;
  cluster: ClusterModel;
  /** Undefined in a preview: nothing was asked of any host. */
  facts: Facts | undefined;
  /** The user's own sbatch script that `slurm.script` names: absolute path and text. */
  script?: { path: string; text: string };
}

/** Environment that Rankwise sets unless the user sets the same name; each with the reason shown in the preview. */
const DEFAULT_ENVIRONMENT: readonly { name: string; value: string; why: string }[] = [
  { name: 'PYTHONUNBUFFERED', value: '1', why: 'Python prints each line at once' },
  {
    name: 'SPT_NOENV',
    value: '1',
    why: 'setproctitle leaves the environment readable, by which a stop is proved',
  },
];

/** The user's environment (launch over cluster, without secrets) on top of the defaults, and notes for the preview. */
export function userEnvironment(spec: LaunchSpec): { env: Record<string, string>; notes: string[] } {
  const fetched = new Set(secretsOf(spec).map(({ variable }) => variable));
  const literal = Object.entries({ ...spec.cluster.env, ...spec.launch.env });
  const own = Object.fromEntries(literal.filter(([name]) => !fetched.has(name)));
  const added = DEFAULT_ENVIRONMENT.filter(({ name }) => !(name in own) && !fetched.has(name));
  return {
    env: { ...Object.fromEntries(added.map(({ name, value }) => [name, value])), ...own },
    notes: added.map(({ name, value, why }) => `${name}=${value}: ${why}.`),
  };
}

/** Variables whose values are fetched at the start. What the launch says of a name wins over the cluster. */
export function secretsOf({ cluster, launch }: LaunchSpec): PlanSecret[] {
  const own = launch.secrets ?? [];
  const names = new Set([...Object.keys(launch.env), ...own.map(({ variable }) => variable)]);
  return [...(cluster.secrets ?? []).filter(({ variable }) => !names.has(variable)), ...own];
}

/** Facts of one host; undefined in a preview. */
export function factsOf(spec: LaunchSpec, host: string): HostFacts | undefined {
  return spec.facts?.[host];
}

/** Where workers meet: the address of the first host with slots, and a free port on it. Placeholders in a preview. */
export function rendezvous(spec: LaunchSpec): { MASTER_ADDR: string; MASTER_PORT: string } {
  const head = spec.cluster.hosts[0];
  const port = head === undefined ? undefined : factsOf(spec, head.name)?.freePort;
  return {
    MASTER_ADDR: head?.peer ?? '<first host>',
    MASTER_PORT: port === undefined ? '<free port>' : String(port),
  };
}

/** The workdir on the hosts; the home directory where the cluster names none. */
export function workdirOf(spec: LaunchSpec): string {
  return spec.cluster.workdir ?? '~';
}
