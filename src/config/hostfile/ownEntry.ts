import type { HostfileLine } from './ownReader';
import type { HostfileToken } from './ownTokens';
import { lookAlikeOf, shownCharacter } from './lookAlikes';
import type { HostfileFinding } from './reading';
import { addressPattern, userPattern } from '../names';
import { ipv4Pattern } from './openMpiNames';
import { openMpiKeyword } from './openMpiTokens';
import { suggest } from '../suggest';

type Key = 'slots' | 'max-slots' | 'port' | 'username';

/** Most slots a host may have: far beyond any machine, far below what would exhaust this one. */
const maxSlots = 65_536;

/** Reads one entry; with an error there is no line. */
export function readStatement(tokens: readonly HostfileToken[]): {
  line: HostfileLine | undefined;
  findings: HostfileFinding[];
} {
  const reader = new StatementReader(tokens);
  const line = reader.read();
  return { line: reader.findings.length > 0 ? undefined : line, findings: reader.findings };
}

/** The setting that a word means; the spellings are Open MPI's. */
function settingOf(word: string): Key | undefined {
  const keyword = openMpiKeyword(word);
  return keyword === 'keyword' || keyword === 'rank' ? undefined : keyword;
}

class StatementReader {
  readonly findings: HostfileFinding[] = [];
  private readonly values = new Map<Key, string>();
  private next = 0;

  constructor(private readonly tokens: readonly HostfileToken[]) {}

  read(): HostfileLine | undefined {
    const bad = this.tokens.find(({ kind }) => kind === 'bad');
    if (bad !== undefined) {
      const meant = lookAlikeOf(bad.text);
      if (meant === undefined) {
        return this.problem(
          'character',
          `${shownCharacter(bad.text)} cannot stand in a hostfile. Delete it.`,
          bad,
        );
      }
      const next = meant === '' ? 'Delete it.' : `Write ${meant === ' ' ? 'a space' : `\`${meant}\``}.`;
      return this.problem('lookAlike', `${shownCharacter(bad.text)} is not what it looks like. ${next}`, bad);
    }
    const first = this.tokens[this.next++];
    if (first === undefined) return undefined;
    const host = this.host(first);
    if (host === undefined) return undefined;
    while (this.next < this.tokens.length) this.setting();
    this.maxSlotsAtLeastSlots(first);
    const slots = this.values.get('slots') ?? this.values.get('max-slots');
    const port = this.values.get('port');
    return {
      host: host.host,
      user: this.values.get('username') ?? host.user,
      port: port === undefined ? undefined : Number(port),
      slots: slots === undefined ? undefined : Number(slots),
      start: first.start,
      end: first.end,
    };
  }

  private host(token: HostfileToken): { host: string; user: string | undefined } | undefined {
    if (token.kind === 'equals' || this.tokens[this.next]?.kind === 'equals') {
      return this.problem(
        'missingHost',
        'The host is missing. Begin the line with its name: `node1 slots=4`.',
        token,
      );
    }
    if (openMpiKeyword(token.text) !== undefined) {
      const message = `\`${token.text}\` is a keyword of hostfiles, not a host. Begin the line with the host's name.`;
      return this.problem('missingHost', message, token);
    }
    const parts = token.text.split('@');
    const [host, user] =
      parts.length === 1 ? [token.text, undefined] : [parts.slice(1).join('@'), parts[0] ?? ''];
    const colon = /^(.+):(\d+)$/.exec(host);
    if (colon !== null && !addressPattern.test(host)) {
      const [, name = '', number = ''] = colon;
      const message = `A number after a colon is no slot count in a hostfile. Write \`${name} slots=${number}\`, or \`${name} port=${number}\` for a port.`;
      return this.problem('colon', message, token);
    }
    if (/\[\d/.test(host)) {
      const message = `\`${host}\` is not expanded. Write each host on a line of its own.`;
      return this.problem('rangeNotExpanded', message, token);
    }
    if (!addressPattern.test(host) || (user !== undefined && !userPattern.test(user))) {
      const message = `\`${token.text}\` is not a host. Write a name or address of letters, digits, \`.\` and \`-\`, or \`user@host\`.`;
      return this.problem('host', message, token);
    }
    if (/^[\d.]+\.[\d.]*$/.test(host) && !ipv4Pattern.test(host)) {
      return this.problem(
        'address',
        `\`${host}\` is not an IPv4 address. Write four numbers of at most 255.`,
        token,
      );
    }
    return { host, user };
  }

