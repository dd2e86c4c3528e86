import { foreignLetter, foreignOptions, type ForeignOptions } from './foreignOptions';
import type { SbatchScript } from './readSbatch';
import { isArray } from './sbatchArray';
import { shown, type SbatchFinding } from './sbatchFinding';
import type { DirectiveLine } from './sbatchLines';
import { memoryMegabytes } from './sbatchMemory';
import { isMoment } from './sbatchMoment';
import { isNodeListRefused } from './sbatchNodes';
import { isCount } from './sbatchNumbers';
import { timeSeconds } from './sbatchTime';
import { isMailType } from './sbatchValues';

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

/** As getopt_long reads it: it ends at the first thing that is wrong. */
function readForeign(mark: '#PBS' | '#BSUB', foreign: readonly DirectiveLine[]): SbatchFinding[] {
  const known = foreignOptions[mark];
  const words = foreign.flatMap((line) => (line.mark === mark ? line.words : []));
  for (let next = 0; next < words.length; next++) {
    const word = words[next];
    if (word === undefined) break;
    const refuse = (message: string): SbatchFinding[] => [
      { code: 'foreignOption', severity: 'error', message, start: word.start, end: word.end },
    ];
    const refuseWord = (): SbatchFinding[] =>
      refuse(`sbatch refuses ${shown(word.text)} in a ${mark} line. Delete it, or write #SBATCH lines.`);
    // sbatch makes `-c` of `-cwd` where it expects an option.
    const text = mark === '#BSUB' && word.text === '-cwd' && next % 2 === 0 ? '-c' : word.text;
    if (text === '--') {
      if (next + 1 < words.length) return refuseWord();
      break;
    }
    const option = text.startsWith('--') ? longOption(known, text) : shortOption(known, text);
    if (option === undefined) return refuseWord();
    if ('unknown' in option)
      return refuse(`sbatch knows no ${shown(`-${option.unknown}`)} in ${mark} lines. Write #SBATCH lines.`);
    const { letter } = option;
    if (letter === undefined) continue;
    const value = option.value ?? words[++next]?.text;
    if (value === undefined) return refuse(`\`-${letter}\` needs a value.`);
    const fault = foreignFault(mark, letter, value);
    if (fault !== undefined) return refuse(fault);
  }
  return [];
}

/** An option with a value, which is the next word where it is undefined; without a letter, one that has no value. */
type ForeignOption = { letter?: string; value?: string | undefined } | { unknown: string };

function longOption(known: ForeignOptions, text: string): ForeignOption | undefined {
  const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  const letter = foreignLetter(known, name);
  if (letter === undefined || (known.plain.includes(letter) && value !== undefined)) return undefined;
  // `--join` alone is enough.
  if (known.plain.includes(letter) || (letter === 'j' && value === undefined)) return {};
  return { letter, value };
}

/** Letters without a value may stand together, one with a value last. */
function shortOption(known: ForeignOptions, text: string): ForeignOption | undefined {
  if (!text.startsWith('-') || text === '-') return undefined;
  for (let index = 1; index < text.length; index++) {
    const letter = text[index] ?? '';
    if (known.plain.includes(letter)) continue;
    if (!known.valued.includes(letter)) return { unknown: letter };
    return { letter, value: index + 1 < text.length ? text.slice(index + 1) : undefined };
  }
  return {};
}

function foreignFault(mark: '#PBS' | '#BSUB', letter: string, value: string): string | undefined {
  return mark === '#BSUB' ? bsubFault(letter, value) : pbsFault(letter, value);
}

function bsubFault(letter: string, value: string): string | undefined {
  if (letter === 'W') return timeSeconds(value) === undefined ? `${shown(value)} is no time.` : undefined;
  if (letter === 'M')
    return memoryMegabytes(value) === undefined
      ? `${shown(value)} is no size. Write a whole number.`
      : undefined;
  if (letter === 'm')
    return isNodeListRefused(value.replaceAll(' ', ',')) ? `${shown(value)} is no list of nodes.` : undefined;
  if (letter !== 'n') return undefined;
  // Of `least,most` it takes the second.
  const comma = value.indexOf(',');
  return isCount(value.slice(comma + 1))
    ? undefined
    : `${shown(value)} is no number of tasks. Write a whole number of 1 or more.`;
}

function pbsFault(letter: string, value: string): string | undefined {
  if (letter === 'm')
    return /^[abefn]+$/i.test(value) || isMailType(value)
      ? undefined
      : `${shown(value)} is no kind of mail. Write letters of \`abe\`.`;
  if (letter === 'a') return isMoment(value) ? undefined : `${shown(value)} is no moment.`;
  if (letter === 'J' || letter === 't')
    return isArray(value) ? undefined : `${shown(value)} are no indices of an array. Write such as \`0-15\`.`;
  if (letter !== 'l') return undefined;
  for (const item of value.split(',')) {
    const equals = item.indexOf('=');
    const [name, amount] = [item.slice(0, equals), item.slice(equals + 1)];
    if (name === 'walltime' && timeSeconds(amount) === undefined) return `${shown(amount)} is no time.`;
    if (
      (name === 'mem' || name === 'file') &&
      memoryMegabytes(amount.replace(/(?<=\d)b$/i, '')) === undefined
    )
      return `${shown(amount)} is no size. Write a whole number.`;
    if (name === 'ncpus' && !isCount(amount)) return `${shown(amount)} is no number of CPUs.`;
  }
  return undefined;
}
