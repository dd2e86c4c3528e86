import { LineIndex } from '../config/lineIndex';
import type { Problem } from '../config/problem';
import { jsonWord } from '../config/training/jsonFaultMessage';
import { readTraining, type TrainingDocument, type TrainingEntry } from '../config/training/readTraining';
import type { TrainingKey } from '../config/training/trainingKeys';
import { countAt } from '../config/training/trainingTotals';
import { readOnce } from './readOnce';
import type { Fix, TextEdit } from './types';

const readDocument = readOnce((text) => ({ lines: new LineIndex(text), document: readTraining(text) }));

/** Changes that mend a finding in a training configuration, where it is plain what was meant. */
export function trainingFixes(text: string, { code, range }: Problem): Fix[] {
  const { lines, document } = readDocument(text);
  const start = lines.offset(range.start);
  const end = lines.offset(range.end);
  const fix = (title: string, edit: TextEdit, preferred = true): Fix[] => [
    { title, code, edits: [edit], ...(preferred ? { preferred } : {}) },
  ];
  const replace = (value: string, preferred = true): Fix[] =>
    fix(`Write ${value}`, { start, end, text: value }, preferred);
  switch (code) {
    case 'training.byteOrderMark':
      return fix('Remove the byte order mark', { start, end, text: '' });
    case 'training.trailingComma':
      return fix('Delete the comma', { start, end, text: '' });
    case 'training.duplicateKey': {
      const entry = document.entries.find(({ keyStart }) => keyStart === start);
      return entry === undefined ? [] : fix(`Delete this ${entry.key}`, withoutEntry(text, entry), false);
    }
    case 'training.syntax': {
      const word = jsonWord(text.slice(start, end));
      if (word !== undefined) return replace(word);
      const before = missingComma(document, start);
      return before === undefined ? [] : fix('Add the comma', { start: before, end: before, text: ',' });
    }
    case 'training.wrongType': {
      const value = meantValue(document, text.slice(start, end), start);
      return value === undefined ? [] : replace(value);
    }
    case 'training.workers': {
      const product = (countAt(document, 'nodes') ?? 0) * (countAt(document, 'gpus') ?? 0);
      return product > 0 ? replace(String(product), false) : [];
    }
    case 'training.noGpus':
      return replace('false', false);
    default:
      return [];
  }
}

/** Where a comma belongs if a value ends before an offset at which the parser misses one. */
function missingComma({ faults, entries }: TrainingDocument, offset: number): number | undefined {
  if (!faults.some(({ start, expected }) => start === offset && expected === '`,`')) return undefined;
  return entries.findLast(({ value }) => value !== undefined && value.end <= offset)?.value?.end;
}

/** A key with its value and the comma behind it, and the line if nothing else is on it. */
function withoutEntry(text: string, { keyStart, keyEnd, value }: TrainingEntry): TextEdit {
  const after = value?.end ?? keyEnd;
  const comma = /^[ \t]*,[ \t]*/.exec(text.slice(after, after + 200))?.[0].length ?? 0;
  const end = after + comma;
  const lineBreak = /^(?:\r\n|\r|\n)/.exec(text.slice(end, end + 2))?.[0].length ?? 0;
  const indent = /(?:^|[\r\n])([ \t]*)$/.exec(text.slice(Math.max(0, keyStart - 200), keyStart))?.[1];
  if (lineBreak === 0 || indent === undefined) return { start: keyStart, end, text: '' };
  return { start: keyStart - indent.length, end: end + lineBreak, text: '' };
}

/** What a value of the wrong type must have meant. */
function meantValue(
  { shape, entries }: TrainingDocument,
  written: string,
  start: number,
): string | undefined {
  const entry = entries.find(({ value }) => value !== undefined && value.start <= start && start < value.end);
  const known: TrainingKey | undefined =
    shape === undefined || entry === undefined ? undefined : shape.keys[entry.key];
  const word = /^"([^"\\]*)"$/.exec(written)?.[1]?.trim() ?? written;
  switch (known?.value) {
    case 'boolean':
      if (/^(?:true|yes|on|1)$/i.test(word)) return 'true';
      return /^(?:false|no|off|0)$/i.test(word) ? 'false' : undefined;
    case 'number':
      return /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?(?:[eE][-+]?\d{1,3})?$/.test(word) ? word : undefined;
    case 'whole':
    case 'level': {
      const number = /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(word) ? Number(word) : NaN;
      return Number.isSafeInteger(number) ? String(number) : undefined;
    }
    case undefined:
      return undefined;
  }
}
