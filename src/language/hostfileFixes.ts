import { LineIndex } from '../config/lineIndex';
import { lookAlikeOf } from '../config/hostfile/lookAlikes';
import type { Problem } from '../config/problem';
import { suggest } from '../config/suggest';
import type { HostfileContext } from './hostfileContext';
import { removeHostfileLines } from './hostfileEditsLines';
import { pastedHosts } from './hostfileEditsPaste';
import { hostfileRows } from './hostfileEditsRows';
import { hostfileSettings } from './hostfileSettings';
import type { Fix, TextEdit } from './types';

interface Place {
  text: string;
  code: string;
  start: number;
  end: number;
  /** The words in question. */
  written: string;
  line: { number: number; start: number; end: number; text: string };
  context: HostfileContext;
}

/** Changes that mend a finding in a hostfile, the most certain first. */
export function hostfileFixes(text: string, problem: Problem, context: HostfileContext): Fix[] {
  const lines = new LineIndex(text);
  const [start, end] = [lines.offset(problem.range.start), lines.offset(problem.range.end)];
  const range = lines.lineRange(start);
  const [from, to] = [lines.offset(range.start), lines.offset(range.end)];
  const place: Place = {
    text,
    code: problem.code,
    start,
    end,
    written: text.slice(start, end),
    line: { number: range.start.line, start: from, end: to, text: text.slice(from, to) },
    context,
  };
  return (fixers[problem.code] ?? (() => []))(place);
}

