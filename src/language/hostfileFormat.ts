import { hostfileRows } from './hostfileEditsRows';
import type { TextEdit } from './types';

/**
 * A line whose blanks no program minds: launch.py takes everything before `slots=` for the host, blanks and comments
 * too, and `slots = 4` is refused by some. Other lines stay as they are but for blanks at their end.
 */
const columns =
  /^[ \t]*([A-Za-z0-9@._:-]+)(?:[ \t]+(slots=[0-9]{1,9}(?![^ \t#/])(?:[ \t]+[a-z_-]{1,20}=[A-Za-z0-9._-]+(?![^ \t#/]))*)[ \t]*((?:#|\/\/).*)?)?$/;

/** A longer name does not push all others to the right. */
const widest = 40;

/**
 * Aligns hosts, settings and comments, and ends lines with LF. What any program reads stays the same, but that Open MPI takes
 * the file without Windows line ends. Minimal edits, one a line at most.
 */
export function hostfileFormat(text: string): TextEdit[] {
  // A lone carriage return ends a line for some programs only, and quotes may go on over lines.
  if (/\r(?!\n)|"/.test(text)) return [];
  const rows = hostfileRows(text).map((row) => ({
    row,
    match: row.kind === 'host' ? columns.exec(withoutTrailingBlanks(row.text)) : null,
  }));
  const width = (values: number[]): number => values.reduce((most, value) => Math.max(most, value), 0);
  const hosts = width(
    rows.map(({ match }) => (match?.[2] === undefined ? 0 : Math.min(widest, match[1]?.length ?? 0))),
  );
  const settings = width(
    rows.map(({ match }) => (match?.[3] === undefined ? 0 : Math.min(widest, single(match[2] ?? '').length))),
  );
  return rows.flatMap(({ row, match }) => {
    const end = row.next;
    const lineBreak = text.slice(row.end, row.next) === '' ? '' : '\n';
    const [, host = '', setting, comment] = match ?? [];
    const whole =
      match === null
        ? row.text
        : setting === undefined
          ? host
          : comment === undefined
            ? `${host.padEnd(hosts)} ${single(setting)}`
            : `${host.padEnd(hosts)} ${single(setting).padEnd(settings)} ${comment}`;
    const wanted = `${withoutTrailingBlanks(whole)}${lineBreak}`;
    // The last line is one for some programs only because of its blanks.
    return wanted === '' || text.slice(row.start, end) === wanted
      ? []
      : [{ start: row.start, end, text: wanted }];
  });
}

function single(settings: string): string {
  return settings.split(/[ \t]+/).join(' ');
}

function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--;
  return line.slice(0, end);
}
