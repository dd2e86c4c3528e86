import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 50;

/** Ids of the processes whose environment holds every one of `marks` (`NAME=value`, or `NAME=` for any value). */
export function processesMarked(marks: readonly string[]): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const environment = environmentOf(pid);
      return marks.every((mark) => environment.includes(mark.endsWith('=') ? `\0${mark}` : `\0${mark}\0`));
    });
}

/**
 * Ends every process whose environment holds `mark`: TERM, `graceMs` later KILL, until two scans in a row find
 * nothing. Resolves with the ids of those that are still there after `limitMs`.
 */
export async function endProcesses(mark: string, graceMs = 2000, limitMs = 10_000): Promise<number[]> {
  signalAll(processesMarked([mark]), 'SIGTERM');
  const start = performance.now();
  let empty = 0;
  for (;;) {
    const left = processesMarked([mark]);
    empty = left.length === 0 ? empty + 1 : 0;
    const elapsed = performance.now() - start;
    if (empty === 2 || elapsed > limitMs) return left;
    if (elapsed > graceMs) signalAll(left, 'SIGKILL');
    await delay(pollMs);
  }
}

/** With a NUL before the first and behind the last entry. Empty for processes that are not ours to read, and zombies. */
function environmentOf(pid: number): string {
  try {
    return `\0${readFileSync(`/proc/${String(pid)}/environ`, 'latin1')}`;
  } catch {
    return '';
  }
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended in the meantime; the next scan tells.
    }
  }
}
