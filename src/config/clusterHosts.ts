import { dirname, isAbsolute, resolve } from 'node:path';
import type { SshTarget } from '../ssh/target';
import type { HostfileEntry } from './hostfile/hostfile';
import type { HostDefaults, HostModel } from './model';
import type { Problem } from './problem';
import type { host } from './schema/hostSchema';
import type * as z from 'zod';

/** A host as a mapping of the file. */
export type HostSpec = z.infer<typeof host>;

/** A host before it has a name that no other host of the cluster has. */
export interface UnnamedHost extends Omit<HostModel, 'name'> {
  name: string | undefined;
  range: Problem['range'];
}

/** What is said about reaching a host. */
export interface Reach {
  user?: string | undefined;
  port?: number | undefined;
  identityFile?: string | undefined;
  proxyJump?: string | undefined;
}

/**
 * How to reach a host: what the host says, else what its cluster says.
 * @param file the `rankwise.yaml`; relative paths of keys start at its folder
 * @param head what `proxyJump: head` means; undefined: a host of that name
 */
export function reachOf(
  file: string,
  own: Reach,
  cluster: Reach,
  head: SshTarget | undefined,
): Omit<SshTarget, 'host'> {
  const user = own.user ?? cluster.user;
  const port = own.port ?? cluster.port;
  const identityFile = own.identityFile ?? cluster.identityFile;
  const proxyJump = own.proxyJump ?? cluster.proxyJump;
  const jump = proxyJump === undefined ? {} : { proxyJump };
  return {
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port }),
    ...(identityFile === undefined ? {} : { identityFile: localPath(file, identityFile) }),
    ...(proxyJump === 'head' && head !== undefined ? { via: head } : jump),
  };
}

/** `~/` stays for ssh to resolve; a relative path starts at the folder of the file that names it. */
function localPath(file: string, path: string): string {
  return path === '~' || path.startsWith('~/') || isAbsolute(path) ? path : resolve(dirname(file), path);
}

/** The host of one line of a hostfile. */
export function hostfileHost(
  entry: HostfileEntry,
  defaults: HostDefaults,
  path: string,
  range: Problem['range'],
): UnnamedHost {
  const { host, user, port, slots } = entry;
  return {
    name: undefined,
    target: {
      ...defaults.target,
      host,
      ...(user === undefined ? {} : { user }),
      ...(port === undefined ? {} : { port }),
    },
    peer: host,
    slots,
    gpus: defaults.gpus,
    source: { file: path, line: entry.range.start.line },
    range,
  };
}

/** Names of the machine itself. */
export const localhostPattern = /^(?:localhost|127(?:\.\d+){3}|::1)$/;

/** Whether a host of a list is the head by another name: an address of the head, or in a hostfile `localhost`. */
function isHead({ target, peer }: UnnamedHost, head: HostModel, inHostfile: boolean): boolean {
  return (
    ([head.peer, head.target.host].includes(peer) && target.port === undefined) ||
    (inHostfile && localhostPattern.test(target.host))
  );
}

/** The hosts of a list, a head that is described by itself reached and called as it says. */
export function withHead(hosts: readonly UnnamedHost[], head: HostModel, inHostfile: boolean): UnnamedHost[] {
  return hosts.map((host) =>
    isHead(host, head, inHostfile)
      ? {
          ...host,
          name: head.name,
          target: head.target,
          peer: head.peer,
          slots: host.slots ?? head.slots,
          gpus: head.gpus ?? host.gpus,
        }
      : host,
  );
}

/** Hosts are named by their address; hosts that differ only by port get it into their name. */
export function nameHosts(unnamed: readonly UnnamedHost[]): { hosts: HostModel[]; problems: Problem[] } {
  const addresses = new Map<string, number>();
  for (const { target } of unnamed) addresses.set(target.host, (addresses.get(target.host) ?? 0) + 1);
  const problems: Problem[] = [];
  const named = new Map<string, HostModel>();
  for (const { range, name: given, ...host } of unnamed) {
    const port = (addresses.get(host.target.host) ?? 0) > 1 ? host.target.port : undefined;
    const address = addressName(host.target.host);
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

/** An address as the name of a host. */
export function addressName(address: string): string {
  return address.replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '');
}
