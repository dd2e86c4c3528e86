import {
  addressName,
  hostfileHost,
  localhostPattern,
  nameHosts,
  reachOf,
  withHead,
  type HostSpec,
  type UnnamedHost,
} from './clusterHosts';
import { checkHostfile } from './hostfile/checkHostfile';
import { parseHostfile, type Hostfile } from './hostfile/hostfile';
import type { ClusterModel, HostDefaults, HostModel, SlurmOptions } from './model';
import { parseHostText } from './names';
import type { Entry } from './parseRankwise';
import type { Problem } from './problem';
import { fillReferences } from './references';
import type { ClusterSpec } from './schema/clusterSchema';
import { splitSecrets } from './secretVariables';
import { locate, valueRange } from './yamlPath';

/** A hostfile that was read. */
export interface ReadHostfile {
  path: string;
  text: string;
  parsed: Hostfile;
}

type ClusterEntry = Entry<ClusterSpec> & { spec: ClusterSpec };

/**
 * The model of a cluster without an error of its own.
 * @param file the `rankwise.yaml`, absolute
 * @param hostfile what `hosts:` names, when it is a path
 */
export function clusterModel(
  file: string,
  entry: ClusterEntry,
  hostfile: ReadHostfile | undefined,
): { cluster: ClusterModel; problems: Problem[] } {
  const { spec } = entry;
  const reader = new ClusterReader(file, entry, hostfile);
  const { hosts, head, problems } = reader.hosts();
  const { env, secrets } = splitSecrets(spec.env ?? {});
  const isOnHead = typeof spec.hosts === 'object' && 'onHead' in spec.hosts;
  const lines = typeof spec.setup === 'string' ? [spec.setup] : (spec.setup ?? []);
  const cluster: ClusterModel = {
    name: entry.name,
    hosts,
    workdir: spec.workdir,
    setup: lines.flatMap((text) => text.trimEnd().split('\n')),
    env: Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name, fillReferences(value, () => undefined)]),
    ),
    ...(secrets.length === 0 ? {} : { secrets }),
    head,
    slurm: reader.slurm(),
    remoteHostfile: isOnHead ? (spec.hosts as { onHead: string }).onHead : undefined,
    ...(isOnHead ? { hostDefaults: reader.defaults(head?.target) } : {}),
    practice: false,
    range: entry.range,
    ...(hostfile === undefined ? {} : { hostfile: { path: hostfile.path, text: hostfile.text } }),
  };
  return { cluster, problems };
}

/**
 * The cluster with the hosts of its hostfile on the head.
 * @param text what `cluster.remoteHostfile` says now
 */
export function withRemoteHostfile(
  cluster: ClusterModel,
  text: string,
): { cluster: ClusterModel; problems: Problem[] } {
  const { head, hostDefaults = { target: {}, gpus: undefined }, remoteHostfile = '' } = cluster;
  const parsed = parseHostfile(text);
  const unnamed = parsed.entries.map((line) => hostfileHost(line, hostDefaults, remoteHostfile, line.range));
  const { hosts, problems } = nameHosts(head === undefined ? unnamed : withHead(unnamed, head, true));
  return {
    cluster: {
      ...cluster,
      hosts,
      head: hosts.find(({ name }) => name === head?.name) ?? head,
      hostfile: { path: remoteHostfile, text },
    },
    problems: [...checkHostfile(text, { launchers: ['ssh'] }), ...problems],
  };
}

class ClusterReader {
  private readonly spec: ClusterSpec;

  constructor(
    private readonly file: string,
    private readonly entry: ClusterEntry,
    private readonly hostfile: ReadHostfile | undefined,
  ) {
    this.spec = entry.spec;
  }

  hosts(): { hosts: HostModel[]; head: HostModel | undefined; problems: Problem[] } {
    const listed = this.listed(undefined);
    const { head: written } = this.spec;
    if (written === undefined || this.spec.login !== undefined)
      return { ...nameHosts(listed), head: undefined };
    const index = typeof written === 'string' ? this.indexOf(written, listed) : -1;
    const inList = listed[index];
    if (inList !== undefined) {
      const target = withoutHeadJump(inList.target);
      const all = this.listed(target).map((host, at) => (at === index ? { ...host, target } : host));
      const named = nameHosts(all);
      return { ...named, head: named.problems.length > 0 ? undefined : named.hosts[index] };
    }
    const isAlone =
      typeof written !== 'string' ||
      this.isOnHead() ||
      (this.hostfile !== undefined && listed.some(({ peer }) => localhostPattern.test(peer)));
    return isAlone ? this.hostsWith(this.alone('head', written)) : this.unknownHead(listed);
  }

