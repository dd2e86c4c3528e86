import { FewFindings } from '../fewFindings';
import type { HostfileLines, TextLine } from './hostfileLines';
import { LineReader, noHosts } from './lineReader';
import { leadingBlanks, pythonLines, strip, type PythonLine } from './pythonText';
import {
  movedBy,
  type DialectReading,
  type HostfileFinding,
  type LineReading,
  type ReadHost,
} from './reading';

/**
 * Reads a hostfile as MXNet's launch.py does for ssh (dmlc_tracker/ssh.py): each line that is not blank is a host, cut before
 * `slots=` and split at its first `:` into name and port. It refuses only a file without a host.
 */
export function readMxnet(source: HostfileLines, refusalsOnly: boolean): DialectReading {
  const findings = new FewFindings<HostfileFinding>();
  const seen = new Set<string>();
  let hasSlots = false;
  source.lines.forEach((line, index) => {
    const offset = source.starts[index] ?? 0;
    const reading = (line.mxnet ??= readLine(line));
    if (refusalsOnly && (seen.size > 0 || reading.hosts.length === 0)) return;
    for (const host of reading.hosts) {
      const target = host.port === undefined ? host.host : `${host.host}:${host.port}`;
      if (seen.has(target)) findings.put(secondLine, () => duplicate(target, movedBy(host, offset)));
      seen.add(target);
    }
    for (const finding of reading.findings) {
      // Once in a file: it is the same on every line.
      if (finding.code === slotsIgnored && hasSlots) continue;
      hasSlots ||= finding.code === slotsIgnored;
      findings.put(finding, () => movedBy(finding, offset));
    }
  });
  if (seen.size === 0) {
    const none = noHosts(source.text, 'node1');
    findings.put(none, () => none);
  }
  return {
    get hosts() {
      return source.lines.flatMap(({ mxnet }, index) =>
        (mxnet?.hosts ?? []).map((host) => movedBy(host, source.starts[index] ?? 0)),
      );
    },
    findings: findings.all(),
  };
}

const slotsIgnored = 'hostfile.slotsIgnored';

const secondLine = { code: 'hostfile.duplicateHost', severity: 'information' } as const;

function duplicate(target: string, { start, end }: ReadHost): HostfileFinding {
  const message = `launch.py gives ${target} its turn once for each of its lines. Keep one line unless it is to get more processes.`;
  return { ...secondLine, message, start, end };
}

function readLine({ text }: TextLine): LineReading {
  const reader = new MxnetLine();
  for (const line of pythonLines(text)) reader.line(line);
  return reader;
}

class MxnetLine extends LineReader {
  constructor() {
    super('launch.py');
  }

  line(whole: PythonLine): void {
    const line = strip(whole.text);
    if (line === '') return;
    const start = whole.start + leadingBlanks(whole.text);
    const slots = line.indexOf('slots=');
    const address = slots < 0 ? line : strip(line.slice(0, slots));
    const colon = address.indexOf(':');
    const host = colon < 0 ? address : address.slice(0, colon);
    const port = colon < 0 ? undefined : address.slice(colon + 1);
    const end = start + Math.max(address.length, 1);
    this.hosts.push({ host, user: undefined, port, slots: undefined, start, end });
    this.misread(line, address, host, port, start);
    if (slots >= 0) this.slotsIgnored(start + slots, line);
  }

  private misread(
    line: string,
    address: string,
    host: string,
    port: string | undefined,
    start: number,
  ): void {
    const end = start + address.length;
    if (/^(?:#|\/[/*])/.test(line)) {
      const message = 'launch.py knows no comments and takes this line for a host. Delete it.';
      return this.report('warning', 'comment', message, start, start + line.length);
    }
    if (host === '') {
      const message = 'launch.py reads a host without a name here. Begin the line with the name or address.';
      return this.report('warning', 'missingHost', message, start, start + line.length);
    }
    if (/\s/.test(address)) {
      const message = `launch.py takes all of \`${address}\` for the host. Write \`${address.split(/\s/, 1)[0] ?? ''}\` alone.`;
      return this.report('warning', 'format', message, start, end);
    }
    this.oddName(host, start, end);
    if (port === undefined) return;
    const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
    if (number < 1 || number > 65_535) {
      const message = `launch.py gives ssh \`${port}\` as the port of ${host}. Write a number from 1 to 65535, or no colon.`;
      this.report(
        'warning',
        'port',
        message,
        start + host.length + 1,
        Math.max(end, start + host.length + 1),
      );
    } else if (number < 1024 && number !== 22) {
      const message = `launch.py reads \`${address}\` as port ${number} of ${host}, not as a number of processes. Write \`${host}\`; \`-n\` says how many.`;
      this.report('warning', 'colon', message, start, end);
    }
  }

  private slotsIgnored(start: number, line: string): void {
    const length = /slots=\S*/.exec(line)?.[0].length ?? 0;
    const message =
      'launch.py ignores slots: it deals its processes out to the hosts in turn. `-n` says how many there are.';
    this.report('warning', 'slotsIgnored', message, start, start + length);
  }
}
