import { createScanner } from 'jsonc-parser/lib/esm/main.js';
import { readTraining, type TrainingDocument, type TrainingEntry } from '../config/training/readTraining';
import { applyEdits } from './applyEdits';
import type { TextEdit } from './types';

/**
 * Smallest edits that give a key at the top of a JSON file with comments this value, or take it out (undefined). All
 * other bytes stay; a comment goes only with the line of the key that is taken out.
 * @returns undefined where the file is no mapping, does not parse, or has the key twice
 */
export function setJsonValue(
  text: string,
  key: string,
  value: string | number | boolean | undefined,
): TextEdit[] | undefined {
  const document = readTraining(text);
  if (!document.isObject || document.faults.length > 0) return undefined;
  const entry = document.byKey.get(key);
  const edits = editsOf(text, document, entry, key, value);
  const after = readTraining(applyEdits(text, edits));
  const made = after.byKey.get(key)?.value;
  const isRight = value === undefined ? made === undefined : made?.value === value;
  return after.faults.length === 0 && isRight ? edits : undefined;
}

function editsOf(
  text: string,
  document: TrainingDocument,
  entry: TrainingEntry | undefined,
  key: string,
  value: string | number | boolean | undefined,
): TextEdit[] {
  if (value === undefined) return entry === undefined ? [] : removal(text, document, entry);
  const written = JSON.stringify(value);
  if (entry?.value !== undefined) return [{ start: entry.value.start, end: entry.value.end, text: written }];
  return insertion(text, document, `${JSON.stringify(key)}: ${written}`);
}

function insertion(text: string, { entries, root }: TrainingDocument, entry: string): TextEdit[] {
  const last = entries.at(-1);
  const start = last?.value?.end;
  if (last === undefined || start === undefined) {
    const inside = (root?.start ?? 0) + 1;
    return [{ start: inside, end: inside, text: ` ${entry}${text[inside] === '}' ? ' ' : ''}` }];
  }
  const comma = commaBehind(text, start);
  const comes = comma === undefined ? [{ start, end: start, text: ',' }] : [];
  const behind = comma === undefined ? start : comma + 1;
  const lineEnd = endOfLine(text, behind);
  // On one line with its end: so is the new one.
  if (lineEnd >= (root?.end ?? text.length) || !isAlone(text, last.keyStart)) {
    return [...comes, { start: behind, end: behind, text: ` ${entry}` }];
  }
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  return [
    ...comes,
    { start: lineEnd, end: lineEnd, text: newline + blanksBefore(text, last.keyStart) + entry },
  ];
}

function removal(text: string, { entries }: TrainingDocument, entry: TrainingEntry): TextEdit[] {
  const end = entry.value?.end ?? entry.keyEnd;
  const comma = commaBehind(text, end);
  const before = entries[entries.indexOf(entry) - 1]?.value?.end;
  const commaBefore = before === undefined ? undefined : commaBehind(text, before);
  const behind = comma === undefined ? end : comma + 1;
  const goes: TextEdit[] =
    comma === undefined && commaBefore !== undefined
      ? [{ start: commaBefore, end: commaBefore + 1, text: '' }]
      : [];
  const rest = text.slice(behind, endOfLine(text, behind));
  if (isAlone(text, entry.keyStart) && /^[ \t]*(?:\/\/.*|\/\*(?:[^*]|\*(?!\/))*\*\/[ \t]*)?$/.test(rest)) {
    const start = entry.keyStart - blanksBefore(text, entry.keyStart).length;
    const lineEnd = endOfLine(text, behind);
    const next = /^\r?\n/.exec(text.slice(lineEnd, lineEnd + 2))?.[0].length ?? 0;
    return [...goes, { start, end: lineEnd + next, text: '' }];
  }
  const blanks = /^[ \t]*/.exec(rest)?.[0].length ?? 0;
  return [...goes, { start: entry.keyStart, end: behind + (comma === undefined ? 0 : blanks), text: '' }];
}

/** Offset of the comma that follows, comments between. */
function commaBehind(text: string, offset: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  scanner.scan();
  return text[scanner.getTokenOffset()] === ',' ? scanner.getTokenOffset() : undefined;
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end === -1) return text.length;
  return text[end - 1] === '\r' && end > offset ? end - 1 : end;
}

function blanksBefore(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** True where only blanks stand before it on its line. */
function isAlone(text: string, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return start > 0 && text.slice(start, offset).trim() === '';
}
