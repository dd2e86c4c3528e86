import type { Plan } from '../launch/plan';
import { runDirectory } from '../launch/runDirectory';
import type { SshPool } from '../ssh/connection';
import { runScriptText } from '../ssh/runScript';
import takeStartScript from './remote/takeStart.sh';

/** Names of hosts, by whether the start of a run was made there or never will be. */
export interface SettledStart {
  started: string[];
  taken: string[];
}

/**
 * Makes sure that a run either was started or never will be: on each host that has processes to start, the start is taken
 * away where nobody has made it. Asked again, it says the same.
 * @throws RankwiseError of a host that does not answer.
 */
export async function settleStart(
  ssh: SshPool,
  { run, processes, hosts }: Pick<Plan, 'run' | 'processes' | 'hosts'>,
  signal?: AbortSignal,
): Promise<SettledStart> {
  const starting = hosts.filter(({ name }) => processes.some(({ host }) => host === name));
  const answers = await Promise.all(
    starting.map(async ({ name, target }) => {
      const connection = await ssh.connect(target, signal);
      const args = [runDirectory(run), name];
      const what = 'Looking at an interrupted start';
      const answer = await runScriptText(connection, what, takeStartScript, args, signal);
      return { name, isStarted: /^started$/m.test(answer) };
    }),
  );
  const names = (isStarted: boolean): string[] =>
    answers.filter((answer) => answer.isStarted === isStarted).map(({ name }) => name);
  return { started: names(true), taken: names(false) };
}
