import { FewFindings } from '../fewFindings';
import type { HostfileLines, TextLine } from './hostfileLines';
import { LineReader, noHosts } from './lineReader';
import {
  leadingBlanks,
  pythonBlanks,
  pythonInteger,
  pythonLines,
  pythonWord,
  strip,
  type PythonLine,
} from './pythonText';
import {
  movedBy,
  type DialectReading,
  type HostfileFinding,
  type LineReading,
  type ReadHost,
} from './reading';

const entry = new RegExp(`^(${pythonWord})${pythonBlanks}slots=(\\p{Nd}+)`, 'u');

/**
 * Reads a hostfile as DeepSpeed does (`_parse_hostfile` of deepspeed/launcher/runner.py, 0.19.8): `name slots=N` at the
 * beginning of a line, whatever follows.
 */
export function readDeepspeed(source: HostfileLines): DialectReading {
  const first = new Map<string, number>();
  const findings = new FewFindings<HostfileFinding>();
  source.lines.forEach((line, index) => {
    const offset = source.starts[index] ?? 0;
    const reading = (line.deepspeed ??= readLine(line));
    for (const host of reading.hosts) {
      const known = first.get(host.host);
      if (known === undefined) first.set(host.host, offset + host.start);
      else findings.put(secondLine, () => duplicate(known, movedBy(host, offset), source));
    }
    for (const finding of reading.findings) findings.put(finding, () => movedBy(finding, offset));
  });
  if (first.size === 0 && findings.isEmpty) {
    const none = noHosts(source.text, 'node1 slots=4');
    findings.put(none, () => none);
  }
  return {
    get hosts() {
      return hostsOf(source, first);
    },
    findings: findings.all(),
  };
}

/** @param first where each host stands first */
function hostsOf(source: HostfileLines, first: ReadonlyMap<string, number>): ReadHost[] {
  return source.lines.flatMap(({ deepspeed }, index) =>
    (deepspeed?.hosts ?? [])
      .map((host) => movedBy(host, source.starts[index] ?? 0))
      .filter(({ host, start }) => first.get(host) === start),
  );
}

const secondLine = { code: 'hostfile.duplicateHost', severity: 'error' } as const;

function duplicate(first: number, { host, start, end }: ReadHost, source: HostfileLines): HostfileFinding {
  const at = source.index.position(first).line + 1;
  const message = `${host} is already on line ${at}, and DeepSpeed refuses a second line of it. Keep one line for each host.`;
  return { ...secondLine, message, start, end };
}

function readLine({ text, plain }: TextLine): LineReading {
  const reader = new DeepspeedLine();
  if (plain !== undefined) reader.add(plain.host, plain.slots, 0);
  else for (const line of pythonLines(text)) reader.line(line);
  return reader;
}

class DeepspeedLine extends LineReader {
  constructor() {
    super('DeepSpeed');
  }

  line(whole: PythonLine): void {
    const line = strip(whole.text);
    if (line === '' || line.startsWith('#')) return;
    const start = whole.start + leadingBlanks(whole.text);
    const match = entry.exec(line);
    const slots = match === null ? undefined : pythonInteger(match[2] ?? '');
    if (match === null || slots === undefined) return this.refused(line, start);
    const [written, host = '', digits = ''] = match;
    this.add(host, slots, start);
    this.misread(host, digits, start, written.length, line);
  }

  /** What it takes without doing as the line says. */
  private misread(host: string, digits: string, start: number, length: number, line: string): void {
    const rest = line.slice(length);
    const end = start + line.length;
    this.oddName(host, start, start + host.length);
    if (/^0+$/.test(digits)) {
      const message =
        'DeepSpeed takes 0 slots and starts no process on this host. To leave it out, put `#` before its line.';
      this.report('warning', 'slots', message, start + length - digits.length, start + length);
    }
    const ignored = /^\s*(?:#|\/\/|$)/.test(rest);
    if (ignored) return;
    if (/^\S/.test(rest)) {
      const value = `${digits}${/^\S*/.exec(rest)?.[0] ?? ''}`;
      const message = `DeepSpeed reads \`slots=${value}\` as ${digits} slots. Write a whole number.`;
      this.report(
        'warning',
        'slots',
        message,
        start + length - digits.length,
        start + length - digits.length + value.length,
      );
    } else {
      const message = `DeepSpeed ignores what stands behind \`slots=${digits}\`. Delete it, or put \`#\` before a comment.`;
      this.report('warning', 'ignoredWord', message, start + length + leadingBlanks(rest), end);
    }
  }

  add(host: string, slots: number, start: number): void {
    this.hosts.push({ host, user: undefined, port: undefined, slots, start, end: start + host.length });
  }

  private refused(line: string, start: number): void {
    const end = start + line.length;
    const only = 'DeepSpeed takes only `name slots=N` on a line';
    const [name = ''] = line.split(/\s/, 1);
    const colon = /^(\S+):(\d+)$/.exec(line);
    const setting = /\sslots=(\S*)/.exec(line);
    if (/^\/[/*]/.test(line)) {
      this.report('error', 'comment', 'DeepSpeed knows only comments that begin with `#`.', start, end);
    } else if (colon !== null) {
      const message = `${only}. Write \`${colon[1] ?? ''} slots=${colon[2] ?? ''}\`.`;
      this.report('error', 'colon', message, start, end);
    } else if (setting !== null && /^\S+\s+slots=/.test(line)) {
      const at = start + setting.index + 7;
      const value = setting[1] ?? '';
      const message = `${only}, with a whole number, not ${value === '' ? 'nothing' : `\`${value}\``}. Write \`slots=4\`.`;
      this.report('error', 'slots', message, value === '' ? at - 6 : at, at + value.length);
    } else if (/^\S+(?:\s+(?:#.*)?)?$/.test(line) && !line.includes('=')) {
      this.report('error', 'noSlots', `${only}. Write \`${name} slots=4\`.`, start, end);
    } else if (/^\S+\s+slots\s*=\s*\d/.test(line)) {
      this.report('error', 'format', `${only}, without blanks at the \`=\`.`, start, end);
    } else {
      this.report('error', 'format', `${only}, the slots next to the name.`, start, end);
    }
  }
}
