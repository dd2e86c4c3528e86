import type { LauncherName } from '../model';
import type { Problem, Severity } from '../problem';
import { HostfileLines, type TextLine } from './hostfileLines';
import { fewOfEach } from '../fewFindings';
import { lookAlikeOf, shownCharacter } from './lookAlikes';
import { readOwn } from './ownReader';
import {
  dialectNames,
  dialectOf,
  hostfileDialects,
  type HostfileDialect,
  movedBy,
  type HostfileFinding,
} from './reading';
import { readDialect } from './readHostfile';

/** What is known of how a hostfile is used. */
export interface HostfileUse {
  /** Launchers that read it ({@link hostfileReader}); none or absent: not known. */
  launchers?: readonly LauncherName[] | undefined;
  /** A cluster takes its hosts from it, so that Rankwise itself has to read every line. */
  namesHosts?: boolean | undefined;
  /** GPUs of hosts, by the name or address that the hostfile has. */
  gpusOf?: ReadonlyMap<string, number> | undefined;
}

const order: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/**
 * Every finding in a hostfile, in the order of the file. An error is what the program of a launcher refuses, a warning
 * what it takes but reads otherwise than it looks. Where no launcher is known, what all of them refuse is an error and what some
 * refuse is information that names them. Never throws.
 */
export function checkHostfile(text: string, use: HostfileUse): Problem[] {
  const lines = HostfileLines.of(text);
  const launchers = use.launchers ?? [];
  const findings =
    launchers.length === 0
      ? refusedBySome(lines, use.namesHosts === true)
      : [...new Set(launchers.map(dialectOf))].flatMap((dialect) =>
          fewOfEach(readDialect(lines, dialect).findings),
        );
  const marks: HostfileFinding[] = [];
  lines.lines.forEach((line, index) => {
    line.marks ??= marksOf(line);
    if (line.marks.length === 0) return;
    const start = lines.starts[index] ?? 0;
    for (const mark of line.marks) {
      // A byte order mark is for each program to judge.
      const isMark = mark.code === 'hostfile.lookAlike' && start + mark.start === 0;
      if (!isMark || !text.startsWith('\uFEFF')) marks.push(movedBy(mark, start));
    }
  });
  findings.push(...fewOfEach(marks));
  if (use.gpusOf !== undefined) findings.push(...fewOfEach(slotsBeyondGpus(lines, use.gpusOf)));
  return merged(findings).map(({ start, end, ...finding }) => ({
    ...finding,
    range: lines.index.range(start, end),
  }));
}

/**
 * What programs refuse, one finding for each line; of each program, the first of each kind.
 * @param namesHosts what neither Rankwise nor Open MPI can read is an error: its hosts are lost, see `parseHostfile`
 */
function refusedBySome(lines: HostfileLines, namesHosts: boolean): HostfileFinding[] {
  const byLine = new Map<number, { finding: HostfileFinding; by: Set<HostfileDialect> }>();
  const refusing = new Set<HostfileDialect>();
  for (const dialect of hostfileDialects) {
    const errors = readDialect(lines, dialect, undefined, true).findings.filter(
      ({ severity }) => severity === 'error',
    );
    if (errors.length > 0) refusing.add(dialect);
    const codes = new Set<string>();
    for (const finding of fewOfEach(errors)) {
      if (codes.has(finding.code) && dialect !== 'rankwise') continue;
      codes.add(finding.code);
      const line = lines.text.lastIndexOf('\n', Math.max(0, finding.start - 1));
      const known = byLine.get(line);
      if (known === undefined) byLine.set(line, { finding, by: new Set([dialect]) });
      else known.by.add(dialect);
    }
  }
  const isError = refusing.size === hostfileDialects.length;
  const listed = new Intl.ListFormat('en-GB', { type: 'conjunction' });
  const namesOf = new Map<string, string>();
  return Array.from(byLine.values(), ({ finding, by }) => {
    if (isError || (namesHosts && by.has('rankwise') && refusing.has('mpirun'))) return finding;
    const key = [...by].join();
    const names =
      namesOf.get(key) ??
      listed.format(
        hostfileDialects.filter((dialect) => by.has(dialect)).map((dialect) => dialectNames[dialect]),
      );
    namesOf.set(key, names);
    return { ...finding, severity: 'information', message: `Refused by ${names}: ${finding.message}` };
  });
}

/** One finding for each code and place: the gravest, or all their words where they are equally grave. */
function merged(findings: HostfileFinding[]): HostfileFinding[] {
  findings.sort((a, b) => a.start - b.start || a.end - b.end);
  const kept: HostfileFinding[] = [];
  // All of one place stand together.
  let place = 0;
  for (const finding of findings) {
    const first = kept[place];
    if (first === undefined || first.start !== finding.start || first.end !== finding.end) {
      place = kept.length;
      kept.push(finding);
      continue;
    }
    let same = place;
    while (same < kept.length && kept[same]?.code !== finding.code) same++;
    const known = kept[same];
    if (known === undefined) {
      kept.push(finding);
      continue;
    }
    const difference = order.indexOf(finding.severity) - order.indexOf(known.severity);
    if (difference < 0) kept[same] = finding;
    else if (difference === 0 && !known.message.includes(finding.message)) {
      kept[same] = { ...known, message: `${known.message} ${finding.message}` };
    }
  }
  return kept;
}

function marksOf({ text }: TextLine): HostfileFinding[] {
  return [...trailingBlanks(text), ...lookAlikes(text)];
}

/** No program minds them, but people and version control do. */
function trailingBlanks(line: string): HostfileFinding[] {
  const end = line.endsWith('\r') ? line.length - 1 : line.length;
  let start = end;
  while (start > 0 && (line[start - 1] === ' ' || line[start - 1] === '\t')) start--;
  if (start === end) return [];
  const message = 'Blanks at the end of the line. Delete them.';
  return [{ code: 'hostfile.trailingBlanks', severity: 'hint', message, start, end }];
}

/** Characters outside ASCII that look like one of it, where some program takes them as they are. */
function lookAlikes(line: string): HostfileFinding[] {
  const findings: HostfileFinding[] = [];
  for (const match of line.matchAll(/[^\0-\x7f]/gu)) {
    const [character] = match;
    const meant = lookAlikeOf(character);
    if (meant === undefined || isInComment(line, match.index)) continue;
    const next = meant === '' ? 'Delete it.' : `Write ${meant === ' ' ? 'a space' : `\`${meant}\``}.`;
    const message = `${shownCharacter(character)} is not what it looks like. ${next}`;
    const start = match.index;
    findings.push({
      code: 'hostfile.lookAlike',
      severity: 'warning',
      message,
      start,
      end: start + character.length,
    });
  }
  return findings;
}

/** Whether `#` or `//` stands before an offset on its line. Only so far back as a line of a hostfile may reach. */
function isInComment(line: string, offset: number): boolean {
  return /#|\/\//.test(line.slice(Math.max(0, offset - 500), offset));
}

function slotsBeyondGpus(lines: HostfileLines, gpusOf: ReadonlyMap<string, number>): HostfileFinding[] {
  return readOwn(lines).lines.flatMap(({ host, slots, start, end }): HostfileFinding[] => {
    const gpus = gpusOf.get(host);
    if (gpus === undefined || gpus === 0 || slots === undefined || slots <= gpus) return [];
    const message = `${host} has ${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}, but ${slots} slots: processes would share a GPU. Write \`slots=${gpus}\`.`;
    return [{ code: 'hostfile.slotsBeyondGpus', severity: 'warning', message, start, end }];
  });
}
