import { RankwiseError } from '../base/errors';
import { hostfileRefusal } from '../config/hostfile/hostfileRefusal';
import type { ClusterModel, LauncherName } from '../config/model';
import type { SshPool } from '../ssh/connection';
import { quotePath } from '../ssh/quote';

/** Larger than any hostfile a person writes. */
const LARGEST_BYTES = 1 << 20;

/**
 * What the hostfile on the cluster's head says now.
 * @throws RankwiseError `cluster.hostfileUnreadable`; what {@link SshPool.connect} throws.
 */
export async function readRemoteHostfile(
  ssh: SshPool,
  { name, head, remoteHostfile = '' }: ClusterModel,
  signal?: AbortSignal,
): Promise<string> {
  if (head === undefined) throw new RankwiseError('launch.noHosts', `cluster "${name}" has no head`);
  const connection = await ssh.connect(head.target, signal, { interactive: true });
  const result = await connection.exec(`cat -- ${quotePath(remoteHostfile)}`, {
    maxOutputBytes: LARGEST_BYTES,
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.code === 0) return result.stdout.toString('utf8');
  const reason = result.stderr.toString('utf8').trim() || `cat ended with ${result.code ?? 'a signal'}`;
  throw new RankwiseError(
    'cluster.hostfileUnreadable',
    `the hostfile ${remoteHostfile} of cluster "${name}" cannot be read on ${head.name}: ${reason}`,
    { host: head.name, nextStep: 'Correct `hosts: { onHead: … }` in rankwise.yaml.' },
  );
}

/**
 * Refuses a hostfile on the head that the launcher would misread, as one beside rankwise.yaml is refused there.
 * @throws RankwiseError `launch.hostfile` naming the line.
 */
export function refuseUnfitHostfile(cluster: ClusterModel, launcher: LauncherName): void {
  if (cluster.remoteHostfile === undefined || cluster.hostfile === undefined) return;
  const problem = hostfileRefusal(cluster.hostfile.text, launcher);
  if (problem === undefined) return;
  const place = `${cluster.remoteHostfile}:${problem.line}`;
  throw new RankwiseError(
    'launch.hostfile',
    `${launcher} cannot use ${place} on the head: ${problem.message}`,
  );
}
