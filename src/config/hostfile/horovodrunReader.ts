import { FewFindings } from '../fewFindings';
import type { HostfileLines, TextLine } from './hostfileLines';
import { LineReader, noHosts } from './lineReader';
import {
  leadingBlanks,
  pythonBlanks,
  pythonInteger,
  pythonLines,
  strip,
  strippedLength,
  type PythonLine,
} from './pythonText';
import {
  movedBy,
  type DialectReading,
  type HostfileFinding,
  type LineReading,
  type ReadHost,
} from './reading';

const blanks = new RegExp(pythonBlanks, 'u');
const hostAndSlots = /^([\p{L}\p{N}_.-]+):([0-9]+)$/u;

/**
 * Reads a hostfile as horovodrun 0.28.1 does: `parse_host_files`, then `parse_hosts_and_slots`
 * (horovod/runner/common/util/hosts.py). Every line must be `name slots=N` and nothing else.
 */
export function readHorovodrun(source: HostfileLines, refusalsOnly: boolean): DialectReading {
  const first = new Map<string, number>();
  const findings = new FewFindings<HostfileFinding>();
  source.lines.forEach((line, index) => {
    const offset = source.starts[index] ?? 0;
    const reading = (line.horovodrun ??= readLine(line));
    for (const host of refusalsOnly ? [] : reading.hosts) {
      const known = first.get(host.host);
      if (known === undefined) first.set(host.host, offset + host.start);
      else findings.put(secondLine, () => duplicate(known, movedBy(host, offset), source));
    }
    for (const finding of reading.findings) findings.put(finding, () => movedBy(finding, offset));
  });
  if (source.text === '') {
    const none = noHosts(source.text, 'node1 slots=4');
    findings.put(none, () => none);
  }
  return {
    get hosts() {
      return hostsOf(source);
    },
    findings: findings.all(),
  };
}

/** Each host where it stands first, with the slots of its last line. */
function hostsOf(source: HostfileLines): ReadHost[] {
  const hosts = new Map<string, ReadHost>();
  source.lines.forEach(({ horovodrun }, index) => {
    for (const relative of horovodrun?.hosts ?? []) {
      const host = movedBy(relative, source.starts[index] ?? 0);
      const known = hosts.get(host.host);
      if (known === undefined) hosts.set(host.host, host);
      else known.slots = host.slots;
    }
  });
  return [...hosts.values()];
}

const secondLine = { code: 'hostfile.duplicateHost', severity: 'warning' } as const;

function duplicate(first: number, { host, start, end }: ReadHost, source: HostfileLines): HostfileFinding {
  const at = source.index.position(first).line + 1;
  const message = `${host} is already on line ${at}, and horovodrun counts only the slots of its last line. Keep one line for each host.`;
  return { ...secondLine, message, start, end };
}

function readLine({ text, plain }: TextLine): LineReading {
  const reader = new HorovodrunLine();
  if (plain !== undefined && !plain.comment) reader.add(plain.host, plain.slots, 0, text.length);
  else if (text === '') reader.line({ text, start: 0 });
  else for (const line of pythonLines(text)) reader.line(line);
  return reader;
}

/** Whether a line that it takes is `name slots=N`, not `name gpus=N` or with more words. */
function isUsual(line: string, name: string): boolean {
  const equals = line.indexOf('=');
  const key = strip(strip(line.slice(0, equals)).slice(name.length));
  return key === 'slots' && line.indexOf('=', equals + 1) < 0;
}

class HorovodrunLine extends LineReader {
  constructor() {
    super('horovodrun');
  }

