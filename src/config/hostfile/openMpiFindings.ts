import type { LineIndex } from '../lineIndex';
import { suggest } from '../suggest';
import { shownCharacter } from './lookAlikes';
import type { OpenMpiToken } from './openMpiTokens';
import { FewFindings } from '../fewFindings';
import { movedBy, type HostfileFinding } from './reading';

interface Span {
  start: number;
  end: number;
}

/** A host as the file writes it. */
interface Written extends Span {
  written: string;
  user: string | undefined;
}

/** What is said about a hostfile for Open MPI: an error where mpirun refuses it, a warning where it reads something else. */
export class OpenMpiFindings {
  private readonly findings = new FewFindings<HostfileFinding>();
  private hasCrlf = false;
  /** Whether a name that is cut was found, which is said once. */
  hasCutName = false;
  /** A second line of a host that is not told yet. */
  private second: { first: Written & { host: string }; second: Written } | undefined;
  /** Where something is said, once all lines are read; names are judged after them. */
  private starts: ReadonlySet<number> | undefined;

  constructor(
    private readonly text: string,
    private readonly indexOf: () => LineIndex,
  ) {}

  sorted(): HostfileFinding[] {
    return this.all().sort((a, b) => a.start - b.start);
  }

  /** What is known of a line that starts at an offset. */
  known(finding: HostfileFinding, start: number): void {
    this.flush();
    this.findings.put(finding, () => movedBy(finding, start));
  }

  byteOrderMark(): void {
    const message =
      'Open MPI reads the byte order mark as a character of the first host. Save the file as UTF-8 without it.';
    this.error('byteOrderMark', message, { start: 0, end: 1 });
  }

  crlf({ start }: { start: number }): void {
    if (this.hasCrlf) return;
    this.hasCrlf = true;
    const message = `Open MPI cannot read Windows line ends (from line ${this.line(start)} on). Change the end of line to LF.`;
    this.error('crlf', message, { start: this.text.lastIndexOf('\n', start) + 1, end: start });
  }

  noHosts(): void {
    if (this.all().some(({ severity }) => severity === 'error')) return;
    const message = 'This hostfile has no host. Write one on each line, such as `node1 slots=4`.';
    this.error('noHosts', message, { start: 0, end: this.text === '' ? 0 : 1 });
  }

  unclosedComment(start: number): void {
    const message =
      'This comment never ends, so Open MPI reads no host in the rest of the file. Close it with `*/`.';
    this.warning('unclosedComment', message, { start, end: Math.min(start + 2, this.text.length) });
  }

  character(token: OpenMpiToken): void {
    if ((token.text === '#' || token.text === '/') && !this.text.includes('\n', token.start)) {
      const message =
        'Open MPI reads a comment only up to a line break, and here the file ends. End it with a new line.';
      if (token.text === '#' || this.text[token.end] === '/') {
        this.error('commentWithoutNewline', message, { start: token.start, end: this.text.length });
        return;
      }
    }
    if (token.text === '[' && /^\[[0-9]/.test(this.text.slice(token.start, token.start + 2))) {
      this.rangeNotExpanded(token);
      return;
    }
    const message = `${shownCharacter(token.text)} cannot stand in a hostfile for Open MPI. Delete it.`;
    this.error('character', message, token);
  }

  private rangeNotExpanded({ start }: Span): void {
    const from =
      start - (/[A-Za-z0-9@._-]*$/.exec(this.text.slice(Math.max(0, start - 300), start))?.[0].length ?? 0);
    const end = start + (/^\S*/.exec(this.text.slice(start, start + 300))?.[0].length ?? 1);
    const message = `Open MPI does not expand \`${this.text.slice(from, end)}\` and refuses the file. Write each host on a line of its own.`;
    this.error('rangeNotExpanded', message, { start: from, end });
  }

  lookAlike(token: OpenMpiToken, meant: string): void {
    const what =
      meant === '' ? 'cannot be seen' : meant === ' ' ? 'looks like a space' : `looks like \`${meant}\``;
    const next = meant === '' ? 'Delete it.' : `Write ${meant === ' ' ? 'a space' : `\`${meant}\``}.`;
    const message = `${shownCharacter(token.text)} ${what}, but Open MPI refuses it. ${next}`;
    this.error('lookAlike', message, token);
  }

  relative(token: OpenMpiToken): void {
    const message = `\`${token.text}\` names a host by its place in an allocation, and here is none. Write the host's name.`;
    this.error('host', message, token);
  }

