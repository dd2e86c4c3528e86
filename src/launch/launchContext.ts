import type { HostModel } from '../config/model';
import { interpreter, renderJob } from './jobScript';
import { launchHosts, withHead } from './machines';
import { chooseNetwork, type Network } from './network';
import type { PlanFile, PlanProcess } from './plan';
import { factsOf, userEnvironment, workdirOf, type LaunchSpec } from './spec';

/** What every launcher on plain hosts works with. */
export interface LaunchContext {
  spec: LaunchSpec;
  /** Hosts whose slots may be used, in the order of the file. */
  hosts: readonly [HostModel, ...HostModel[]];
  /** Where launchers run that start the workers of all hosts. */
  head: HostModel;
  /** The hosts and the head. */
  machines: readonly HostModel[];
  /** Undefined: the programs choose by themselves. */
  network: Network | undefined;
  /** Environment of the command: the user's on top of our defaults. */
  env: Record<string, string>;
  /** What was chosen so far and why. */
  notes: string[];
}

/** @throws RankwiseError `launch.noHosts`, `launch.notEnoughHosts`. */
export function launchContext(spec: LaunchSpec): LaunchContext {
  const { cluster } = spec;
  const [first, ...others] = launchHosts(spec) as [HostModel, ...HostModel[]];
  const head = cluster.head ?? first;
  const machines = withHead([first, ...others], head);
  const { network, notes: networkNotes } = cluster.practice
    ? { network: undefined, notes: [] }
    : chooseNetwork(machines, spec.facts);
  const { env, notes } = userEnvironment(spec);
  const withoutBash = machines
    .filter(({ name }) => factsOf(spec, name)?.hasBash === false)
    .map(({ name }) => `${name} has no bash: the command runs under sh, without the login profile of bash.`);
  return {
    spec,
    hosts: [first, ...others],
    head,
    machines,
    network,
    env,
    notes: [...notes, ...networkNotes, ...withoutBash],
  };
}

/** Whether a host has bash; a preview takes it for granted. */
export function hasBash({ spec }: LaunchContext, host: HostModel): boolean {
  return factsOf(spec, host.name)?.hasBash ?? true;
}

/** Absolute path on a host of what lies below its home directory. */
export function pathOn({ spec }: LaunchContext, host: HostModel, path: string): string {
  return `${factsOf(spec, host.name)?.home ?? `<home on ${host.name}>`}/${path}`;
}

/** A path as the user wrote it, with a leading `~/` as the home directory on that host. */
export function userPathOn(context: LaunchContext, host: HostModel, path: string): string {
  return path.startsWith('~/') ? pathOn(context, host, path.slice(2)) : path;
}

/**
 * Interfaces for the libraries that workers talk with on this host, but for those the user chose by themselves.
 * @param own names of variables the user sets in another way than by `env`.
 */
export function socketInterfaces(
  { network, env }: LaunchContext,
  host: HostModel,
  own: readonly string[] = [],
): Record<string, string> {
  const chosen = network?.hosts[host.name]?.interface;
  if (chosen === undefined) return {};
  const names = ['NCCL_SOCKET_IFNAME', 'GLOO_SOCKET_IFNAME'];
  return Object.fromEntries(
    names.filter((name) => !(name in env) && !own.includes(name)).map((name) => [name, chosen]),
  );
}

/** A process for the supervisor of a host, and the script that is the process. */
export interface Supervised {
  file: PlanFile;
  process: PlanProcess;
}

/** Renders a process: `argv` (or the user's string command) after the setup lines, in the workdir. */
export function supervised(
  context: LaunchContext,
  host: HostModel,
  what: {
    id: string;
    role: PlanProcess['role'];
    title: string;
    command: string | readonly string[];
    env: Record<string, string>;
    preamble?: string;
    tags?: PlanProcess['tags'];
    lingerSeconds?: number;
  },
): Supervised {
  const { spec } = context;
  const { id, role, title, command, env, preamble, tags, lingerSeconds } = what;
  const run = interpreter(hasBash(context, host));
  const content = renderJob({
    title: `${title} of launch ${spec.launch.name}, run ${spec.run}.\nThis is the job alone. By hand:  ${run.join(' ')} ${id}.sh`,
    env,
    ...(preamble === undefined ? {} : { preamble }),
    workdir: workdirOf(spec),
    setup: spec.cluster.setup,
    command,
    hasBash: hasBash(context, host),
  });
  return {
    file: { host: host.name, path: `${host.name}/${id}.sh`, mode: 0o700, content },
    process: {
      id,
      host: host.name,
      role,
      argv: typeof command === 'string' ? [...run, `${id}.sh`] : [...command],
      env,
      cwd: workdirOf(spec),
      ...(tags === undefined ? {} : { tags }),
      ...(lingerSeconds === undefined ? {} : { lingerSeconds }),
    },
  };
}
