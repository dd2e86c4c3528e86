import { lexHostfile, type HostfileLexing } from './hostfileTokens';
import { readStatement } from './hostfileEntry';
import { LineIndex } from '../lineIndex';
import type { LauncherName } from '../model';
import type { Problem, Range } from '../problem';
import { openMpiName } from './openMpiNames';

/** One host of a hostfile. */
export interface HostfileEntry {
  host: string;
  user: string | undefined;
  port: number | undefined;
  /** Undefined where the file does not say. A host on N lines without a count has N. */
  slots: number | undefined;
  /** Where the host stands. */
  range: Range;
}

export interface Hostfile {
  entries: HostfileEntry[];
  /** What this launcher would refuse or misread. An error means that it must not be started with this file. */
  problems(launcher: LauncherName): Problem[];
}

/** A finding with the launchers it is true for; all of them where it does not say. */
export interface HostfileFinding {
  code: string;
  message: string;
  start: number;
  end: number;
  only?: LauncherName;
}

/** An entry as written, before equal hosts are brought together. */
export interface HostfileLine extends Omit<HostfileEntry, 'range'> {
  start: number;
  end: number;
}

/**
 * Parses a hostfile. Never throws; an entry with an error is left out.
 * For `mpirun` the law is Open MPI 4.1.4, and what it accepts but silently misreads (`a slots:2`, `a:4`) is an error too;
 * for `ssh` it is this parser.
 */
export function parseHostfile(text: string): Hostfile {
  const bom = text.startsWith('\uFEFF') ? 1 : 0;
  const lexing = lexHostfile(bom === 0 ? text : ` ${text.slice(1)}`);
  const lines = new LineIndex(text);
  const findings: HostfileFinding[] = [];
  if (bom === 1) {
    findings.push({
      code: 'hostfile.byteOrderMark',
      message:
        'Open MPI reads the byte order mark as a character of the first host. Save the file as UTF-8 without it.',
      start: 0,
      end: 1,
      only: 'mpirun',
    });
  }
  const parsed = lexing.statements.flatMap((tokens) => {
    const { line, findings: found } = readStatement(tokens);
    findings.push(...found);
    return line === undefined ? [] : [line];
  });
  const merged = mergeLines(parsed, findings, lines);
  findings.push(...fileFindings(lexing, text));
  if (lexing.firstCrlf !== undefined) {
    const { line } = lines.position(lexing.firstCrlf);
    findings.push({
      code: 'hostfile.crlf',
      message: `Open MPI cannot read Windows line ends (from line ${line + 1} on). Change the end of line to LF.`,
      start: lexing.firstCrlf - lines.position(lexing.firstCrlf).character,
      end: lexing.firstCrlf,
      only: 'mpirun',
    });
  }
  findings.sort((a, b) => a.start - b.start);
  return {
    entries: merged.map(({ start, end, ...line }) => ({ ...line, range: lines.range(start, end) })),
    problems: (launcher) =>
      findings
        .filter(({ only }) => only === undefined || only === launcher)
        .map(({ code, message, start, end }) => ({
          code,
          severity: 'error',
          message,
          range: lines.range(start, end),
        })),
  };
}

function fileFindings(
  { statements, lastLineComment, unclosedComment }: HostfileLexing,
  text: string,
): HostfileFinding[] {
  const result: HostfileFinding[] = [];
  if (lastLineComment !== undefined) {
    const message =
      'Open MPI reads a comment only up to a line break, and here the file ends. End it with a new line.';
    result.push({ code: 'hostfile.commentWithoutNewline', message, ...lastLineComment, only: 'mpirun' });
  }
  if (unclosedComment !== undefined) {
    const message = 'This comment never ends, so the rest of the file is no host. Close it with `*/`.';
    const end = Math.min(unclosedComment.start + 2, unclosedComment.end);
    result.push({ code: 'hostfile.unclosedComment', message, start: unclosedComment.start, end });
  }
  if (statements.length === 0) {
    const message = 'This hostfile has no host. Write one on each line, such as `node1 slots=4`.';
    result.push({ code: 'hostfile.noHosts', message, start: 0, end: text.length === 0 ? 0 : 1 });
  }
  return result;
}

/**
 * Brings equal hosts together. On lines without a count, Open MPI (and so we) counts one slot for each line; with
 * counts the lines contradict each other.
 */
function mergeLines(parsed: HostfileLine[], findings: HostfileFinding[], lines: LineIndex): HostfileLine[] {
  const byTarget = new Map<string, { line: HostfileLine; count: number }>();
  const byOpenMpiName = new Map<string, HostfileLine>();
  for (const line of parsed) {
    const target = `${line.host} ${line.port ?? ''}`;
    const first = byTarget.get(target);
    const at = (other: HostfileLine): number => lines.position(other.start).line + 1;
    if (first !== undefined) {
      if (line.slots === undefined && first.line.slots === undefined && line.user === first.line.user) {
        first.count += 1;
      } else {
        const message = `${line.host} is already on line ${at(first.line)}. Keep one line for each host.`;
        findings.push({ code: 'hostfile.duplicateHost', message, start: line.start, end: line.end });
      }
      continue;
    }
    byTarget.set(target, { line, count: 1 });
    const short = openMpiName(line.host);
    const same = byOpenMpiName.get(short);
    if (same === undefined) byOpenMpiName.set(short, line);
    else {
      const reason = short === 'localhost' ? 'this machine' : `\`${short}\``;
      const message = `Open MPI takes ${line.host} and ${same.host} (line ${at(same)}) for one host, ${reason}. Use names that differ before the first dot, or addresses.`;
      findings.push({
        code: 'hostfile.sameForOpenMpi',
        message,
        start: line.start,
        end: line.end,
        only: 'mpirun',
      });
    }
  }
  return [...byTarget.values()].map(({ line, count }) => (count === 1 ? line : { ...line, slots: count }));
}
