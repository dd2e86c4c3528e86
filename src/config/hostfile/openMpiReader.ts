import { LineIndex } from '../lineIndex';
import { cInteger } from './cInteger';
import { lookAlikeOf } from './lookAlikes';
import { ipv4Pattern, openMpiName, openMpiRefusal } from './openMpiNames';
import { OpenMpiFindings } from './openMpiFindings';
import { OpenMpiHosts, type OpenMpiHost } from './openMpiHosts';
import { OpenMpiLexer, type OpenMpiToken } from './openMpiTokens';
import type { HostfileLines, TextLine } from './hostfileLines';
import { movedBy, type DialectReading, type HostfileFinding } from './reading';

/** What Open MPI makes of a single line that holds no host named on another line; offsets from its start. */
export interface OpenMpiLine {
  /** False where the line may reach into the next one: then nothing else is said. */
  isAlone: boolean;
  node: OpenMpiHost | undefined;
  /** Whether a line of a known host ends at its number of slots, and nothing else counts. */
  countsFirst: boolean;
  crlf: number | undefined;
  findings: readonly HostfileFinding[];
}

/** What ends the reading of an entry: nothing of its line is looked at any more. Only one, as a stack costs more than a line. */
const refusal = new Error('refused');

/**
 * Reads a hostfile as Open MPI 4.1.4 does (orte/util/hostfile/hostfile.c and the check of names in orte/mca/regx, both
 * checked against the program). After a refusal it goes on with the next line, so that all of them are found.
 * @param localNames further names of the machine that mpirun is started on
 */
export function readOpenMpi(
  source: HostfileLines,
  localNames: ReadonlySet<string> = new Set(),
): DialectReading {
  return new OpenMpiReader(source.text, localNames, () => source.index).read(source);
}

const noNames: ReadonlySet<string> = new Set();

/** What makes an entry reach beyond its line: comments and quotes over several lines, a user or a rank that is looked for. */
const reaching = /\/\*|"|user|rank|\r[^]|^\uFEFF/;

function readAlone({ text, plain }: TextLine): OpenMpiLine {
  const alone = { isAlone: true, countsFirst: true, crlf: undefined, findings: [] };
  if (plain !== undefined && (plain.host.charCodeAt(0) <= 0x39 || !plain.host.includes('.'))) {
    const { host, slots } = plain;
    const counted = { given: true, counted: true, maxSlots: 0, name: 'right' } as const;
    const place = { user: undefined, port: undefined, start: 0, end: host.length };
    return { ...alone, node: { host, written: host, slots, ...counted, ...place } };
  }
  if (reaching.test(text)) return { ...alone, isAlone: false, node: undefined };
  const line = `${text}\n`;
  return new OpenMpiReader(line, noNames, () => new LineIndex(line)).readAlone();
}

class OpenMpiReader {
  private readonly lexer: OpenMpiLexer;
  private readonly hosts = new OpenMpiHosts();
  private readonly found: OpenMpiFindings;
  private localRank: OpenMpiToken | undefined;

  constructor(
    private readonly text: string,
    private readonly localNames: ReadonlySet<string>,
    indexOf: () => LineIndex,
  ) {
    this.lexer = new OpenMpiLexer(text);
    this.found = new OpenMpiFindings(text, indexOf);
  }

  read(source: HostfileLines): DialectReading {
    if (this.text.startsWith('\uFEFF')) {
      this.found.byteOrderMark();
      this.lexer.position = 1;
    }
    for (let index = 0; ;) {
      const { position } = this.lexer;
      while ((source.starts[index] ?? Infinity) < position) index += 1;
      const isStart = source.starts[index] === position && !this.lexer.isInComment;
      const line = isStart ? source.lines[index] : undefined;
      if (line !== undefined && source.isEnded(index) && this.addLine(line, position)) {
        this.lexer.position = position + line.text.length + 1;
        index += 1;
      } else if (!this.next()) break;
    }
    if (this.lexer.unclosedComment !== undefined) this.found.unclosedComment(this.lexer.unclosedComment);
    const isRight = ({ name, slots }: OpenMpiHost): boolean =>
      slots > 0 && (name === 'right' || (name === 'cut' && this.found.hasCutName));
    this.hosts.forEachOf(
      (host) => !isRight(host),
      (host, own) => this.judge(host, own),
    );
    const { hosts } = this;
    // Names of this machine behind `rank` give it no slot, and so alone no host.
    if (hosts.size === 0 && this.localRank !== undefined) this.found.localRank(this.localRank);
    else if (hosts.size === 0) this.found.noHosts();
    return {
      get hosts() {
        return hosts.read();
      },
      findings: this.found.sorted(),
    };
  }

