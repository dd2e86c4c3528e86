import { RankwiseError } from '../base/errors';
import type { Connection, ExecResult } from './connection';
import { quoteAll } from './quote';

/**
 * Runs one of our remote scripts: its text goes to the standard input of `sh -s`, so it needs no file on the host and
 * the command line stays simple whatever the user's login shell is.
 * @param args arguments of the script.
 */
export function runScript(
  connection: Connection,
  script: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<ExecResult> {
  // The empty line ends one that the login shell's start files may have left unfinished.
  const stdin = `echo\n${script}`;
  const options = signal === undefined ? { stdin } : { stdin, signal };
  return connection.exec(`sh -s -- ${quoteAll(args)}`, options);
}

/**
 * As {@link runScript}, for scripts that must succeed.
 * @returns standard output as text.
 * @throws RankwiseError `ssh.scriptFailed` naming the host and what the script said.
 */
export async function runScriptText(
  connection: Connection,
  what: string,
  script: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const result = await runScript(connection, script, args, signal);
  if (result.code === 0) return result.stdout.toString('utf8');
  throw scriptError(connection.host, what, result);
}

/** The error of a command that should have succeeded: what it said, or its status where it said nothing. */
export function scriptError(host: string, what: string, result: ExecResult): RankwiseError {
  const spoken = [result.stderr, result.stdout].map((bytes) => bytes.toString('utf8').trim());
  const said = (spoken.find((text) => text !== '') ?? '').split('\n').slice(-3).join(' ');
  const status = result.signal ?? `exit ${result.code ?? 'unknown'}`;
  return new RankwiseError('ssh.scriptFailed', `${what} failed on ${host}: ${said === '' ? status : said}`, {
    host,
    nextStep: nextStepFor(said),
  });
}

function nextStepFor(said: string): string {
  if (/no space left|quota exceeded/i.test(said))
    return 'Free space in the home directory of that host and launch again.';
  if (/read-only file system|permission denied/i.test(said))
    return 'Make the home directory of that host writable.';
  if (/not installed|not found/i.test(said)) return 'Install it on that host.';
  return 'Open a terminal on that host to look.';
}
