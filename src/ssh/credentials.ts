import type { ParsedKey } from 'ssh2';
import { RankwiseError } from '../base/errors';
import type { Logger } from '../base/logger';
import { openAgent } from './agentKeys';
import type { AgentKeys } from './agentKeys';
import { readKeyFile } from './keyFile';
import type { KeyFile } from './keyFile';
import type { ResolvedHost } from './resolved';

/** One key to offer. */
export type Credential =
  | { kind: 'file'; path: string; key: ParsedKey }
  | { kind: 'agent'; agent: AgentKeys; key: ParsedKey }
  /** Only its passphrase opens it, and no agent holds it. Without its public half nobody can say whether it would help. */
  | { kind: 'locked'; path: string; publicKey: Buffer | undefined };

/**
 * Gathers the keys for a host, in the order they are offered: the target's own key file, the agent's keys (those named
 * in the configuration first), then the other key files. Keys of the agent that are on file as well are offered once.
 * @throws RankwiseError `ssh.noKey` where the target's own key file is missing or cannot be used.
 */
export async function gatherCredentials(host: ResolvedHost, logger: Logger): Promise<Credential[]> {
  const own = host.ownIdentity === undefined ? undefined : await readKeyFile(host.ownIdentity);
  if (own !== undefined) refuseUnusable(own, host);
  const configured = await Promise.all(host.identityFiles.map(readKeyFile));
  for (const file of configured) {
    if (file.kind === 'unusable')
      logger.warn(`${host.name}: key file ${file.path} is left out: ${file.reason}`);
  }
  const files = own === undefined ? configured : [own, ...configured];
  const agent = await findAgent(host, logger);
  const agentKeys = agent === undefined ? [] : orderAgentKeys(agent.keys, files, host.identitiesOnly);
  const inAgent = (file: KeyFile): boolean => agentKeys.some((key) => isKeyOf(key, file));

  const ownFirst = own === undefined ? [] : fromFile(own, inAgent(own));
  const rest = agentKeys.filter((key) => own?.kind !== 'usable' || !isKeyOf(key, own));
  return [
    ...ownFirst,
    ...(agent === undefined ? [] : rest.map((key): Credential => ({ kind: 'agent', agent, key }))),
    ...configured.filter((file) => !inAgent(file)).flatMap((file) => fromFile(file, false)),
  ];
}

function fromFile(file: KeyFile, inAgent: boolean): Credential[] {
  if (file.kind === 'usable') return [{ kind: 'file', path: file.path, key: file.key }];
  if (file.kind !== 'encrypted' || inAgent) return [];
  return [{ kind: 'locked', path: file.path, publicKey: file.publicKey }];
}

function refuseUnusable(file: KeyFile, host: ResolvedHost): void {
  if (file.kind !== 'missing' && file.kind !== 'unusable') return;
  const reason = file.kind === 'missing' ? 'does not exist' : `cannot be used: ${file.reason}`;
  throw new RankwiseError('ssh.noKey', `the key file ${file.path} for ${host.name} ${reason}`, {
    host: host.name,
    nextStep: 'Correct `identityFile`, or leave it out to use the agent and the usual keys.',
  });
}

async function findAgent(host: ResolvedHost, logger: Logger): Promise<AgentKeys | undefined> {
  if (host.agent === undefined) return undefined;
  try {
    return await openAgent(host.agent);
  } catch (error) {
    logger.info(
      `${host.name}: no SSH agent answers at ${host.agent} (${String(error)}); going on without it`,
    );
    return undefined;
  }
}

function isKeyOf(key: ParsedKey, file: KeyFile): boolean {
  return 'publicKey' in file && file.publicKey?.equals(key.getPublicSSH()) === true;
}

/** Keys that a file names come first, in the order of the files; the others follow unless IdentitiesOnly is set. */
function orderAgentKeys(
  keys: readonly ParsedKey[],
  files: readonly KeyFile[],
  identitiesOnly: boolean,
): ParsedKey[] {
  const named = files.flatMap((file) => keys.filter((key) => isKeyOf(key, file)));
  const others = identitiesOnly ? [] : keys.filter((key) => !named.includes(key));
  return [...new Set(named), ...others];
}
