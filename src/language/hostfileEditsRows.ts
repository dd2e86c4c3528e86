import { addressPattern } from '../config/names';

/** A value of a row, with where it stands; `from`–`end` is all that goes when the value is taken away. */
export interface RowValue {
  value: string;
  from: number;
  start: number;
  end: number;
}

/** What a column of the hosts editor holds. */
export const hostfileFields = ['host', 'slots', 'user', 'port', 'note'] as const;
export type HostfileField = (typeof hostfileFields)[number];

/**
 * One line of a hostfile as a row: a `host`, a `disabled` one (a host behind `#`), a `comment`, a `blank` line, or
 * `other` text that is no host in any dialect. Offsets count from the start of the file.
 */
export interface HostfileRow {
  kind: 'host' | 'disabled' | 'comment' | 'blank' | 'other';
  /** The line without its line break. */
  text: string;
  start: number;
  end: number;
  /** Start of the next line; `end` where there is none. */
  next: number;
  values: Partial<Record<HostfileField, RowValue>>;
  /** Settings and words that have no column, such as `max-slots=8`. */
  more: string;
  /** Where the host begins, and the end of the last word that is not of the note. */
  bodyStart: number;
  bodyEnd: number;
}

/** Every spelling of the settings with a column, as Open MPI takes them. */
const settings = new Map<string, HostfileField>([
  ['slots', 'slots'],
  ['cpu', 'slots'],
  ['count', 'slots'],
  ['port', 'port'],
  ['username', 'user'],
  ['user-name', 'user'],
  ['user_name', 'user'],
]);

/** The lines of a hostfile as rows, all of them, whatever they hold; what follows the last line break only if it is text. */
export function hostfileRows(text: string): HostfileRow[] {
  const rows: HostfileRow[] = [];
  let inComment = false;
  const add = (from: number, end: number, next: number): void => {
    const start = from === 0 && text.startsWith('\uFEFF') ? 1 : from;
    const [row, after] = readRow(text.slice(start, end), start, inComment);
    inComment = after;
    rows.push({ ...row, next });
  };
  let start = 0;
  for (const match of text.matchAll(/\r\n|\r|\n/g)) {
    const next = match.index + match[0].length;
    add(start, match.index, next);
    start = next;
  }
  if (start < text.length) add(start, text.length, text.length);
  return rows;
}

type Line = Omit<HostfileRow, 'next'>;

/** @param inComment the line begins inside of a block comment; the second result says so of the next line */
function readRow(text: string, start: number, inComment: boolean): [Line, boolean] {
  const end = start + text.length;
  const plain = (kind: HostfileRow['kind']): Line => {
    return { kind, text, start, end, values: {}, more: '', bodyStart: start, bodyEnd: end };
  };
  if (inComment) return [plain('comment'), !text.includes('*/')];
  if (/^\s*$/.test(text)) return [plain('blank'), false];
  const marker = /^[ \t]*(?:#+|\/\/)/.exec(text)?.[0];
  if (marker !== undefined) {
    const row = readHost(text, start, marker.length);
    return [
      row !== undefined && isDisabledHost(row) ? { ...row, kind: 'disabled' } : plain('comment'),
      false,
    ];
  }
  const block = text.indexOf('/*');
  if (block >= 0 && !/#|\/\//.test(text.slice(0, block))) {
    const open = !text.includes('*/', block + 2);
    return [plain(/^\s*$/.test(text.slice(0, block)) ? 'comment' : 'other'), open];
  }
  return [readHost(text, start, 0) ?? plain('other'), false];
}

/** Prose is no host: a comment is one that reads as a host with settings, or a single word right behind its mark. */
function isDisabledHost({ values, more, text, start, bodyStart }: Line): boolean {
  const { host, slots, user, port } = values;
  if (host === undefined || !addressPattern.test(host.value)) return false;
  if (slots !== undefined || port !== undefined) return !/(?:^| )[^= ]+(?: |$)/.test(more);
  return more === '' && (user !== undefined || /[#/]/.test(text.charAt(bodyStart - start - 1)));
}

interface Word {
  text: string;
  start: number;
  end: number;
}

/** Reads `user@host key=value … # note` from `from` on; undefined where no host stands at its beginning. */
function readHost(text: string, offset: number, from: number): Line | undefined {
  const mark = text.slice(from).search(/#|\/\//);
  const noteAt = mark < 0 ? text.length : from + mark;
  const words: Word[] = [...text.slice(from, noteAt).matchAll(/=|[^\s=]+/g)].map((match) => ({
    text: match[0],
    start: offset + from + match.index,
    end: offset + from + match.index + match[0].length,
  }));
  const [target] = words;
  const last = words.at(-1);
  if (/^@|@$/.test(target?.text ?? '')) return undefined;
  if (target === undefined || last === undefined || target.text === '=' || words[1]?.text === '=') {
    return undefined;
  }
  const values = targetValues(target);
  const more = readSettings(words, values);
  if (more === undefined) return undefined;
  if (noteAt < text.length) values.note = noteValue(text, offset, noteAt, last.end);
  return {
    kind: 'host',
    text,
    start: offset,
    end: offset + text.length,
    values,
    more,
    bodyStart: target.start,
    bodyEnd: last.end,
  };
}

function targetValues({ text, start, end }: Word): HostfileRow['values'] {
  const at = text.lastIndexOf('@');
  if (at < 0) return { host: { value: text, from: start, start, end } };
  const name = start + at + 1;
  return {
    host: { value: text.slice(at + 1), from: name, start: name, end },
    user: { value: text.slice(0, at), from: start, start, end: start + at },
  };
}

/** The words that have no column; undefined where an `=` stands alone. */
function readSettings(words: readonly Word[], values: HostfileRow['values']): string | undefined {
  const more: string[] = [];
  for (let index = 1; index < words.length;) {
    const [key, equals, value] = words.slice(index, index + 3);
    if (key === undefined || key.text === '=') return undefined;
    if (equals?.text !== '=') {
      more.push(key.text);
      index += 1;
      continue;
    }
    if (value?.text === '=') return undefined;
    const field = settings.get(key.text);
    // A blank behind `=` may stand before a value or before the next setting.
    const missing = value === undefined || words[index + 3]?.text === '=';
    const end = missing ? equals.end : value.end;
    if (field === undefined || values[field] !== undefined) {
      more.push(`${key.text}=${missing ? '' : value.text}`);
    } else {
      const from = words[index - 1]?.end ?? key.start;
      values[field] = { value: missing ? '' : value.text, from, start: missing ? end : value.start, end };
    }
    index += missing ? 2 : 3;
  }
  return more.join(' ');
}

/** The text behind the mark of a comment, without the blanks around it. */
function noteValue(text: string, offset: number, mark: number, from: number): RowValue {
  const body = /^(?:#+|\/\/)[ \t]*/.exec(text.slice(mark))?.[0].length ?? 1;
  const value = text.slice(mark + body).trimEnd();
  const start = offset + mark + body;
  return { value, from, start, end: start + value.length };
}