  missingHost(token: OpenMpiToken): void {
    if (token.kind === 'quoted') {
      const message = 'Open MPI does not take a host in quotes. Delete the quotes.';
      return this.error('character', message, token);
    }
    const message =
      token.kind === 'equals'
        ? 'The host is missing. Begin the line with its name: `node1 slots=4`.'
        : `\`${token.text}\` is a keyword of hostfiles, not a host. Begin the line with the host's name.`;
    this.error('missingHost', message, token);
  }

  rankfile(token: OpenMpiToken): void {
    const message =
      'Open MPI reads a line that begins with `rank` as one of a rank file: one more slot for its host, everything else on it ignored. Write `node1 slots=4`.';
    this.warning('missingHost', message, token);
  }

  localRank(token: OpenMpiToken): void {
    const message = `Open MPI finds no slot on \`${token.text}\`, a name of this machine behind \`rank\`. Write \`localhost slots=1\`.`;
    this.error('slots', message, token);
  }

  badHost(token: OpenMpiToken): void {
    const message = `Open MPI crashes on \`${token.text}\`, which is neither a host nor \`user@host\`.`;
    this.error('host', message, token);
  }

  oddUser(token: OpenMpiToken, host: string): void {
    const message = `Open MPI reads \`${token.text}\` as the host \`${host}\`. Write \`user@host\`, or the host alone.`;
    this.warning('host', message, token);
  }

  changedNumber(token: OpenMpiToken, host: string): void {
    const message = `Open MPI reads \`${token.text}\` as a number, the host \`${host}\`. Use the address or another name.`;
    this.warning('nameForOpenMpi', message, token);
  }

  cutUser(first: OpenMpiToken, rest: OpenMpiToken): void {
    const message = `Open MPI takes only letters, digits, \`_\` and \`-\` in a user, so it reads \`${first.text}\` as the host. Set the user in the OpenSSH configuration.`;
    this.warning('userForOpenMpi', message, { start: first.start, end: rest.end });
  }

  colon(first: OpenMpiToken, rest: OpenMpiToken): void {
    const number = /^:(\d+)$/.exec(rest.text)?.[1];
    const next =
      number === undefined
        ? 'Delete it.'
        : `Write \`${first.text} slots=${number}\`, or \`${first.text} port=${number}\` for a port.`;
    const message = `Open MPI ignores \`${rest.text}\`. ${next}`;
    this.warning('colon', message, { start: first.start, end: rest.end });
  }

  /** A word without `=`: ignored in silence, which gives another number of processes than was meant. */
  ignoredWord(token: OpenMpiToken, first: OpenMpiToken): void {
    const count = /^(?:([a-z_-]+):)?(\d{1,9})$/i.exec(token.text);
    const key = count?.[1] ?? 'slots';
    const next =
      count !== null && suggest(key, ['slots', 'max-slots', 'cpu', 'count']) !== undefined
        ? `Write \`slots=${count[2] ?? ''}\`.`
        : 'Write `key=value`, or put `#` before a comment.';
    const message = `Open MPI ignores \`${token.text}\` on the line of ${first.text}. ${next}`;
    this.warning('ignoredWord', message, token);
  }

  unexpectedEquals(token: OpenMpiToken, previous: OpenMpiToken, first: OpenMpiToken): void {
    if (previous === first || !/^(?:string|int)$/.test(previous.kind)) {
      const message = 'Open MPI refuses this `=`: no key stands before it. Write `slots=4`.';
      return this.error('syntax', message, token);
    }
    const near = suggest(previous.text, ['slots', 'max-slots', 'port', 'username']);
    const next =
      near === undefined ? 'Known: slots, max-slots, port, username.' : `Did you mean \`${near}\`?`;
    this.error('unknownKey', `Open MPI refuses the key \`${previous.text}\`. ${next}`, previous);
  }

  unexpectedWord(token: OpenMpiToken): void {
    if (token.kind === 'keyword' || token.kind === 'rank') {
      const near = suggest(token.text, ['slots', 'max-slots', 'port', 'username']);
      const next =
        near === undefined ? 'Known: slots, max-slots, port, username.' : `Did you mean \`${near}\`?`;
      return this.error('unknownKey', `Open MPI refuses the key \`${token.text}\`. ${next}`, token);
    }
    const what =
      token.kind === 'name' ? 'a second host on the line' : token.kind === 'quoted' ? 'quotes' : 'this';
    const next = token.kind === 'name' ? 'Write it on a line of its own.' : 'Delete it.';
    const code = token.kind === 'quoted' ? 'character' : 'syntax';
    this.error(code, `Open MPI refuses ${what}: \`${token.text.slice(0, 60)}\`. ${next}`, token);
  }

