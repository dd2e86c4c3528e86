import { LineIndex } from '../lineIndex';
import type { LauncherName } from '../model';
import type { Problem, Severity } from '../problem';
import { lookAlikeOf, shownCharacter } from './lookAlikes';
import { readOwn } from './ownReader';
import { PlainLines } from './plainLines';
import {
  dialectNames,
  dialectOf,
  hostfileDialects,
  type HostfileDialect,
  type HostfileFinding,
} from './reading';
import { readDialect } from './readHostfile';

/** What is known of how a hostfile is used. */
export interface HostfileUse {
  /** Launchers that read it ({@link hostfileReader}); none or absent: not known. */
  launchers?: readonly LauncherName[] | undefined;
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
  const plain = new PlainLines(text);
  const launchers = use.launchers ?? [];
  const findings =
    launchers.length === 0
      ? refusedBySome(text, plain)
      : [...new Set(launchers.map(dialectOf))].flatMap(
          (dialect) => readDialect(text, dialect, plain).findings,
        );
  findings.push(...trailingBlanks(text), ...lookAlikes(text));
  if (use.gpusOf !== undefined) findings.push(...slotsBeyondGpus(text, plain, use.gpusOf));
  if (findings.length === 0) return [];
  const lines = new LineIndex(text);
  return merged(findings).map(({ start, end, ...finding }) => ({
    ...finding,
    range: lines.range(start, end),
  }));
}

/** What programs refuse, one finding for each line; of each program, the first of each kind. */
function refusedBySome(text: string, plain: PlainLines): HostfileFinding[] {
  const byLine = new Map<number, { finding: HostfileFinding; by: Set<HostfileDialect> }>();
  let refusals = 0;
  for (const dialect of hostfileDialects) {
    const errors = readDialect(text, dialect, plain).findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) refusals += 1;
    const codes = new Set<string>();
    for (const finding of errors) {
      if (codes.has(finding.code) && dialect !== 'rankwise') continue;
      codes.add(finding.code);
      const line = text.lastIndexOf('\n', Math.max(0, finding.start - 1));
      const known = byLine.get(line);
      if (known === undefined) byLine.set(line, { finding, by: new Set([dialect]) });
      else known.by.add(dialect);
    }
  }
  const isError = refusals === hostfileDialects.length;
  return Array.from(byLine.values(), ({ finding, by }) => {
    const names = hostfileDialects
      .filter((dialect) => by.has(dialect))
      .map((dialect) => dialectNames[dialect]);
    const all = new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(names);
    return {
      ...finding,
      severity: isError ? 'error' : 'information',
      message: isError ? finding.message : `Refused by ${all}: ${finding.message}`,
    };
  });
}

/** One finding for each code and place: the gravest, or all their words where they are equally grave. */
function merged(findings: readonly HostfileFinding[]): HostfileFinding[] {
  const byPlace = new Map<string, HostfileFinding>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.start} ${finding.end}`;
    const known = byPlace.get(key);
    const difference =
      known === undefined ? -1 : order.indexOf(finding.severity) - order.indexOf(known.severity);
    if (known === undefined || difference < 0) byPlace.set(key, finding);
    else if (difference === 0 && !known.message.includes(finding.message)) {
      byPlace.set(key, { ...known, message: `${known.message} ${finding.message}` });
    }
  }
  return [...byPlace.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** No program minds them, but people and version control do. */
function trailingBlanks(text: string): HostfileFinding[] {
  const findings: HostfileFinding[] = [];
  for (let start = 0; start <= text.length;) {
    const lineBreak = text.indexOf('\n', start);
    const next = lineBreak < 0 ? text.length : lineBreak;
    const end = text[next - 1] === '\r' ? next - 1 : next;
    let from = end;
    while (from > start && (text[from - 1] === ' ' || text[from - 1] === '\t')) from--;
    if (from < end) {
      const message = 'Blanks at the end of the line. Delete them.';
      findings.push({ code: 'hostfile.trailingBlanks', severity: 'hint', message, start: from, end });
    }
    start = next + 1;
  }
  return findings;
}

/** Characters outside ASCII that look like one of it, where some program takes them as they are. */
function lookAlikes(text: string): HostfileFinding[] {
  const findings: HostfileFinding[] = [];
  for (const match of text.matchAll(/[^\0-\x7f]/gu)) {
    const [character] = match;
    const meant = match.index === 0 && character === '\uFEFF' ? undefined : lookAlikeOf(character);
    if (meant === undefined || isInComment(text, match.index)) continue;
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
function isInComment(text: string, offset: number): boolean {
  const before = text.slice(Math.max(0, offset - 500), offset);
  return /(?:#|\/\/)[^\n]*$/.test(before.slice(before.lastIndexOf('\n') + 1));
}

function slotsBeyondGpus(
  text: string,
  plain: PlainLines,
  gpusOf: ReadonlyMap<string, number>,
): HostfileFinding[] {
  return readOwn(text, plain).lines.flatMap(({ host, slots, start, end }): HostfileFinding[] => {
    const gpus = gpusOf.get(host);
    if (gpus === undefined || gpus === 0 || slots === undefined || slots <= gpus) return [];
    const message = `${host} has ${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}, but ${slots} slots: processes would share a GPU. Write \`slots=${gpus}\`.`;
    return [{ code: 'hostfile.slotsBeyondGpus', severity: 'warning', message, start, end }];
  });
}