  /** Reads a text of one line that reaches into no other. */
  readAlone(): OpenMpiLine {
    while (this.next());
    const node = this.hosts.first;
    const findings = this.found.sorted();
    const crlf = findings.find(({ code }) => code === 'hostfile.crlf')?.end;
    const countsFirst =
      findings.length === 0 && /^[ \t\f\v]*[A-Za-z0-9_.@-]+[ \t\f\v]+(?:slots|cpu|count)=\d/.test(this.text);
    if (node !== undefined) node.name = this.nameOnly(node);
    const kept = findings.filter(({ code }) => code !== 'hostfile.crlf');
    return { isAlone: true, node, countsFirst, crlf, findings: kept };
  }

  /** Reads an entry or a line break. @returns false at the end */
  private next(): boolean {
    const token = this.lexer.next();
    if (token.kind !== 'newline' && token.kind !== 'end') this.guarded(() => this.entry(token));
    return token.kind !== 'end';
  }

  /** Takes over what is known of a line; not where it depends on lines before it. */
  private addLine(line: TextLine, start: number): boolean {
    const { isAlone, node, countsFirst, crlf, findings } = (line.mpirun ??= readAlone(line));
    if (!isAlone) return false;
    if (node !== undefined) {
      const { written, host } = node;
      const isLocal = this.localNames.size > 0 && (this.localNames.has(written) || this.localNames.has(host));
      const name = isLocal ? 'localhost' : host;
      const place = this.hosts.placeOf(name);
      if (place === undefined && isLocal)
        this.hosts.add({ ...movedBy(node, start), host: name, name: undefined });
      else if (place === undefined) this.hosts.add(node, start);
      else if (countsFirst) this.countedAgain(this.hosts.own(place), movedBy(node, start));
      else return false;
    }
    for (const finding of findings) this.found.known(finding, start);
    if (crlf !== undefined) this.found.crlf({ start: start + crlf });
    return true;
  }

  private countedAgain(known: OpenMpiHost, { written, user, start, end }: OpenMpiHost): void {
    this.again(known, written, user, { start, end });
    this.found.duplicate(known, { text: user === undefined ? written : `${user}@${written}`, start, end });
  }

