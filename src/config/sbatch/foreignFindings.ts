import type { SbatchScript } from './readSbatch';
import { shown, type SbatchFinding } from './sbatchFinding';
import type { DirectiveLine } from './sbatchLines';
import { memoryMegabytes } from './sbatchMemory';
import { isMoment } from './sbatchMoment';
import { timeSeconds } from './sbatchTime';
import { isMailType } from './sbatchValues';

/** Letters that sbatch takes in lines of other batch systems; those before `:` have a value. */
const letters = {
  '#PBS': { valued: 'acejklmopqrtuvACJMNSW', plain: 'hzIV' },
  '#BSUB': { valued: 'cemnoqJMW', plain: 'x' },
} as const;

/**
 * Lines of PBS and LSF: sbatch reads them wherever they stand, after `#SBATCH`, so that they win (Slurm 22.05, tried on
 * it). It refuses some, and leaves out what it knows and cannot do.
 */
export function foreignFindings({ directives, foreign, components }: SbatchScript): SbatchFinding[] {
  const [first] = foreign;
  const isIgnored = components.some(({ options }) =>
    options.some(({ option }) => option.long === 'ignore-pbs'),
  );
  if (first === undefined || isIgnored) return [];
  const { mark, start } = first;
  const end = start + mark.length;
  const note: SbatchFinding =
    directives.length === 0
      ? {
          code: 'foreignAlone',
          severity: 'information',
          message: `sbatch reads ${mark} lines and leaves out what it cannot do. Write #SBATCH lines to be sure of what it takes.`,
          start,
          end,
        }
      : {
          code: 'foreignToo',
          severity: 'warning',
          message: `sbatch reads ${mark} lines too, in the whole file, and they win over #SBATCH. Delete them, or add \`#SBATCH --ignore-pbs\`.`,
          start,
          end,
        };
  return [note, ...(['#PBS', '#BSUB'] as const).flatMap((one) => readForeign(one, foreign))];
}

/** As getopt reads it: it ends at the first thing that is wrong. */
function readForeign(mark: '#PBS' | '#BSUB', foreign: readonly DirectiveLine[]): SbatchFinding[] {
  const { valued, plain } = letters[mark];
  const words = foreign.flatMap((line) => (line.mark === mark ? line.words : []));
  for (let next = 0; next < words.length; next++) {
    const word = words[next];
    if (word === undefined) break;
    const refuse = (message: string): SbatchFinding[] => [
      { code: 'foreignOption', severity: 'error', message, start: word.start, end: word.end },
    ];
    const letter = word.text[1] ?? '';
    if (!word.text.startsWith('-') || word.text.startsWith('--') || letter === '') {
      return refuse(
        `sbatch refuses ${shown(word.text)} in a ${mark} line. Delete it, or write #SBATCH lines.`,
      );
    }
    if (plain.includes(letter) && word.text.length === 2) continue;
    if (!valued.includes(letter))
      return refuse(`sbatch knows no ${shown(`-${letter}`)} in ${mark} lines. Write #SBATCH lines.`);
    const value = word.text.length > 2 ? word.text.slice(2) : words[++next]?.text;
    if (value === undefined) return refuse(`\`-${letter}\` needs a value.`);
    const fault = foreignFault(mark, letter, value);
    if (fault !== undefined) return refuse(fault);
  }
  return [];
}

function foreignFault(mark: '#PBS' | '#BSUB', letter: string, value: string): string | undefined {
  if (mark === '#BSUB')
    return letter === 'W' && timeSeconds(value) === undefined ? `${shown(value)} is no time.` : undefined;
  if (letter === 'm')
    return /^[abefn]+$/i.test(value) || isMailType(value)
      ? undefined
      : `${shown(value)} is no kind of mail. Write letters of \`abe\`.`;
  if (letter === 'a') return isMoment(value) ? undefined : `${shown(value)} is no moment.`;
  if (letter !== 'l') return undefined;
  for (const item of value.split(',')) {
    const equals = item.indexOf('=');
    const [name, amount] = [item.slice(0, equals), item.slice(equals + 1)];
    if (name === 'walltime' && timeSeconds(amount) === undefined) return `${shown(amount)} is no time.`;
    if (name === 'mem' && memoryMegabytes(amount) === undefined)
      return `${shown(amount)} is no size. Write a whole number.`;
  }
  return undefined;
}
