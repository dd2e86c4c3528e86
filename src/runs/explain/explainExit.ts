import { exitWithPlace } from '../exitText';
import type { RunExit } from '../model';
import type { OomEvidence, Reason } from './evidence';
import { wasKilled } from './memoryReasons';
import { reasonOf } from './recognisers';
import { tailLines } from './tailLines';

/** Why a run failed: the process that failed first, its last words, and the reason where it can be known. */
export interface Explanation {
  /** One line: which process, with what, its last words, the reason, what to do. */
  text: string;
  /** The last lines of its log, at most 20, plain text. */
  lastLines: string[];
  reason: Reason | undefined;
}

const LAST_LINES = 20;
const SHOWN_LENGTH = 200;

/**
 * Explains the end of a process.
 * @param logFile cached log of that process.
 * @param endedAt seconds since the epoch, by the clock of its host.
 * @param wasStopped by a person: then the kernel is not asked.
 * @param askOom asks its host what the kernel knows; called only where the answer matters.
 * @returns undefined for a clean end.
 */
export async function explainExit(
  exit: RunExit,
  logFile: string | undefined,
  endedAt: number | undefined,
  wasStopped: boolean,
  askOom: () => Promise<OomEvidence | undefined>,
): Promise<Explanation | undefined> {
  if (exit.code === 0 || exit.process === undefined) return undefined;
  const lines = logFile === undefined ? [] : await tailLines(logFile);
  const host = exit.process.slice(0, exit.process.lastIndexOf('/'));
  const oom = !wasStopped && wasKilled({ code: exit.code, lines }) ? await askOom() : undefined;
  const reason = reasonOf({ code: exit.code, endedAt, host, lines, wasStopped, oom });
  const last = lines.at(-1)?.slice(0, SHOWN_LENGTH).toWellFormed();
  const parts = [
    exitWithPlace(exit),
    ...(last === undefined ? [] : [`last line: ${last}`]),
    ...(reason === undefined ? [] : [`${reason.what}. ${reason.todo}`]),
  ];
  return { text: parts.join(' · '), lastLines: lines.slice(-LAST_LINES), reason };
}
