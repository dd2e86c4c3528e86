import { RankwiseError } from '../base/errors';
import { linePattern } from '../config/names';
import { nextHostName } from './hostfileEditsNames';
import { hostfileRows, type HostfileRow } from './hostfileEditsRows';
import type { TextEdit } from './types';

/** Lines `first`–`last`, zero-based, without a gap. */
interface Run {
  first: number;
  last: number;
}

/** Takes lines out, each with its line break. */
export function removeHostfileLines(text: string, lines: readonly number[]): TextEdit[] {
  const rows = hostfileRows(text);
  return runsOf(rows, lines).map(({ first, last }) => {
    const [start, end, next] = [rows[first]?.start ?? 0, rows[last]?.end ?? 0, rows[last]?.next ?? 0];
    const before = rows[first - 1];
    // The last line may have no break behind it: then the one before it goes.
    return next === end && before !== undefined
      ? { start: before.end, end, text: '' }
      : { start, end: next, text: '' };
  });
}

/** Moves lines one line up (-1) or down (1); those at the edge stay. Lines that touch move together. */
export function moveHostfileLines(text: string, lines: readonly number[], by: -1 | 1): TextEdit[] {
  const rows = hostfileRows(text);
  return runsOf(rows, lines).flatMap(({ first, last }) => {
    const [top, bottom, other] = [rows[first], rows[last], rows[by < 0 ? first - 1 : last + 1]];
    if (top === undefined || bottom === undefined || other === undefined) return [];
    if (by < 0) {
      const lineBreak = text.slice(other.end, other.next);
      return [
        { start: other.start, end: other.next, text: '' },
        { start: bottom.end, end: bottom.end, text: `${lineBreak}${other.text}` },
      ];
    }
    return [
      { start: top.start, end: top.start, text: `${other.text}${text.slice(bottom.end, bottom.next)}` },
      { start: bottom.end, end: other.end, text: '' },
    ];
  });
}

/** Puts copies of hosts behind the last of them, each with the next name that is free (`node4` of `node3`). */
export function duplicateHostfileLines(text: string, lines: readonly number[]): TextEdit[] {
  const rows = hostfileRows(text);
  const taken = new Set(rows.map(({ values }) => values.host?.value ?? ''));
  const passed = new Map<string, string>();
  const chosen = [...new Set(lines)].sort((a, b) => a - b);
  const copies = chosen.flatMap((line) => {
    const row = rows[line];
    if (row === undefined) return [];
    const { host } = row.values;
    if (host === undefined) return [row.text];
    const name = nextHostName(host.value, taken, passed);
    taken.add(name);
    return [`${row.text.slice(0, host.start - row.start)}${name}${row.text.slice(host.end - row.start)}`];
  });
  return insertHostfileLines(text, (chosen.at(-1) ?? rows.length - 1) + 1, copies);
}

/** Puts lines in before a line; behind the last one with the number of lines. The file's line breaks are used. */
export function insertHostfileLines(text: string, before: number, lines: readonly string[]): TextEdit[] {
  if (lines.length === 0) return [];
  const rows = hostfileRows(text);
  const lineBreak = /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
  const at = rows[Math.max(0, before)];
  if (at !== undefined) {
    return [{ start: at.start, end: at.start, text: lines.map((line) => `${line}${lineBreak}`).join('') }];
  }
  const last = rows.at(-1);
  const ends = last === undefined || last.next > last.end;
  const added = lines.join(lineBreak);
  return [
    {
      start: text.length,
      end: text.length,
      text: ends ? `${added}${lineBreak}` : `${lineBreak}${added}`,
    },
  ];
}

/** Disables hosts by making comments of their lines, or enables them again; other lines stay as they are. */
export function enableHosts(text: string, lines: readonly number[], enabled: boolean): TextEdit[] {
  const rows = hostfileRows(text);
  return [...new Set(lines)].flatMap((line) => {
    const row = rows[line];
    if (row?.kind !== (enabled ? 'disabled' : 'host')) return [];
    if (!enabled) return [{ start: row.bodyStart, end: row.bodyStart, text: '#' }];
    const marker = /^([ \t]*)(?:#+|\/\/)[ \t]*/.exec(row.text);
    const start = row.start + (marker?.[1]?.length ?? 0);
    return [{ start, end: row.bodyStart, text: '' }];
  });
}

/**
 * Writes a whole line anew; a comment stays one, as a word of it would be a host.
 * @throws RankwiseError `hostfile.value` for more than one line, `hostfile.noHost` where there is no such line
 */
export function setHostfileLine(text: string, line: number, value: string): TextEdit[] {
  const row = hostfileRows(text)[line];
  if (row === undefined) throw new RankwiseError('hostfile.noHost', `there is no line ${line + 1}`);
  if (row.text === value) return [];
  if (value !== '' && !linePattern.test(value.replaceAll('\t', ' '))) {
    throw new RankwiseError('hostfile.value', 'a line of a hostfile is one line of text', {
      nextStep: 'Take line breaks and control characters out.',
    });
  }
  const [mark] = /^\s*(?:#|\/\/)\s?/.exec(row.text) ?? [];
  const isBare = row.kind === 'comment' && mark !== undefined && !/^\s*(?:#|\/\/|$)/.test(value);
  return [{ start: row.start, end: row.end, text: isBare ? mark + value : value }];
}

/** The chosen lines that exist, those that touch together, from the top. */
function runsOf(rows: readonly HostfileRow[], lines: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (const line of [...new Set(lines)].sort((a, b) => a - b)) {
    if (rows[line] === undefined) continue;
    const run = runs.at(-1);
    if (run?.last === line - 1) run.last = line;
    else runs.push({ first: line, last: line });
  }
  return runs;
}
