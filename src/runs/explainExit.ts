import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import type { RunExit } from './model';

const TAIL_BYTES = 4096;

/** What a shell's exit status means where it has a meaning of its own. */
const MEANINGS: Readonly<Record<number, string>> = {
  126: 'the command cannot be executed: check its permissions',
  127: 'the command does not exist there: check `command:` and the `setup:` lines',
  130: 'interrupted (SIGINT)',
  137: 'killed (SIGKILL): out of memory?',
  139: 'crashed (segmentation fault)',
  143: 'ended by SIGTERM',
};

/**
 * One line for a person: which process failed, with what, and its last words.
 * @param logFile cached log of that process.
 * @returns undefined for a clean end.
 */
export function explainExit(exit: RunExit, logFile: string | undefined): string | undefined {
  if (exit.code === 0 || exit.process === undefined) return undefined;
  const meaning = MEANINGS[exit.code];
  const last = logFile === undefined ? undefined : lastLine(logFile);
  return [
    `exit ${exit.code} on ${exit.process}`,
    ...(meaning === undefined ? [] : [meaning]),
    ...(last === undefined ? [] : [`last line: ${last}`]),
  ].join(' · ');
}

function lastLine(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    const lines = buffer.toString('utf8').split(/[\r\n]+/);
    return lines
      .map((line) => line.trim())
      .findLast((line) => line !== '')
      ?.slice(0, 200);
  } finally {
    closeSync(fd);
  }
}
