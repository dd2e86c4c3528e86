import { randomBytes } from 'node:crypto';
import type { Connection } from '../ssh/connection';
import { runScriptText } from '../ssh/runScript';
import scanScript from './remote/scan.sh';

/** What a process is to the run: the user's job, mpirun and its daemons, what the others need, or our own recorder. */
export type ProcessRole = 'worker' | 'launcher' | 'service' | 'supervisor';

export interface FoundProcess {
  pid: number;
  role: ProcessRole;
  name: string;
}

export interface Scan {
  processes: FoundProcess[];
  /** Processes of our account, younger than the run, whose environment cannot be read: no proof while there is one. */
  unreadable: { pid: number; name: string }[];
  /** Sessions of the run that somebody is in; trusted by the next look, so that no child of a dead leader is lost. */
  sessions: string[];
}

/** A signal for the processes of the given roles, sent in the same pass that finds them. */
export interface ScanSignal {
  signal: 'INT' | 'TERM' | 'STOP' | 'KILL';
  roles: readonly ProcessRole[];
  /** Noted on the host, so that every window knows why the workers end. */
  by: 'stop' | 'workerExit' | 'itself';
}

/**
 * Lists the processes of a run on one host, by RANKWISE_RUN_ID in their environment or by what the run recorded.
 * @param sessions those the look just before this one found.
 * @throws RankwiseError `ssh.scriptFailed`, `ssh.connectionLost`.
 */
export async function scanHost(
  connection: Connection,
  run: string,
  host: string,
  sessions: readonly string[],
  send: ScanSignal | undefined,
  signal?: AbortSignal,
): Promise<Scan> {
  const known = sessions.length === 0 ? '-' : sessions.join(',');
  const tag = `@${randomBytes(8).toString('hex')}`;
  const args = [tag, run, host, known, ...(send === undefined ? [] : [send.signal, send.by, ...send.roles])];
  const what = 'Looking for processes of the run';
  return parseScan(await runScriptText(connection, what, scanScript, args, signal), tag);
}

/**
 * @param tag begins each line of the answer; all others are somebody else's.
 * @throws Error when the list is not complete: an answer cut short proves nothing.
 */
export function parseScan(text: string, tag: string): Scan {
  const lines = text
    .split('\n')
    .flatMap((line) => (line.startsWith(`${tag} `) ? [line.slice(tag.length + 1)] : []));
  if (lines.at(-1) !== 'E') throw new Error('the list of processes came back incomplete');
  const scan: Scan = { processes: [], unreadable: [], sessions: [] };
  for (const line of lines) {
    const [, pid, role, name] = /^P (\d+) (worker|launcher|service|supervisor) (.*)$/.exec(line) ?? [];
    if (pid !== undefined)
      scan.processes.push({ pid: Number(pid), role: role as ProcessRole, name: name ?? '' });
    const session = /^S (\d+)$/.exec(line)?.[1];
    if (session !== undefined && !scan.sessions.includes(session)) scan.sessions.push(session);
    const [, hidden, hiddenName] = /^U (\d+) (.*)$/.exec(line) ?? [];
    if (hidden !== undefined) scan.unreadable.push({ pid: Number(hidden), name: hiddenName ?? '' });
  }
  return scan;
}
