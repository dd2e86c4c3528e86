import { describeError, RankwiseError, throwIfAborted } from '../base/errors';
import type { HostModel } from '../config/model';
import type { Facts } from '../launch/facts';
import type { Connection, SshPool } from '../ssh/connection';
import { runScriptText } from '../ssh/runScript';
import { askHost, type RawFacts } from './hostFacts';
import marksScript from './remote/marks.sh';
import unmarkScript from './remote/unmark.sh';

interface Asked {
  host: HostModel;
  connection: Connection;
  raw: RawFacts;
}

/**
 * Connects to every host and asks what is true of it, in parallel. Homes shared by several hosts are found by a nonce:
 * each host leaves a mark, then tells whose marks it sees.
 * @param nonce letters and digits, used once.
 * @throws RankwiseError `cluster.hostsFailed` listing every host that stands in the way (one host: that host's own error).
 */
export async function gatherFacts(
  ssh: SshPool,
  hosts: readonly HostModel[],
  nonce: string,
  signal?: AbortSignal,
): Promise<Facts> {
  const asked = await allOrEveryError(signal, hosts, async (host): Promise<Asked> => {
    const connection = await ssh.connect(host.target, signal, { interactive: true });
    const raw = await askHost(connection, { nonce, name: host.name }, signal);
    refuseUnfit(host.name, raw);
    return { host, connection, raw };
  });
  const seen = await allOrEveryError(signal, asked, async ({ connection, host }) => {
    const marks = await runScriptText(
      connection,
      'Comparing home directories',
      marksScript,
      [nonce, host.name],
      signal,
    );
    return new Set(marks.split('\n').filter((name) => name !== ''));
  });
  const sharing = asked.filter((_, index) => (seen[index]?.size ?? 0) > 1);
  await allOrEveryError(signal, sharing, ({ connection, host }) =>
    runScriptText(connection, 'Cleaning up', unmarkScript, [nonce, host.name], signal),
  );
  return Object.fromEntries(
    asked.map(({ host, raw }, index) => {
      // The first host, in the order of the file, that both see: one name for all who share.
      const fileSystem = hosts.find(({ name }) => seen[index]?.has(name))?.name ?? host.name;
      const { home, nodeName, cores, freePort, morePorts, hasBash, interfaces, ownAddress, gpus } = raw;
      return [
        host.name,
        { home, nodeName, cores, freePort, morePorts, hasBash, interfaces, ownAddress, gpus, fileSystem },
      ];
    }),
  );
}

function refuseUnfit(host: string, raw: RawFacts): void {
  const missing = !raw.hasProc ? 'Linux with /proc' : !raw.hasSetsid ? 'setsid (util-linux)' : undefined;
  if (missing !== undefined) {
    throw new RankwiseError('cluster.unfit', `${host} lacks ${missing}`, {
      host,
      nextStep: 'Install it or use another host.',
    });
  }
  if (raw.unwritable !== undefined) {
    throw new RankwiseError(
      'cluster.homeNotWritable',
      `the home directory of ${host} cannot be written: ${raw.unwritable}`,
      {
        host,
        nextStep: 'Free space there or fix its permissions, then launch again.',
      },
    );
  }
}

/** Like Promise.all, but waits for all and reports every failure at once. */
export async function allOrEveryError<T, R>(
  signal: AbortSignal | undefined,
  items: readonly T[],
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const settled = await Promise.allSettled(items.map(task));
  throwIfAborted(signal);
  const failures = settled.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) {
    const reasons = [...new Set(failures.map(describeError))];
    throw new RankwiseError(
      'cluster.hostsFailed',
      `${failures.length} hosts cannot be used: ${reasons.join(' · ')}`,
      {
        cause: failures,
      },
    );
  }
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
