import type { Baseline } from '../../cluster/preflight/checks';
import type { SshTarget } from '../../ssh/target';
import type { SshPool } from '../../ssh/connection';
import { runScriptText } from '../../ssh/runScript';
import type { OomEvidence, OomKill } from './evidence';
import oomScript from './remote/oom.sh';

const ANSWER_MS = 8000;

/**
 * Asks a host what its kernel knows of lack of memory since a run began.
 * @param since seconds since the epoch.
 * @throws RankwiseError where the host does not answer; Cancelled after 8 s.
 */
export async function askOom(
  ssh: SshPool,
  target: SshTarget,
  since: number,
  baseline: Baseline | undefined,
): Promise<OomEvidence> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const connection = await ssh.connect(target, signal);
  const text = await runScriptText(
    connection,
    'Asking the kernel',
    oomScript,
    [String(Math.floor(since))],
    signal,
  );
  return parseOom(text, baseline);
}

/** Reads the answer of oom.sh. Never throws. */
export function parseOom(text: string, baseline: Baseline | undefined): OomEvidence {
  const one = (key: string): string | undefined => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1];
  const uid = one('uid');
  const count = Number(one('oomkills') ?? NaN);
  // Counted anew since each boot.
  const isComparable = baseline !== undefined && baseline.boot === one('boot') && Number.isInteger(count);
  const records = text.split('\n').flatMap((line): OomKill[] => {
    const [, at, pid, owner, name] = /^kill=(\d+) (\d+) (\d+|\?) (.*)$/.exec(line) ?? [];
    if (at === undefined || pid === undefined || name === undefined) return [];
    return [{ at: Number(at), pid: Number(pid), isOurs: owner === '?' ? undefined : owner === uid, name }];
  });
  return {
    killsSinceStart: isComparable ? count - baseline.oomKills : undefined,
    records: one('records') === 'yes' ? records : undefined,
  };
}