  badValue(key: OpenMpiToken, equals: OpenMpiToken, value: OpenMpiToken): void {
    const isNothing = equals.kind !== 'equals' || /^(?:newline|end|equals)$/.test(value.kind);
    const at = isNothing ? { start: key.start, end: equals.kind === 'equals' ? equals.end : key.end } : value;
    const written = isNothing ? 'nothing' : value.text.slice(0, 60);
    const isPort = key.kind === 'port';
    const message = `Open MPI takes a whole number behind \`${key.text}=\`, not ${written}. Write \`${key.text}=${isPort ? 22 : 4}\`.`;
    this.error(isPort ? 'port' : 'slots', message, at);
  }

  changedValue(key: OpenMpiToken, token: OpenMpiToken, value: number): void {
    if (token.text.replace(/^0+(?=\d)/, '') === String(value)) return;
    const message = `Open MPI reads \`${key.text}=${token.text.slice(0, 60)}\` as ${value}. Write the number of processes.`;
    this.warning('slots', message, token);
  }

  maximumTooSmall(first: OpenMpiToken, last: Span, maximum: number, slots: number): void {
    const message = `max-slots (${maximum}) is less than slots (${slots}). Make it at least as large.`;
    this.error('maxSlots', message, { start: first.start, end: last.end });
  }

  raisedMaximum(first: OpenMpiToken, last: Span, maximum: number, slots: number): void {
    const message = `max-slots (${maximum}) is less than slots (${slots}), and Open MPI raises it. Make it at least as large.`;
    this.warning('maxSlots', message, { start: first.start, end: last.end });
  }

  /** Lines of one host with several ports, as where they lead to several machines. */
  secondPort(first: Written & { host: string }, token: Span): void {
    const message = `Open MPI takes this for the host on line ${this.line(first.start)} in spite of another port, and the last port counts. Use a name or address of its own for each machine.`;
    this.warning('sameForOpenMpi', message, token);
  }

  port(value: number, token: Span): void {
    if (value >= 1 && value <= 65_535) return;
    this.warning('port', `${value} is no port. Write a number from 1 to 65535, such as \`port=22\`.`, token);
  }

  duplicateKey(key: OpenMpiToken, isRefused = false): void {
    const message = isRefused
      ? `Open MPI refuses \`${key.text}\`, a second number of slots on this line. Keep one.`
      : `\`${key.text}\` is given twice on this line, and Open MPI takes the last. Keep one.`;
    if (isRefused) this.error('duplicateKey', message, key);
    else this.warning('duplicateKey', message, key);
  }

  lostUser(key: OpenMpiToken, value: OpenMpiToken): void {
    const isLine = value.kind === 'newline';
    const message = isLine
      ? `No user stands behind \`${key.text}\`, so Open MPI reads the next line as a part of this one. Write \`username=ubuntu\`.`
      : `Open MPI ignores the user behind \`${key.text}\`: it takes letters, digits, \`_\` and \`-\`. Set the user in the OpenSSH configuration.`;
    this.warning('user', message, isLine || value.kind === 'end' ? key : value);
  }

  /**
   * A second line of a host; without a number on either, that is how a host gets several slots. It is told once it is known
   * that no number follows, see {@link duplicate}.
   */
  sameHost(first: Written & { host: string }, second: Written): void {
    this.flush();
    this.second = { first, second };
  }

  /** A second line of a host with a number: refused. It is told in place of what a mere second line would be. */
  duplicate(first: Written & { host: string }, token: Span & { text: string }): void {
    const wasSame =
      this.second?.second.start === token.start && this.second.first.written !== this.second.second.written;
    if (this.second?.second.start === token.start) this.second = undefined;
    const code = wasSame ? 'sameForOpenMpi' : 'duplicateHost';
    this.addIfFew('error', code, () => {
      const at = `line ${this.line(first.start)}`;
      const message = wasSame
        ? `Open MPI takes ${token.text} and ${first.written} (${at}) for one host, ${reasonOf(first)}, and refuses a second number of slots. Use names that differ before the first dot, or addresses.`
        : `${first.written} is already on ${at}, and Open MPI refuses a second number of slots. Keep one line for each host.`;
      return { span: token, message };
    });
  }

