import type { Plan } from '../launch/plan';
import { runDirectory } from '../launch/runDirectory';
import type { SshPool } from '../ssh/connection';
import { scriptError } from '../ssh/runScript';

/**
 * Removes the directories of a run on its hosts. The practice cluster's homes go with it: there is nothing to remove when
 * it is not there.
 * @throws RankwiseError `ssh.scriptFailed`; of a host that does not answer.
 */
export async function removeDirectories(
  ssh: SshPool,
  { run, hosts }: Pick<Plan, 'run' | 'hosts'>,
): Promise<void> {
  await Promise.all(
    hosts.map(async ({ name, target }) => {
      try {
        const connection = await ssh.connect(target);
        const result = await connection.exec(`rm -rf ${runDirectory(run)}`);
        if (result.code !== 0) throw scriptError(name, 'Removing the run directory', result);
      } catch (error) {
        if (target.isolated === undefined) throw error;
      }
    }),
  );
}