const fixers: Record<string, ((place: Place) => Fix[]) | undefined> = {
  'hostfile.duplicateHost': (place) => [removeLine(place, 'Remove this line of the host', true)],
  'hostfile.sameForOpenMpi': (place) => [removeLine(place, 'Remove this line')],
  'hostfile.blankLine': (place) => [removeLine(place, 'Remove the empty line', true)],
  'hostfile.colon': colon,
  'hostfile.crlf': windowsLineEnds,
  'hostfile.rangeNotExpanded': expand,
  'hostfile.trailingBlanks': (place) => [fix(place, 'Remove the blanks at the end', '', true)],
  'hostfile.byteOrderMark': (place) => [fix(place, 'Remove the byte order mark', '', true)],
  'hostfile.lookAlike': (place) => {
    const meant = lookAlikeOf(place.written);
    if (meant === undefined) return [];
    const title = meant === '' ? 'Remove the character' : `Write ${meant === ' ' ? 'a space' : `'${meant}'`}`;
    return [fix(place, title, meant, true)];
  },
  'hostfile.commentWithoutNewline': ({ text, code }) => [
    { title: 'Add a line break', code, edits: [insert(text.length, '\n')], preferred: true },
  ],
  'hostfile.comment': removeComment,
  'hostfile.noSlots': (place) => {
    const host = /^[^\s#]+/.exec(place.written)?.[0] ?? '';
    const gpus = gpusOf(host, place.context);
    const at = place.start + host.length;
    const edits = [insert(at, ` slots=${gpus ?? 1}`)];
    const title = `Write slots=${gpus ?? 1}`;
    return [{ title, code: place.code, edits, ...(gpus === undefined ? {} : { preferred: true }) }];
  },
  'hostfile.ignoredWord': (place) => {
    const number = /^(?:[a-z_-]+:)?(\d{1,9})$/i.exec(place.written)?.[1];
    return number === undefined ? [] : [fix(place, `Write slots=${number}`, `slots=${number}`, true)];
  },
  'hostfile.format': (place) => {
    const blanks = /[ \t]*=[ \t]*/.exec(place.written);
    if (blanks === null || !/^\S+[ \t]+slots[ \t]*=[ \t]*\d+$/.test(place.written)) return [];
    const start = place.start + blanks.index;
    const edits = [{ start, end: start + blanks[0].length, text: '=' }];
    return [{ title: 'Write it without blanks at the =', code: place.code, edits, preferred: true }];
  },
  'hostfile.unknownKey': (place) => {
    const near = suggest(
      place.written,
      hostfileSettings.map(({ name }) => name),
    );
    return near === undefined ? [] : [fix(place, `Write ${near}`, near, true)];
  },
  'hostfile.slotsBeyondGpus': slotsOfGpus,
  'hostfile.slots': (place) => (/^0+$/.test(place.written) ? [removeLine(place, 'Remove the host')] : []),
  'hostfile.user': (place) => {
    const at = place.written.lastIndexOf('@');
    if (at < 0) return [];
    const edits = [{ start: place.start, end: place.start + at + 1, text: '' }];
    return [{ title: 'Remove the user', code: place.code, edits }];
  },
};

function insert(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}

function fix({ start, end, code }: Place, title: string, text: string, preferred = false): Fix {
  return { title, code, edits: [{ start, end, text }], ...(preferred ? { preferred } : {}) };
}

function removeLine({ text, code, line }: Place, title: string, preferred = false): Fix {
  return {
    title,
    code,
    edits: removeHostfileLines(text, [line.number]),
    ...(preferred ? { preferred } : {}),
  };
}

/** `a:4` most likely counts processes; a number that no host has as many GPUs as is a port. */
function colon(place: Place): Fix[] {
  const { written, context } = place;
  const [, host = '', number = ''] = /^(.+):(\d+)$/.exec(written) ?? [];
  if (host === '') return [];
  const launchers = context.use?.launchers ?? [];
  if (launchers.length > 0 && launchers.every((launcher) => launcher === 'mxnet')) {
    return [fix(place, `Write ${host}`, host, true)];
  }
  if (/slots=/.test(place.line.text)) return [fix(place, `Remove :${number}`, host)];
  const slots = fix(place, `Write ${host} slots=${number}`, `${host} slots=${number}`, Number(number) <= 256);
  const port = fix(place, `Write ${host} port=${number}`, `${host} port=${number}`);
  return Number(number) <= 256 ? [slots, port] : [port, slots];
}

function windowsLineEnds({ text, code }: Place): Fix[] {
  const edits = Array.from(text.matchAll(/\r\n/g), ({ index }) => ({
    start: index,
    end: index + 1,
    text: '',
  }));
  return [{ title: 'Change all line ends to LF', code, edits, preferred: true }];
}

/** One line for each host of `node[1-4]`, with the settings of the line. */
function expand({ text, code, line }: Place): Fix[] {
  let hosts: string[];
  try {
    hosts = pastedHosts(line.text, '');
  } catch {
    return [];
  }
  if (hosts.length < 2 || hosts.some((host) => /[[\]]/.test(host))) return [];
  const lineBreak = /\r\n|\n/.exec(text)?.[0] ?? '\n';
  const edits = [{ start: line.start, end: line.end, text: hosts.join(lineBreak) }];
  return [{ title: `Write the ${hosts.length} hosts on lines of their own`, code, edits, preferred: true }];
}

function removeComment(place: Place): Fix[] {
  const { start, line, code } = place;
  const before = line.text.slice(0, start - line.start);
  const from = line.start + before.trimEnd().length;
  if (from === line.start) return [removeLine(place, 'Remove the comment', true)];
  const edits = [{ start: from, end: line.end, text: '' }];
  return [{ title: 'Remove the comment', code, edits, preferred: true }];
}

function slotsOfGpus({ text, code, line, written, context }: Place): Fix[] {
  const host = written.slice(written.lastIndexOf('@') + 1);
  const gpus = gpusOf(host, context);
  const slots = hostfileRows(text)[line.number]?.values.slots;
  if (gpus === undefined || slots === undefined) return [];
  const edits = [{ start: slots.start, end: slots.end, text: String(gpus) }];
  return [{ title: `Write slots=${gpus}`, code, edits, preferred: true }];
}

function gpusOf(host: string, { use, hosts = [] }: HostfileContext): number | undefined {
  return use?.gpusOf?.get(host) ?? hosts.find(({ name }) => name === host)?.gpus;
}
