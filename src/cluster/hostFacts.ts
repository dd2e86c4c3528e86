import { RankwiseError } from '../base/errors';
import type { HostFacts } from '../launch/facts';
import type { Connection } from '../ssh/connection';
import { runScriptText } from '../ssh/runScript';
import factsScript from './remote/facts.sh';

/** Facts of one host as its script told them, before it is known who shares a home directory. */
export interface RawFacts extends Omit<HostFacts, 'fileSystem'> {
  /** One-minute load average. */
  load: number;
  hasSetsid: boolean;
  hasProc: boolean;
  /** Why the home directory cannot be written, where that was tried and failed. */
  unwritable: string | undefined;
}

/**
 * Asks one host what is true of it.
 * @param mark leaves a mark in the home directory, see {@link gatherFacts}.
 * @throws RankwiseError `ssh.scriptFailed`.
 */
export async function askHost(
  connection: Connection,
  mark: { nonce: string; name: string } | undefined,
  signal?: AbortSignal,
): Promise<RawFacts> {
  const args = mark === undefined ? [] : [mark.nonce, mark.name];
  return parseFacts(
    await runScriptText(connection, 'Looking at the host', factsScript, args, signal),
    connection.host,
  );
}

/** Parses `key=value` lines; keys may repeat. Noise of a login profile between them is passed over. */
export function parseFacts(text: string, host: string): RawFacts {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, key, value] = /^([a-z]+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, [...(values.get(key) ?? []), value]);
  }
  const one = (key: string): string | undefined => values.get(key)?.[0];
  const home = one('home');
  const nodeName = one('node');
  if (home === undefined || nodeName === undefined) {
    throw new RankwiseError('cluster.noFacts', `${host} did not answer like a POSIX shell`, {
      host,
      nextStep: 'Check that commands run over SSH there: ssh HOST true.',
    });
  }
  return {
    home,
    nodeName,
    cores: Number(one('cores') ?? 1),
    load: Number(one('load') ?? 0),
    freePort: Number(one('port') ?? 0),
    morePorts: (values.get('port') ?? []).slice(1).map(Number),
    hasBash: one('bash') === 'yes',
    hasSetsid: one('setsid') === 'yes',
    hasProc: one('proc') === 'yes',
    unwritable: one('unwritable'),
    ownAddress: one('own'),
    interfaces: (values.get('interface') ?? []).flatMap((line) => {
      const [, name, address, prefix] = /^(\S+) ([\d.]+)(?:\/(\d+))?$/.exec(line) ?? [];
      if (name === undefined || address === undefined) return [];
      // A point-to-point address is listed without a network.
      return [{ name: name.replace(/@.*$/, ''), address, prefix: Number(prefix ?? 32) }];
    }),
    gpus: (values.get('gpu') ?? []).map((line) => {
      const [, index = '0', name = ''] = /^(\d+)\s*(.*)$/.exec(line) ?? [];
      return { index: Number(index), name };
    }),
  };
}
