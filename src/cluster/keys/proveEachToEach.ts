import { describeError, throwIfAborted } from '../../base/errors';
import type { SshPool } from '../../ssh/connection';
import { runScriptText } from '../../ssh/runScript';
import type { KeyHost } from './keyState';
import proveScript from './remote/prove.sh';

/** Whether one host reaches another by SSH without anybody there to answer. */
export interface Reach {
  from: string;
  to: string;
  ok: boolean;
  /** Why not, in OpenSSH's words or ours. */
  reason: string | undefined;
}

/** Names given at once, so that no command line grows without end. */
const peersAtOnce = 64;

/**
 * Tries `ssh -o BatchMode=yes -o StrictHostKeyChecking=yes PEER true` on each host to each other: all hosts in parallel,
 * on each of them 8 at a time. A host that we cannot reach ourselves has failed towards all others.
 * @param from names of the hosts to try from; default all.
 * @returns all pairs, by `from` and `to` in the order of the hosts.
 * @throws Cancelled
 */
export async function proveEachToEach(
  ssh: SshPool,
  hosts: readonly KeyHost[],
  signal?: AbortSignal,
  from?: readonly string[],
): Promise<Reach[]> {
  const sources = hosts.filter(({ name }) => from?.includes(name) ?? true);
  const rows = await Promise.all(
    sources.map(async (source) => {
      const others = hosts.filter(({ name }) => name !== source.name);
      try {
        return await proveRow(ssh, source, others, signal);
      } catch (error) {
        throwIfAborted(signal);
        const reason = describeError(error);
        return others.map(({ name }): Reach => ({ from: source.name, to: name, ok: false, reason }));
      }
    }),
  );
  return rows.flat();
}

async function proveRow(
  ssh: SshPool,
  source: KeyHost,
  others: readonly KeyHost[],
  signal: AbortSignal | undefined,
): Promise<Reach[]> {
  const connection = await ssh.connect(source.target, signal);
  const row: Reach[] = [];
  for (let start = 0; start < others.length; start += peersAtOnce) {
    const some = others.slice(start, start + peersAtOnce);
    const args = some.flatMap(({ name, peers, port }) => [String(port ?? '-'), peers[0] ?? name]);
    const text = await runScriptText(connection, 'Trying SSH between hosts', proveScript, args, signal);
    const answers = new Map(
      [...text.matchAll(/^R (\d+) (\d+) (.*)$/gm)].map(([, number, code, said]) => [
        Number(number),
        { code: Number(code), said: said?.trim() ?? '' },
      ]),
    );
    for (const [index, { name }] of some.entries()) {
      const answer = answers.get(index);
      const ok = answer?.code === 0;
      const silent = answer === undefined ? 'no answer' : `exit ${answer.code}`;
      const reason = ok ? undefined : answer?.said === '' ? silent : (answer?.said ?? silent);
      row.push({ from: source.name, to: name, ok, reason });
    }
  }
  return row;
}