  private flush(): void {
    if (this.second === undefined) return;
    const { first, second } = this.second;
    this.second = undefined;
    const isSame = first.written !== second.written;
    this.addIfFew('warning', isSame ? 'sameForOpenMpi' : 'duplicateHost', () => {
      const at = `line ${this.line(first.start)}`;
      const message = isSame
        ? `Open MPI takes ${second.written} and ${first.written} (${at}) for one host, ${reasonOf(first)}, and adds a slot to it. Use names that differ before the first dot, or addresses.`
        : first.user === second.user
          ? `${second.written} is already on ${at}, and Open MPI adds one slot to it. Keep one line for each host.`
          : `${second.written} is already on ${at}, and Open MPI takes the user from there. Keep one line for each host.`;
      return { span: second, message };
    });
  }

  /** @param own is asked only where the host is told of */
  name({ written }: Written, own: () => Written, reason: string): void {
    const [, name = '', number] = /^([^:]+):(\d+)$/.exec(written) ?? [];
    const message =
      number === undefined
        ? reason
        : `Open MPI takes no number behind a colon. Write \`${name} slots=${number}\`, or \`${name} port=${number}\` for a port.`;
    const code = number === undefined ? 'nameForOpenMpi' : 'colon';
    this.addIfFew('error', code, () => ({ span: own(), message }));
  }

  shortAddress(node: Written): void {
    const message = `\`${node.written}\` stands for another address of four numbers. Write those, each at most 255.`;
    this.warning('address', message, node);
  }

  option(node: Written): void {
    const option = node.user?.startsWith('-') === true ? node.user : node.written;
    const message = `Open MPI gives \`${option}\` to ssh, which takes it for an option. Use the address or another name.`;
    this.warning('host', message, node);
  }

  /** @param own is asked only where the host is told of */
  noSlots(own: () => Written): void {
    const message =
      'A host with 0 slots counts as already filled. To leave the host out, put `#` before its line.';
    this.addIfFew('error', 'slots', () => ({ span: this.zeroOf(own()), message }));
  }

  /** The number behind a host, where it stands on the same line; else the host. */
  private zeroOf({ start, end }: Written): Span {
    const line = this.text.slice(end, end + 200).split('\n', 1)[0] ?? '';
    const [written, zeros = ''] = /=[ \t]*(0+)(?![0-9])/.exec(line) ?? [];
    if (written === undefined) return { start, end };
    const behind = end + line.indexOf(written) + written.length;
    return { start: behind - zeros.length, end: behind };
  }

  /** Once in a file: names of one domain are cut all alike. */
  cutName(node: Written & { host: string }, written: string): void {
    if (/^[\d.]+$/.test(written)) {
      const message = `\`${written}\` is not an IPv4 address, and Open MPI reads the host \`${node.host}\`. Write four numbers of at most 255.`;
      return this.warning('address', message, node);
    }
    if (this.hasCutName) return;
    this.starts ??= new Set(this.all().map(({ start }) => start));
    if (this.starts.has(node.start)) return;
    this.hasCutName = true;
    const message = `Open MPI cuts ${written} at the first dot and reaches it as \`${node.host}\`. See that this name is known on the head, or use addresses.`;
    this.add('information', 'nameCut', message, node);
  }

  private error(code: string, message: string, span: Span): void {
    this.add('error', code, message, span);
  }

  private warning(code: string, message: string, span: Span): void {
    this.add('warning', code, message, span);
  }

  private add(severity: HostfileFinding['severity'], code: string, message: string, span: Span): void {
    this.addIfFew(severity, code, () => ({ span, message }));
  }

  /** @param make is asked only where the finding is told: there may be as many as lines */
  private addIfFew(
    severity: HostfileFinding['severity'],
    code: string,
    make: () => { span: Span; message: string },
  ): void {
    this.flush();
    const kind = kindOf(severity, code);
    this.findings.put(kind, () => {
      const { span, message } = make();
      return { code: kind.code, severity, message, start: span.start, end: span.end };
    });
  }

  private all(): HostfileFinding[] {
    this.flush();
    return this.findings.all();
  }

  /** The line of an offset, counted from 1. */
  private line(offset: number): number {
    return this.indexOf().position(offset).line + 1;
  }
}

function reasonOf({ host }: { host: string }): string {
  return host === 'localhost' ? 'this machine' : `\`${host}\``;
}

const kinds = new Map<string, Pick<HostfileFinding, 'code' | 'severity'>>();

/** The same object for the same words: thousands of lines may have the same mistake. */
function kindOf(
  severity: HostfileFinding['severity'],
  code: string,
): Pick<HostfileFinding, 'code' | 'severity'> {
  const key = severity === 'error' ? code : `${severity} ${code}`;
  let kind = kinds.get(key);
  if (kind === undefined) kinds.set(key, (kind = { code: `hostfile.${code}`, severity }));
  return kind;
}
