import { dirname, isAbsolute, resolve } from 'node:path';
import type { SshTarget } from '../ssh/target';
import type { Hostfile } from './hostfile';
import type { ClusterModel, HostModel } from './model';
import { parseHostText } from './names';
import type { Entry } from './parseRankwise';
import type { Problem } from './problem';
import type { ClusterSpec } from './schema';
import { locate, textEntries, textItems, valueRange } from './yamlPath';

/** A hostfile that was read. */
export interface ReadHostfile {
  path: string;
  text: string;
  parsed: Hostfile;
}

interface Reach {
  user?: string | undefined;
  port?: number | undefined;
  identityFile?: string | undefined;
  proxyJump?: string | undefined;
}

/** A host before it has a name that no other host of the cluster has. */
interface UnnamedHost extends Omit<HostModel, 'name'> {
  name: string | undefined;
  range: Problem['range'];
}

/**
 * The model of a cluster without an error of its own.
 * @param file the `rankwise.yaml`, absolute
 * @param hostfile what `hosts:` names, when it is a path
 */
export function clusterModel(
  file: string,
  entry: Entry<ClusterSpec> & { spec: ClusterSpec },
  hostfile: ReadHostfile | undefined,
): { cluster: ClusterModel; problems: Problem[] } {
  const { spec, value } = entry;
  const unnamed = hostfile === undefined ? inlineHosts(file, entry) : hostfileHosts(file, entry, hostfile);
  const { hosts, problems } = nameHosts(unnamed);
  const cluster: ClusterModel = {
    name: entry.name,
    hosts,
    workdir: spec.workdir,
    setup: textItems(value, ['setup']).flatMap((text) => text.trimEnd().split('\n')),
    env: textEntries(value, ['env']),
    head: undefined,
    slurm: undefined,
    remoteHostfile: undefined,
    practice: false,
    range: entry.range,
    ...(hostfile === undefined ? {} : { hostfile: { path: hostfile.path, text: hostfile.text } }),
  };
  return { cluster, problems };
}

function hostfileHosts(
  file: string,
  entry: Entry<ClusterSpec> & { spec: ClusterSpec },
  hostfile: ReadHostfile,
): UnnamedHost[] {
  return hostfile.parsed.entries.map((line) => ({
    name: undefined,
    target: target(file, line.host, [line, entry.spec]),
    peer: line.host,
    slots: line.slots,
    gpus: undefined,
    source: { file: hostfile.path, line: line.range.start.line },
    range: valueRange(entry.value, ['hosts']),
  }));
}

function inlineHosts(
  file: string,
  { spec, value }: Entry<ClusterSpec> & { spec: ClusterSpec },
): UnnamedHost[] {
  const hosts = typeof spec.hosts === 'string' ? [] : spec.hosts;
  return hosts.flatMap((host, index) => {
    const range = locate(value, ['hosts', index]).node.range;
    const source = { file, line: range.start.line };
    if (typeof host !== 'string') {
      const { name, peer, slots } = host;
      return [
        {
          name,
          target: target(file, host.host, [host, spec]),
          peer: peer ?? host.host,
          slots,
          gpus: undefined,
          source,
          range,
        },
      ];
    }
    const parsed = parseHostText(host);
    if (parsed === undefined) return [];
    return [
      {
        name: undefined,
        target: target(file, parsed.host, [parsed, spec]),
        peer: parsed.host,
        slots: undefined,
        gpus: undefined,
        source,
        range,
      },
    ];
  });
}

/** What a host says about reaching it wins over what its cluster says. */
function target(file: string, host: string, [own, cluster]: [Reach, Reach]): SshTarget {
  const user = own.user ?? cluster.user;
  const port = own.port ?? cluster.port;
  const identityFile = own.identityFile ?? cluster.identityFile;
  const proxyJump = own.proxyJump ?? cluster.proxyJump;
  return {
    host,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port }),
    ...(identityFile === undefined ? {} : { identityFile: localPath(file, identityFile) }),
    ...(proxyJump === undefined ? {} : { proxyJump }),
  };
}

/** `~/` stays for ssh to resolve; a relative path starts at the folder of the file that names it. */
function localPath(file: string, path: string): string {
  return path === '~' || path.startsWith('~/') || isAbsolute(path) ? path : resolve(dirname(file), path);
}

/** Hosts are named by their address; hosts that differ only by port get it into their name. */
function nameHosts(unnamed: readonly UnnamedHost[]): { hosts: HostModel[]; problems: Problem[] } {
  const addresses = new Map<string, number>();
  for (const { target } of unnamed) addresses.set(target.host, (addresses.get(target.host) ?? 0) + 1);
  const problems: Problem[] = [];
  const named = new Map<string, HostModel>();
  for (const { range, name: given, ...host } of unnamed) {
    const port = (addresses.get(host.target.host) ?? 0) > 1 ? host.target.port : undefined;
    const address = host.target.host.replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '');
    const name = given ?? (port === undefined ? address : `${address}-${port}`);
    const first = named.get(name);
    if (first === undefined) named.set(name, { ...host, name });
    else {
      const message = `The host ${name} is already on line ${first.source.line + 1}. Delete one, or give this one another \`name\`.`;
      problems.push({ code: 'rankwise.duplicateHost', severity: 'error', message, range });
    }
  }
  return { hosts: [...named.values()], problems };
}
