import type { HostfileLines, TextLine } from './hostfileLines';
import { FewFindings } from '../fewFindings';
import { readStatement } from './ownEntry';
import { lexLine, type HostfileLexing } from './ownTokens';
import { movedBy, type DialectReading, type HostfileFinding, type ReadHost } from './reading';

/** An entry as written, before equal hosts are brought together. */
export interface HostfileLine extends Omit<ReadHost, 'port'> {
  port: number | undefined;
}

/** What Rankwise itself makes of a hostfile. */
export interface OwnReading extends DialectReading {
  /** The hosts of all lines that it can read, whatever is wrong with the others. */
  lines: HostfileLine[];
}

/** What Rankwise makes of a single line, with offsets from its start, before it is held against other lines. */
export interface OwnLine {
  lines: readonly HostfileLine[];
  findings: readonly HostfileFinding[];
  /** Whether anything but a comment stands there. */
  hasEntry: boolean;
}

/**
 * Reads a hostfile as Rankwise does for launchers that get one of ours or none. Of the grammar of Open MPI, it takes what can be
 * meant in one way only.
 */
export function readOwn(source: HostfileLines): OwnReading {
  return (source.own ??= readAll(source));
}

function readAll(source: HostfileLines): OwnReading {
  const { text } = source;
  const findings = new FewFindings<HostfileFinding>();
  const parsed: Parsed = { lines: [], offsets: [] };
  const state: { hasEntry: boolean; unclosedComment: HostfileLexing['unclosedComment'] } = {
    hasEntry: false,
    unclosedComment: undefined,
  };
  let next = 0;
  source.lines.forEach((line, index) => {
    const start = source.starts[index] ?? 0;
    if (start < next) return;
    const isAlone =
      source.isEnded(index) && !line.text.includes('/*') && !(index === 0 && text.startsWith('\uFEFF'));
    let reading: OwnLine;
    if (isAlone) {
      reading = line.own ??= readAlone(line);
    } else {
      const lexing = lexLine(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text, start);
      next = lexing.next;
      state.unclosedComment = lexing.unclosedComment;
      reading = readStatements(lexing);
    }
    const moved = isAlone ? start : 0;
    state.hasEntry ||= reading.hasEntry;
    for (const finding of reading.findings) findings.put(finding, () => movedBy(finding, moved));
    for (const entry of reading.lines) {
      parsed.lines.push(entry);
      parsed.offsets.push(moved);
    }
  });
  const equal = equalHosts(parsed, findings, source);
  const { hasEntry, unclosedComment } = state;
  if (unclosedComment !== undefined) {
    const message = 'This comment never ends, so the rest of the file is no host. Close it with `*/`.';
    const end = Math.min(unclosedComment.start + 2, unclosedComment.end);
    const { start } = unclosedComment;
    const kind = { code: 'hostfile.unclosedComment', severity: 'error' } as const;
    findings.put(kind, () => ({ ...kind, message, start, end }));
  }
  if (!hasEntry) {
    const message = 'This hostfile has no host. Write one on each line, such as `node1 slots=4`.';
    const end = text.length === 0 ? 0 : 1;
    const kind = { code: 'hostfile.noHosts', severity: 'error' } as const;
    findings.put(kind, () => ({ ...kind, message, start: 0, end }));
  }
  const sorted = findings.all().sort((a, b) => a.start - b.start);
  let lines: HostfileLine[] | undefined;
  return {
    get lines() {
      return (lines ??= linesOf(parsed, equal));
    },
    findings: sorted,
    get hosts() {
      return this.lines.map(({ port, ...line }) => ({
        ...line,
        port: port === undefined ? undefined : String(port),
      }));
    },
  };
}

function readAlone({ text, plain }: TextLine): OwnLine {
  if (plain === undefined) return readStatements(lexLine(`${text}\n`, 0));
  const { host, slots } = plain;
  const line = { host, user: undefined, port: undefined, slots, start: 0, end: host.length };
  return { lines: [line], findings: [], hasEntry: true };
}

function readStatements({ statements }: HostfileLexing): OwnLine {
  const read = statements.map(readStatement);
  return {
    lines: read.flatMap(({ line }) => line ?? []),
    findings: read.flatMap(({ findings }) => findings),
    hasEntry: statements.length > 0,
  };
}

/** Entries with what has to be added to their offsets. */
interface Parsed {
  lines: HostfileLine[];
  offsets: number[];
}

const secondLine = { code: 'hostfile.duplicateHost', severity: 'error' } as const;

/** Where equal hosts stand, by the numbers of their lines. Most files have none. */
interface Equal {
  /** Lines that are brought together with the first of their host. */
  later: ReadonlySet<number>;
  /** On how many lines a host stands that is counted by its lines, by the first. */
  counts: ReadonlyMap<number, number>;
}

/** Finds equal hosts: on lines without a count, each line is one slot; with counts the lines contradict each other. */
function equalHosts(parsed: Parsed, findings: FewFindings<HostfileFinding>, source: HostfileLines): Equal {
  const byTarget = new Map<string, number>();
  const later = new Set<number>();
  const counts = new Map<number, number>();
  const { lines, offsets } = parsed;
  lines.forEach((line, number) => {
    const target = line.port === undefined ? line.host : `${line.host} ${line.port}`;
    const known = byTarget.get(target);
    const first = known === undefined ? undefined : lines[known];
    if (known === undefined || first === undefined) {
      byTarget.set(target, number);
      return;
    }
    later.add(number);
    if (line.slots === undefined && first.slots === undefined && line.user === first.user) {
      counts.set(known, (counts.get(known) ?? 1) + 1);
    } else {
      findings.put(secondLine, () => {
        const at = source.index.position(first.start + (offsets[known] ?? 0)).line + 1;
        const message = `${line.host} is already on line ${at}. Keep one line for each host.`;
        const { start, end } = movedBy(line, offsets[number] ?? 0);
        return { ...secondLine, message, start, end };
      });
    }
  });
  return { later, counts };
}

function linesOf({ lines, offsets }: Parsed, { later, counts }: Equal): HostfileLine[] {
  return lines.flatMap((line, number): HostfileLine[] => {
    if (later.has(number)) return [];
    const here = movedBy(line, offsets[number] ?? 0);
    const count = counts.get(number);
    return [count === undefined ? here : { ...here, slots: count }];
  });
}