  slurm(): ClusterModel['slurm'] {
    if (this.spec.login === undefined) return undefined;
    const { pollSeconds, ...options } = this.spec.slurm;
    return { login: this.alone('login', this.spec.login), options: given(options), pollSeconds };
  }

  /** What a line of a hostfile does not say. */
  defaults(head: HostModel['target'] | undefined): HostDefaults {
    return { target: reachOf(this.file, {}, this.spec, head), gpus: this.spec.gpus };
  }

  private isOnHead(): boolean {
    return typeof this.spec.hosts === 'object' && 'onHead' in this.spec.hosts;
  }

  /** Hosts with a head that is described by itself: one of them by another name, or one more where it has slots. */
  private hostsWith(head: HostModel): { hosts: HostModel[]; head: HostModel; problems: Problem[] } {
    const all = withHead(this.listed(head.target), head, this.hostfile !== undefined);
    const isListed = all.some(({ name }) => name === head.name);
    const more = isListed || head.slots === undefined ? [] : [{ ...head, range: this.range('head') }];
    const { hosts, problems } = nameHosts([...more, ...all]);
    return { hosts, head: hosts.find(({ name }) => name === head.name) ?? head, problems };
  }

  private indexOf(head: string, listed: readonly UnnamedHost[]): number {
    const parsed = parseHostText(head);
    if (parsed === undefined) return -1;
    const { host, port, user } = parsed;
    return listed.findIndex(
      ({ name, target, peer }) =>
        [name, target.host, peer].includes(host) &&
        (port ?? target.port) === target.port &&
        (user ?? target.user) === target.user,
    );
  }

  private unknownHead(listed: readonly UnnamedHost[]): { hosts: []; head: undefined; problems: Problem[] } {
    const known = listed.map(({ target }) => target.host).slice(0, 10);
    const message = `The head is none of the hosts (${known.join(', ')}). Name one of them, or describe it: \`head: { host: … }\`.`;
    const problem: Problem = {
      code: 'rankwise.unknownHead',
      severity: 'error',
      message,
      range: this.range('head'),
    };
    return { hosts: [], head: undefined, problems: [problem] };
  }

  /** A host that stands by itself under a key. */
  private alone(key: 'head' | 'login', spec: string | HostSpec): HostModel {
    const parsed = typeof spec === 'string' ? parseHostText(spec) : spec;
    const own: HostSpec = { host: '', ...parsed };
    return {
      name: own.name ?? addressName(own.host),
      target: withoutHeadJump(this.target(own, undefined)),
      peer: own.peer ?? own.host,
      slots: own.slots,
      gpus: own.gpus ?? this.spec.gpus,
      source: { file: this.file, line: this.range(key).start.line },
    };
  }

  private listed(head: HostModel['target'] | undefined): UnnamedHost[] {
    const { hosts } = this.spec;
    const { hostfile } = this;
    if (hostfile !== undefined) {
      const defaults = this.defaults(head);
      return hostfile.parsed.entries.map((line) =>
        hostfileHost(line, defaults, hostfile.path, this.range('hosts')),
      );
    }
    return (Array.isArray(hosts) ? hosts : []).flatMap((written, index): UnnamedHost[] => {
      const parsed = typeof written === 'string' ? parseHostText(written) : written;
      if (parsed === undefined) return [];
      const spec: HostSpec = parsed;
      const { range } = locate(this.entry.value, ['hosts', index]).node;
      return [
        {
          name: spec.name,
          target: this.target(spec, head),
          peer: spec.peer ?? spec.host,
          slots: spec.slots,
          gpus: spec.gpus ?? this.spec.gpus,
          source: { file: this.file, line: range.start.line },
          range,
        },
      ];
    });
  }

  private target(spec: HostSpec, head: HostModel['target'] | undefined): HostModel['target'] {
    if (spec.local === true) return { host: spec.host, local: true };
    return { host: spec.host, ...reachOf(this.file, spec, this.spec, head) };
  }

  private range(key: string): Problem['range'] {
    return valueRange(this.entry.value, [key]);
  }
}

/** `proxyJump: head` is for the others: the head itself is reached without it. */
function withoutHeadJump(target: HostModel['target']): HostModel['target'] {
  const { proxyJump, ...rest } = target;
  return proxyJump === undefined || proxyJump === 'head' ? rest : target;
}

/** Only the options that are there. */
function given(options: { [K in keyof SlurmOptions]?: SlurmOptions[K] | undefined }): Partial<SlurmOptions> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
