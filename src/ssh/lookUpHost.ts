import { lookup } from 'node:dns/promises';
import { describeError } from '../base/errors';
import { formatJumps } from './destination';
import type { ResolvedHost } from './resolved';

/** What OpenSSH's configuration and the name service make of a host. */
export interface HostLook {
  hostname: string;
  user: string;
  port: number;
  /** The hop before it, or `ProxyCommand`; undefined for a direct way. */
  via: string | undefined;
  /** Undefined where nobody here can say: behind a hop, the hop resolves the name. */
  address: string | undefined;
  /** Why a name that this machine has to resolve cannot be. */
  failure: string | undefined;
}

/** Asks this machine's name service. Never throws: a name that does not resolve is an answer. */
export async function lookUpHost({
  hostname,
  user,
  port,
  jump,
  proxyCommand,
}: ResolvedHost): Promise<HostLook> {
  const via = jump === undefined ? proxyCommand && 'ProxyCommand' : formatJumps([jump]);
  const look = { hostname, user, port, via, address: undefined, failure: undefined };
  if (via !== undefined) return look;
  try {
    return { ...look, address: (await lookup(hostname)).address };
  } catch (error) {
    return { ...look, failure: describeError(error) };
  }
}
