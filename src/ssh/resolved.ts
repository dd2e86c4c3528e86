import type { SshTarget } from './target';

/** What is done with a host key that no file knows (StrictHostKeyChecking). A changed key is refused in every case. */
export type UnknownKeyRule = 'refuse' | 'ask' | 'add';

/** Ways to log in that are supported; as OpenSSH names them. */
export type LoginMethod = 'publickey' | 'keyboard-interactive' | 'password';

/** A target with OpenSSH's configuration worked in: everything a connection needs to know. */
export interface ResolvedHost {
  /** As the user wrote it; what messages say. */
  name: string;
  hostname: string;
  port: number;
  user: string;
  /** Key file from the target itself: tried first, and missing is an error. */
  ownIdentity: string | undefined;
  /** Key files from the configuration; most of the default ones do not exist. */
  identityFiles: readonly string[];
  /** Socket or pipe of the agent, or undefined for none. */
  agent: string | undefined;
  /** Offer only keys that are named here, from the agent too. */
  identitiesOnly: boolean;
  /** Ways to log in, in the order they are tried. BatchMode leaves only keys. */
  methods: readonly LoginMethod[];
  /** How often a passphrase, a password and a question of the host are asked for (NumberOfPasswordPrompts). */
  prompts: number;
  /** The last hop, itself reached through the hops before it. */
  jump: SshTarget | undefined;
  /** Shell command from the user's OpenSSH configuration, with tokens expanded. */
  proxyCommand: string | undefined;
  /** Name to look up in known_hosts: `host`, `[host]:port` or the HostKeyAlias. */
  knownAs: string;
  /** The host without its port, known_hosts' second look where the port is not 22 (as OpenSSH does). */
  knownWithoutPort: string | undefined;
  /** The first one takes new keys. */
  userKnownHostsFiles: readonly string[];
  globalKnownHostsFiles: readonly string[];
  revokedHostKeys: string | undefined;
  unknownKey: UnknownKeyRule;
  hashKnownHosts: boolean;
  /** Host key algorithms the configuration allows, best first; undefined: ours. */
  hostKeyAlgorithms: readonly string[] | undefined;
  keepalive: { intervalMs: number; countMax: number };
  connectTimeoutMs: number;
}
