import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { oneLine } from '../base/plainText';
import { exitWithPlace } from './exitText';
import type { RunExit } from './model';

const TAIL_BYTES = 4096;
const LINE_LENGTH = 200;

/**
 * One line for a person: which process failed, with what, and its last words.
 * @param logFile cached log of that process.
 * @returns undefined for a clean end.
 */
export function explainExit(exit: RunExit, logFile: string | undefined): string | undefined {
  if (exit.code === 0 || exit.process === undefined) return undefined;
  const last = logFile === undefined ? undefined : lastLine(logFile);
  const how = exitWithPlace(exit);
  return last === undefined ? how : `${how} · last line: ${last}`;
}

function lastLine(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    const lines = buffer.toString('utf8').split(/[\r\n]+/);
    return lines.map((line) => oneLine(line, LINE_LENGTH)).findLast((line) => line !== '');
  } finally {
    closeSync(fd);
  }
}