  /** Runs the reading of one entry; a refusal skips the rest of its line. */
  private guarded(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (error !== refusal) throw error;
      this.lexer.skipLine();
    }
  }

  private entry(token: OpenMpiToken): void {
    switch (token.kind) {
      case 'string':
      case 'int':
      case 'name': {
        const { host, user } = this.hostAndUser(token);
        this.settings(this.node(host, user, token), token);
        return;
      }
      case 'rank':
        this.rankfileLine(token);
        return;
      case 'relative':
        this.refuse(() => this.found.relative(token));
        return;
      case 'bad':
        this.badCharacter(token);
        return;
      case 'end':
      case 'newline':
      case 'equals':
      case 'quoted':
      case 'slots':
      case 'max-slots':
      case 'port':
      case 'username':
      case 'keyword':
        this.refuse(() => this.found.missingHost(token));
    }
  }

  /** `@` splits a word, and what is empty does not count. */
  private hostAndUser(token: OpenMpiToken): { host: string; user: string | undefined } {
    if (token.kind === 'int') {
      const host = String(cInteger(token.text));
      if (host !== token.text) this.found.changedNumber(token, host);
      return { host, user: undefined };
    }
    if (!token.text.includes('@')) return { host: token.text, user: undefined };
    const parts = token.text.split('@').filter((part) => part !== '');
    const [first = '', second] = parts;
    if (parts.length === 0 || parts.length > 2) this.refuse(() => this.found.badHost(token));
    if (second === undefined || `${first}@${second}` !== token.text || first.startsWith('^')) {
      this.found.oddUser(token, second ?? first);
    }
    return second === undefined ? { host: first, user: undefined } : { host: second, user: first };
  }

  /** The host of that name, made or with one more slot. */
  private node(written: string, user: string | undefined, { start, end }: OpenMpiToken): OpenMpiHost {
    const host = this.nameOf(written);
    const place = this.hosts.placeOf(host);
    if (place !== undefined) {
      const known = this.hosts.own(place);
      this.again(known, written, user, { start, end });
      return known;
    }
    const node: OpenMpiHost = {
      host,
      user,
      port: undefined,
      slots: 1,
      given: false,
      counted: false,
      maxSlots: 0,
      written,
      name: undefined,
      start,
      end,
    };
    this.hosts.add(node);
    return node;
  }

  /** One more slot for a host that was named before. */
  private again(
    known: OpenMpiHost,
    written: string,
    user: string | undefined,
    span: { start: number; end: number },
  ): void {
    known.slots = (known.slots + 1) | 0;
    known.given = true;
    if (known.written !== written || known.user !== user || known.counted) {
      this.found.sameHost(known, { written, user, ...span });
    }
  }

  private nameOf(written: string): string {
    const name = openMpiName(written);
    return name === 'localhost' || this.localNames.has(written) || this.localNames.has(name)
      ? 'localhost'
      : name;
  }

  private settings(node: OpenMpiHost, first: OpenMpiToken): void {
    let hasMaxSlots = false;
    let hasPort = false;
    for (let previous = first; ;) {
      const token = this.lexer.next();
      switch (token.kind) {
        case 'end':
        case 'newline':
          if (hasMaxSlots && !node.given) {
            node.slots = node.maxSlots;
            node.given = true;
            node.counted = true;
          }
          return;
        case 'string':
        case 'int':
          this.ignored(token, previous, first);
          break;
        case 'slots':
          this.setSlots(node, token, first);
          break;
        case 'max-slots':
          hasMaxSlots = this.setMaxSlots(node, token, first) || hasMaxSlots;
          break;
        case 'port': {
          const port = this.number(token);
          if (hasPort) this.found.duplicateKey(token);
          else this.found.port(port.value, port.token);
          hasPort = true;
          if (node.start !== first.start && node.port !== undefined && node.port !== String(port.value)) {
            this.found.secondPort(node, first);
          }
          node.port = String(port.value);
          break;
        }
        case 'username':
          this.setUser(node, token);
          break;
        case 'bad':
        case 'equals':
        case 'keyword':
        case 'name':
        case 'quoted':
        case 'rank':
        case 'relative':
          this.unexpected(token, previous, first);
      }
      previous = token;
    }
  }

  private setSlots(node: OpenMpiHost, key: OpenMpiToken, first: OpenMpiToken): void {
    const { value, token } = this.number(key);
    if (node.given) {
      this.refuse(() =>
        node.start === first.start ? this.found.duplicateKey(key, true) : this.found.duplicate(node, first),
      );
    }
    this.found.changedValue(key, token, value);
    if (node.maxSlots !== 0 && node.maxSlots < value) {
      this.found.raisedMaximum(first, token, node.maxSlots, value);
      node.maxSlots = value;
    }
    node.slots = value;
    node.given = true;
    node.counted = true;
  }

  private setMaxSlots(node: OpenMpiHost, key: OpenMpiToken, first: OpenMpiToken): boolean {
    const { value, token } = this.number(key);
    if (value < node.slots) this.refuse(() => this.found.maximumTooSmall(first, token, value, node.slots));
    const changed = value !== node.maxSlots;
    node.maxSlots = value;
    return changed;
  }

  /** Takes any one token behind `=`, or one in its place: a line break too, and so the next line is part of this one. */
  private setUser(node: OpenMpiHost, key: OpenMpiToken): void {
    const equals = this.lexer.next();
    const value = equals.kind === 'equals' ? this.lexer.next() : equals;
    if (value.kind === 'string' && equals.kind === 'equals') node.user = value.text;
    else this.found.lostUser(key, value);
  }

  /** The number behind a key; without one the file is refused. */
  private number(key: OpenMpiToken): { value: number; token: OpenMpiToken } {
    const equals = this.lexer.next();
    const token = equals.kind === 'equals' ? this.lexer.next() : equals;
    const value = equals.kind === 'equals' && token.kind === 'int' ? cInteger(token.text) : -1;
    if (value >= 0) return { value, token };
    this.lexer.position = Math.min(this.lexer.position, token.kind === 'newline' ? token.start : token.end);
    return this.refuse(() => this.found.badValue(key, equals, token));
  }

  private ignored(token: OpenMpiToken, previous: OpenMpiToken, first: OpenMpiToken): void {
    const touches = previous === first && token.start === first.end;
    if (!touches) {
      const isFollowed = /^[ \t\f\v]*=/.test(this.text.slice(token.end, token.end + 80));
      // The `=` behind it is refused, and that finding says all.
      if (!isFollowed) this.found.ignoredWord(token, first);
    } else if (token.text.startsWith('@')) this.found.cutUser(first, token);
    else this.found.colon(first, token);
  }

  private unexpected(token: OpenMpiToken, previous: OpenMpiToken, first: OpenMpiToken): never {
    if (token.kind === 'bad') this.badCharacter(token);
    return this.refuse(() => {
      if (token.kind === 'equals') this.found.unexpectedEquals(token, previous, first);
      else this.found.unexpectedWord(token);
    });
  }

  /** `rank 0=host slot=…` of a rank file: all but the host is ignored, and each line is a slot. */
  private rankfileLine(first: OpenMpiToken): void {
    let token = first;
    while (token.kind !== 'equals') {
      token = this.lexer.next();
      if (token.kind === 'end') this.refuse(() => this.found.missingHost(first));
    }
    const value = this.lexer.next();
    if (value.kind === 'end' || value.kind === 'newline' || value.kind === 'equals' || value.kind === 'bad') {
      this.refuse(() => this.found.missingHost(first));
    }
    const { host, user } = this.hostAndUser(value);
    this.found.rankfile(first);
    // Only the machine's own name counts behind `rank`.
    if (openMpiName(host) === 'localhost' && !this.localNames.has(host)) this.localRank ??= value;
    else this.node(host, user, value).given = true;
    for (let rest = value; rest.kind !== 'newline' && rest.kind !== 'end';) rest = this.lexer.next();
  }

  private badCharacter(token: OpenMpiToken): never {
    if (token.text === '\r' && this.text[token.end] === '\n') {
      return this.refuse(() => this.found.crlf(token));
    }
    return this.refuse(() => {
      const lookAlike = lookAlikeOf(token.text);
      if (lookAlike !== undefined) this.found.lookAlike(token, lookAlike);
      else this.found.character(token);
    });
  }

  /** What only the whole file says: names it cannot send to its daemons, and hosts without a slot. */
  private judge(host: OpenMpiHost, own: () => OpenMpiHost): void {
    const reason = host.name === undefined ? openMpiRefusal(host.host) : undefined;
    if (reason !== undefined) this.found.name(host, own, reason);
    else if (host.slots <= 0) this.found.noSlots(own);
    else if (host.name === undefined && isOption(host)) this.found.option(own());
    else if (host.name === undefined && isShortAddress(host)) this.found.shortAddress(own());
    else if (isCut(host)) this.found.cutName(own(), host.written);
  }

  /** What can be said of a host by its name alone. */
  private nameOnly(node: OpenMpiHost): OpenMpiHost['name'] {
    if (openMpiRefusal(node.host) !== undefined || isOption(node) || isShortAddress(node)) return undefined;
    if (!isCut(node)) return 'right';
    // What is cut like an address is said of each.
    return /^[\d.]+$/.test(node.written) ? undefined : 'cut';
  }

  private refuse(report: () => void): never {
    report();
    throw refusal;
  }
}

function isOption({ host, user }: OpenMpiHost): boolean {
  return host.startsWith('-') || user?.startsWith('-') === true;
}

function isShortAddress({ host }: OpenMpiHost): boolean {
  return /^\d+\.[\d.]*$/.test(host) && !ipv4Pattern.test(host);
}

function isCut({ host, written }: OpenMpiHost): boolean {
  return host !== written && host !== 'localhost';
}
