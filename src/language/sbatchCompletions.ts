import { readLines } from '../config/sbatch/sbatchLines';
import { sbatchOptions } from '../config/sbatch/sbatchOptions';
import { choicesOf, fileCodes } from './sbatchChoices';
import type { SbatchContext } from './sbatchContext';
import { directiveCursor, type DirectiveCursor } from './sbatchCursor';
import type { Completion } from './types';

/** `#SBATCH` at the beginning of a line; options after it; values of options. */
export function sbatchCompletions(text: string, offset: number, { site }: SbatchContext): Completion[] {
  const cursor = directiveCursor(text, offset);
  if (cursor === undefined) return markCompletions(text, offset);
  const { option } = cursor;
  if (option === undefined)
    return cursor.typed === '' || cursor.typed.startsWith('-') ? optionCompletions(text, offset, cursor) : [];
  if (option.kind === 'path' && /%$/.test(cursor.typed)) {
    return Object.entries(fileCodes).map(([code, detail]) => ({
      label: code,
      kind: 'value',
      detail,
      insert: code,
      start: offset - 1,
      end: offset,
    }));
  }
  // The last item of a list is being written.
  const separator = Math.max(...[',', '&', '|', '?'].map((one) => cursor.typed.lastIndexOf(one)));
  const isList = !['path', 'time', 'text', 'moment'].includes(option.kind);
  const start = cursor.wordStart + (isList ? separator + 1 : 0);
  return choicesOf(option, site).map(({ value, detail }, index) => ({
    label: value,
    kind: 'value',
    ...(detail !== undefined && { detail }),
    insert: value,
    start,
    end: offset,
    sort: String(index).padStart(4, '0'),
  }));
}

function optionCompletions(
  text: string,
  offset: number,
  { wordStart, wordEnd }: DirectiveCursor,
): Completion[] {
  const equals = text.slice(offset, wordEnd).indexOf('=');
  const hasValue = equals !== -1;
  const end = hasValue ? offset + equals : wordEnd;
  const isAttached = /[A-Z]/.test(text[wordStart - 1] ?? '');
  const blank = isAttached ? ' ' : '';
  return [...sbatchOptions.values()]
    .filter(({ same, kind, until }) => same === undefined && kind !== 'root' && until === undefined)
    .map(({ long, short, takes, about, since }) => {
      const release = since === undefined ? [] : [`since Slurm ${since}`];
      const detail = [...(short === undefined ? [] : [`-${short}`]), ...release].join(', ');
      const base = `${blank}--${long}`;
      const isAsked = takes === 'value' && !hasValue;
      return {
        label: `--${long}`,
        kind: 'option' as const,
        ...(detail !== '' && { detail }),
        documentation: about,
        insert: isAsked ? `${base}=\${1}` : base,
        ...(isAsked && { snippet: true }),
        start: wordStart,
        end,
      };
    });
}

/** In the lines above the first command. */
function markCompletions(text: string, offset: number): Completion[] {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  if (start === 0 || !'#SBATCH '.startsWith(text.slice(start, offset))) return [];
  const { firstCommand } = readLines(text.slice(0, start));
  if (firstCommand !== undefined) return [];
  return [
    {
      label: '#SBATCH',
      kind: 'key',
      detail: 'an option of sbatch',
      insert: '#SBATCH --',
      start,
      end: offset,
    },
  ];
}