  /** `key=value` or `key = value`. After a misplaced `=` nothing on the line can be told apart. */
  private setting(): void {
    const token = this.tokens[this.next++];
    if (token === undefined) return;
    const [equals, value] = this.tokens.slice(this.next, this.next + 2);
    if (token.kind === 'equals') {
      this.next = this.tokens.length;
      return this.problem('syntax', 'Nothing stands before this `=`. Write `key=value`.', token);
    }
    const key = settingOf(token.text);
    if (equals?.kind !== 'equals') return this.word(token, key);
    this.next += 2;
    if (value?.kind === 'equals') this.next = this.tokens.length;
    if (key === undefined) return this.unknownKey(token);
    if (value?.kind !== 'word') return this.badValue(key, token, { ...token, end: equals.end });
    if (this.values.has(key)) {
      return this.problem('duplicateKey', `\`${token.text}\` is given twice on this line. Keep one.`, token);
    }
    if (!this.valid(key, value.text)) return this.badValue(key, token, value);
    this.values.set(key, value.text);
  }

  private valid(key: Key, value: string): boolean {
    if (key === 'username') return userPattern.test(value);
    const most = key === 'port' ? 65_535 : maxSlots;
    return /^\d{1,10}$/.test(value) && Number(value) >= 1 && Number(value) <= most;
  }

  private badValue(key: Key, token: HostfileToken, at: HostfileToken): void {
    const written = at.start === token.start ? 'nothing' : at.text;
    if (key === 'username') {
      return this.problem(
        'user',
        `\`${token.text}=\` takes a user name, not ${written}. Write \`username=ubuntu\`.`,
        at,
      );
    }
    if (key === 'port') {
      return this.problem(
        'port',
        `\`port=\` takes a number from 1 to 65535, not ${written}. Write \`port=22\`.`,
        at,
      );
    }
    const zero = /^0+$/.test(at.text);
    const next = zero ? 'To leave the host out, put `#` before its line.' : `Write \`${token.text}=4\`.`;
    const message = zero
      ? `A host with 0 slots counts as already filled. ${next}`
      : `\`${token.text}=\` takes a whole number from 1 to ${maxSlots}, not ${written}. ${next}`;
    this.problem('slots', message, at);
  }

  private unknownKey(token: HostfileToken): void {
    const near = suggest(token.text, ['slots', 'max-slots', 'port', 'username']);
    const next =
      near === undefined ? 'Known: slots, max-slots, port, username.' : `Did you mean \`${near}\`?`;
    this.problem('unknownKey', `Unknown key \`${token.text}\`. ${next}`, token);
  }

  /** A word without `=`: Open MPI ignores it in silence, which gives another number of processes than was meant. */
  private word(token: HostfileToken, key: Key | undefined): void {
    if (key !== undefined) {
      this.next = this.tokens.length;
      return this.badValue(key, token, token);
    }
    const count = /^(?:([a-z_-]+):)?(\d+)$/i.exec(token.text);
    const spelled =
      count?.[1] === undefined ? 'slots' : settingOf(count[1]) !== undefined ? count[1] : undefined;
    const next =
      count !== null && spelled !== undefined
        ? `Write \`${spelled}=${count[2] ?? ''}\`.`
        : 'Write `key=value`, or put `#` before a comment.';
    this.problem('ignoredWord', `\`${token.text}\` has no meaning here and would be ignored. ${next}`, token);
  }

  private maxSlotsAtLeastSlots(first: HostfileToken): void {
    const [slots, most] = [this.values.get('slots') ?? '1', this.values.get('max-slots')];
    if (most === undefined || Number(most) >= Number(slots)) return;
    const message = `max-slots (${most}) is less than slots (${slots}). Make it at least as large.`;
    const last = this.tokens.at(-1) ?? first;
    this.problem('maxSlots', message, { ...first, end: last.end });
  }

  private problem(code: string, message: string, { start, end }: { start: number; end: number }): undefined {
    this.findings.push({ code: `hostfile.${code}`, severity: 'error', message, start, end });
  }
}