  line({ text, start }: PythonLine): void {
    const line = text.slice(0, strippedLength(text));
    const from = start + leadingBlanks(line);
    const end = start + line.length;
    if (line === '') {
      this.report(
        'error',
        'blankLine',
        'horovodrun stops at an empty line. Delete it.',
        start,
        start + text.length,
      );
      return;
    }
    const name = strip(line).split(blanks, 1)[0] ?? '';
    const value = line.split('=', 2)[1];
    if (value === undefined) return this.withoutSlots(line.slice(from - start), name, from, end);
    const pieces = `${name}:${value}`.split(',').map((piece) => hostAndSlots.exec(strip(piece)));
    const numbers = pieces.map((piece) => (piece === null ? undefined : pythonInteger(piece[2] ?? '')));
    if (numbers.includes(undefined)) return this.refused(line.slice(from - start), name, value, from, end);
    pieces.forEach((piece, index) => {
      this.add(piece?.[1] ?? '', numbers[index] ?? 0, from, end, from + name.length);
    });
    if (pieces.length > 1) {
      const message = `horovodrun reads ${pieces.length} hosts from this line. Write each host on a line of its own.`;
      this.report('warning', 'format', message, from, end);
    } else if (!isUsual(line, name)) {
      const message = `horovodrun reads ${name} with ${numbers[0] ?? 0} slots and ignores the rest of this line. Write \`${name} slots=${numbers[0] ?? 0}\`.`;
      this.report('warning', 'ignoredWord', message, from, end);
    }
  }

  add(host: string, slots: number, start: number, end: number, hostEnd = start + host.length): void {
    this.hosts.push({ host, user: undefined, port: undefined, slots, start, end: hostEnd });
    if (slots === 0) {
      const message =
        'horovodrun takes 0 slots and starts no process on this host. Delete the line to leave the host out.';
      this.report('warning', 'slots', message, end - 1, end);
    }
  }

  private withoutSlots(line: string, name: string, start: number, end: number): void {
    if (/^(?:#|\/[/*])/.test(line)) return this.comment(start, end);
    const colon = /^([^\s:@]+):(\d+)$/.exec(line);
    if (colon !== null) {
      const [, host = '', number = ''] = colon;
      const message = `horovodrun takes \`${line}\` on its command line only. Write \`${host} slots=${number}\`.`;
      return this.report('error', 'colon', message, start, end);
    }
    const message = `horovodrun needs the number of slots on every line. Write \`${name} slots=4\`.`;
    this.report('error', 'noSlots', message, start, end);
  }

  /** Says what horovodrun's own words (`Invalid host input`) do not. */
  private refused(line: string, name: string, value: string, start: number, end: number): void {
    const only = 'horovodrun takes only `name slots=N` on a line';
    if (/^(?:#|\/[/*])/.test(line)) return this.comment(start, end);
    const comment = /[\s\d](#|\/[/*])/.exec(line);
    if (comment !== null) return this.comment(start + comment.index + 1, end);
    if (name.includes('@')) {
      const host = name.slice(name.indexOf('@') + 1);
      const message = `${only}, without a user. Write \`${host}\`, and set the user in the OpenSSH configuration.`;
      return this.report('error', 'user', message, start, start + name.length);
    }
    if (/\[\d/.test(name)) {
      const message = `${only}: \`${name}\` is not expanded. Write each host on a line of its own.`;
      return this.report('error', 'rangeNotExpanded', message, start, start + name.length);
    }
    if (!/^[\p{L}\p{N}_.-]+$/u.test(name) && !name.includes('=')) {
      const message = `${only}, and \`${name}\` is no name for it: letters, digits, \`_\`, \`.\` and \`-\`.`;
      return this.report('error', 'host', message, start, start + name.length);
    }
    const at = line.indexOf('=') + 1;
    const written = value.trim().split(/\s/, 1)[0] ?? '';
    if (/^\d+$/.test(written) && written.length < value.trim().length) {
      const message = `${only}. Delete what stands behind \`slots=${written}\`.`;
      return this.report(
        'error',
        'format',
        message,
        start + at + value.indexOf(written) + written.length,
        end,
      );
    }
    if (/^\d+$/.test(written)) {
      return this.report(
        'error',
        'format',
        `${only}, without blanks at the \`=\`. Write \`slots=${written}\`.`,
        start,
        end,
      );
    }
    const message = `${only}, with a whole number, not \`${written}\`. Write \`slots=4\`.`;
    this.report('error', 'slots', message, written === '' ? start : start + at + value.indexOf(written), end);
  }

  private comment(start: number, end: number): void {
    this.report('error', 'comment', 'horovodrun knows no comments in a hostfile. Delete it.', start, end);
  }
}
