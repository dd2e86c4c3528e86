import { LineIndex } from '../lineIndex';
import { readStatement } from './ownEntry';
import { lexHostfile } from './ownTokens';
import type { PlainLines } from './plainLines';
import type { DialectReading, HostfileFinding, ReadHost } from './reading';

/** An entry as written, before equal hosts are brought together. */
export interface HostfileLine extends Omit<ReadHost, 'port'> {
  port: number | undefined;
}

/** What Rankwise itself makes of a hostfile. */
export interface OwnReading extends DialectReading {
  /** The hosts of all lines that it can read, whatever is wrong with the others. */
  lines: HostfileLine[];
}

/**
 * Reads a hostfile as Rankwise does for launchers that get one of ours or none. Of the grammar of Open MPI, it takes what can be
 * meant in one way only.
 */
export function readOwn(text: string, plain: PlainLines): OwnReading {
  const { statements, unclosedComment } = lexHostfile(
    text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text,
    plain,
  );
  const findings: HostfileFinding[] = [];
  const parsed: HostfileLine[] = [];
  for (const statement of statements) {
    if (Array.isArray(statement)) {
      const { line, findings: found } = readStatement(statement);
      findings.push(...found);
      if (line !== undefined) parsed.push(line);
    } else {
      const { host, slots, start } = statement;
      parsed.push({ host, user: undefined, port: undefined, slots, start, end: start + host.length });
    }
  }
  const lines = mergeLines(parsed, findings, text);
  if (unclosedComment !== undefined) {
    const message = 'This comment never ends, so the rest of the file is no host. Close it with `*/`.';
    const end = Math.min(unclosedComment.start + 2, unclosedComment.end);
    findings.push({
      code: 'hostfile.unclosedComment',
      severity: 'error',
      message,
      start: unclosedComment.start,
      end,
    });
  }
  if (statements.length === 0) {
    const message = 'This hostfile has no host. Write one on each line, such as `node1 slots=4`.';
    const end = text.length === 0 ? 0 : 1;
    findings.push({ code: 'hostfile.noHosts', severity: 'error', message, start: 0, end });
  }
  findings.sort((a, b) => a.start - b.start);
  return {
    lines,
    findings,
    get hosts() {
      return lines.map(({ port, ...line }) => ({
        ...line,
        port: port === undefined ? undefined : String(port),
      }));
    },
  };
}

/**
 * Brings equal hosts together: on lines without a count, each line is one slot; with counts the lines contradict each other.
 */
function mergeLines(parsed: HostfileLine[], findings: HostfileFinding[], text: string): HostfileLine[] {
  const byTarget = new Map<string, HostfileLine>();
  const counts = new Map<HostfileLine, number>();
  let index: LineIndex | undefined;
  for (const line of parsed) {
    const target = line.port === undefined ? line.host : `${line.host} ${line.port}`;
    const first = byTarget.get(target);
    if (first === undefined) {
      byTarget.set(target, line);
    } else if (line.slots === undefined && first.slots === undefined && line.user === first.user) {
      counts.set(first, (counts.get(first) ?? 1) + 1);
    } else {
      index ??= new LineIndex(text);
      const at = index.position(first.start).line + 1;
      const message = `${line.host} is already on line ${at}. Keep one line for each host.`;
      const { start, end } = line;
      findings.push({ code: 'hostfile.duplicateHost', severity: 'error', message, start, end });
    }
  }
  return Array.from(byTarget.values(), (line) => {
    const count = counts.get(line);
    return count === undefined ? line : { ...line, slots: count };
  });
}
