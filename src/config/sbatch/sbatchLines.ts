import { suggest } from '../suggest';
import { isBlank, splitWords, type SbatchWord, type WordLine } from './sbatchWords';

export type DirectiveMark = '#SBATCH' | '#SLURM' | '#PBS' | '#BSUB';

/** One line that sbatch reads as a directive. */
export interface DirectiveLine extends WordLine {
  mark: DirectiveMark;
  start: number;
  end: number;
  /** This line begins the next component of a heterogeneous job; the rest of it is not read. */
  separator?: SbatchWord;
}

/** A line that looks like a directive and is none for sbatch. */
export interface LookAlike {
  kind: 'late' | 'indented' | 'misspelt' | 'blank';
  start: number;
  end: number;
}

export interface SbatchLines {
  /** `#SBATCH` and `#SLURM` in order, as far as sbatch reads: up to the first command. */
  directives: DirectiveLine[];
  /** `#PBS` and `#BSUB` lines, which sbatch looks for in the whole file. */
  foreign: DirectiveLine[];
  lookAlikes: LookAlike[];
  /** Start of the first command; undefined where there is none. */
  firstCommand: number | undefined;
}

/** Splits a script into directives and the rest. sbatch ends lines at `\n` alone. */
export function readLines(text: string): SbatchLines {
  const directives: DirectiveLine[] = [];
  const foreign: DirectiveLine[] = [];
  const lookAlikes: LookAlike[] = [];
  let firstCommand: number | undefined;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const mark = text[start] === '#' ? markAt(text, start) : undefined;
    if (mark !== undefined) {
      const isForeign = mark === '#PBS' || mark === '#BSUB';
      const line = { mark, start, end, ...splitWords(text, start + mark.length, end) };
      if (isForeign) foreign.push(line);
      else if (firstCommand === undefined) directives.push(separated(line));
    } else if (firstCommand === undefined) {
      const first = firstOf(text, start, end);
      if (first < end && text[first] !== '#') firstCommand = start;
      const kind = first < end ? lookAlikeOf(text, start, first, end) : undefined;
      if (kind !== undefined) lookAlikes.push({ kind, start: first, end });
    }
    start = end + 1;
  }
  if (firstCommand !== undefined) lookAlikes.push(...lateLines(text, firstCommand));
  return { directives, foreign, lookAlikes, firstCommand };
}

function markAt(text: string, start: number): DirectiveMark | undefined {
  return (['#SBATCH', '#SLURM', '#PBS', '#BSUB'] as const).find((mark) => text.startsWith(mark, start));
}

function firstOf(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(text[at])) at += 1;
  return at;
}

/** `hetjob` ends the component wherever it stands on a line; what follows it on the line is not read. */
function separated(line: DirectiveLine): DirectiveLine {
  const at = line.words.findIndex(({ text }) => text === 'hetjob' || text === 'packjob');
  const separator = line.words[at];
  return separator === undefined ? line : { ...line, words: line.words.slice(0, at), separator };
}

/** What the comment at `first` may be meant as: `##SBATCH` is the usual way to switch a directive off. */
function lookAlikeOf(text: string, start: number, first: number, end: number): LookAlike['kind'] | undefined {
  const comment = text.slice(first, Math.min(end, first + 40));
  if (/^#SBATCH(?![A-Za-z])/.test(comment)) return first > start ? 'indented' : undefined;
  if (/^#\s+SBATCH\s+--?[A-Za-z]/.test(comment)) return 'blank';
  const [, word] = /^#([A-Za-z]{4,9})\s+--?[A-Za-z]/.exec(comment) ?? [];
  return word !== undefined && isNearSbatch(word) ? 'misspelt' : undefined;
}

/** `#sbatch`, `#SBACTH`, `#SBATH`: not a word of prose, which is not written in capitals before an option. */
function isNearSbatch(word: string): boolean {
  if (word.toUpperCase() === 'SBATCH') return true;
  return word === word.toUpperCase() && word.startsWith('S') && suggest(word, ['SBATCH']) !== undefined;
}

/**
 * `#SBATCH` after the first command. Lines of here-documents, and all after a second `#!`, also in quotes, belong to
 * another script that this one writes.
 */
function lateLines(text: string, firstCommand: number): LookAlike[] {
  if (!text.includes('\n#SBATCH', firstCommand - 1)) return [];
  const late: LookAlike[] = [];
  let until: { word: string; tabs: boolean } | undefined;
  for (let start = firstCommand; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end);
    if (until !== undefined) {
      if ((until.tabs ? line.replace(/^\t+/, '') : line) === until.word) until = undefined;
    } else if (line.startsWith('#!')) return late;
    else if (/["']#!/.test(line)) return late;
    else if (line.startsWith('#SBATCH')) late.push({ kind: 'late', start, end });
    else {
      const [, tabs, word] = /<<(-?)\s*["'\\]?([A-Za-z_]\w*)/.exec(line.slice(0, 2000)) ?? [];
      if (word !== undefined && !line.includes('<<<')) until = { word, tabs: tabs === '-' };
    }
    start = end + 1;
  }
  return late;
}
