import type { HostfileFinding, LineReading, ReadHost } from './reading';

/** What a program written in Python makes of one line, filled while it is read. Offsets count from the start of the line. */
export abstract class LineReader implements LineReading {
  readonly hosts: ReadHost[] = [];
  readonly findings: HostfileFinding[] = [];

  /** @param program as messages name it */
  constructor(private readonly program: string) {}

  /** What is no part of the host's name and is taken for one. */
  protected oddName(host: string, start: number, end: number): void {
    if (host.startsWith('\uFEFF')) {
      const message = `${this.program} reads the byte order mark as a character of the first host. Save the file as UTF-8 without it.`;
      this.report('warning', 'byteOrderMark', message, start, start + 1);
    }
    if (/\[\d/.test(host)) {
      const message = `${this.program} does not expand \`${host}\` and takes it for one host. Write each host on a line of its own.`;
      this.report('warning', 'rangeNotExpanded', message, start, end);
    }
  }

  protected report(
    severity: HostfileFinding['severity'],
    code: string,
    message: string,
    start: number,
    end: number,
  ): void {
    this.findings.push({ code: `hostfile.${code}`, severity, message, start, end });
  }
}

/** @param example of a line */
export function noHosts(text: string, example: string): HostfileFinding {
  const message = `This hostfile has no host. Write one on each line, such as \`${example}\`.`;
  return { code: 'hostfile.noHosts', severity: 'error', message, start: 0, end: text === '' ? 0 : 1 };
}
