import { existsSync, readFileSync } from 'node:fs';
import { oneLine } from '../../base/plainText';

const WORDS_LENGTH = 600;

/**
 * Why sbatch did not take a job, in its own words.
 * @param logFile cached log of the submission: a few lines, more where a login profile is talkative.
 */
export function refusalText(logFile: string | undefined): string | undefined {
  if (logFile === undefined || !existsSync(logFile)) return undefined;
  const lines = readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const own = lines.filter((line) => /^sbatch: /.test(line));
  const words = (own.length > 0 ? own : lines.slice(-3)).map((line) =>
    line.replace(/^sbatch: (?:error: )?/, ''),
  );
  const text = oneLine([...new Set(words)].join(' · '), WORDS_LENGTH);
  return text === '' ? undefined : text;
}
