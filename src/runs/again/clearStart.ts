import type { Plan } from '../../launch/plan';
import { runDirectory } from '../../launch/runDirectory';
import type { SshPool } from '../../ssh/connection';
import { runScriptText } from '../../ssh/runScript';
import startAgainScript from '../remote/startAgain.sh';

/** By host and process, how often each was started. */
export type Attempts = Record<string, Record<string, number>>;

/**
 * Makes way for another start on every host. Nothing of the run may be left there.
 * @returns the attempts so far; undefined where somebody has asked for a stop meanwhile.
 * @throws RankwiseError of a host that does not answer.
 */
export async function clearStart(
  ssh: SshPool,
  { run, hosts }: Plan,
  signal: AbortSignal,
): Promise<Attempts | undefined> {
  const answers = await Promise.all(
    hosts.map(async ({ name, target }) => {
      const connection = await ssh.connect(target, signal);
      const args = [runDirectory(run), name];
      return runScriptText(connection, 'Making way for another start', startAgainScript, args, signal);
    }),
  );
  if (!answers.every((answer) => /^cleared$/m.test(answer))) return undefined;
  return Object.fromEntries(
    hosts.map(({ name }, index) => {
      const lines = [...(answers[index] ?? '').matchAll(/^A ([a-z0-9-]+) (\d+)$/gm)];
      return [name, Object.fromEntries(lines.map(([, id = '', count]) => [id, Number(count)]))];
    }),
  );
}
