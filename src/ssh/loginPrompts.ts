import type { ParsedKey } from 'ssh2';
import type { SecretQuestion } from './ask';
import { shownName } from './hostKeyRefusal';
import { unlockKeyFile } from './keyFile';
import type { Person } from './person';
import type { ResolvedHost } from './resolved';

/** Where a login stands in a chain of jumps, for the words of a question. */
export type Hop = NonNullable<SecretQuestion['hop']>;

type Wanted = Required<Pick<SecretQuestion, 'kind' | 'prompts' | 'instructions'>>;

/**
 * What one login may ask the person. Questions wait for each other: where another login is being asked about, this
 * one hangs up (a host does not wait for ever) and comes back with a turn of its own.
 */
export class LoginPrompts {
  private endTurn: (() => void) | undefined;
  private asking = false;
  private late = false;
  private surrendered = false;

  constructor(
    private readonly person: Person,
    private readonly host: ResolvedHost,
    private readonly hop: Hop | undefined,
  ) {}

  /** A question is on the screen. */
  get isAsking(): boolean {
    return this.asking;
  }

  /** It had a question and no turn. */
  get mustWait(): boolean {
    return this.late;
  }

  get gaveUp(): boolean {
    return this.surrendered;
  }

  /** @throws Cancelled */
  async waitForTurn(signal: AbortSignal): Promise<void> {
    this.endTurn ??= await this.person.turn(signal);
    this.late = false;
  }

  /** Lets the next login have the person. */
  finish(): void {
    this.endTurn?.();
    this.endTurn = undefined;
  }

  /** Takes the turn where nobody else has it. @returns whether questions can be asked now. @throws Cancelled */
  async begin(signal: AbortSignal): Promise<boolean> {
    this.late = this.endTurn === undefined && !this.person.isFree;
    if (!this.late) await this.waitForTurn(signal);
    return !this.late;
  }

  /** @returns an answer for each prompt; undefined: the login cannot go on (see {@link mustWait}, {@link gaveUp}). */
  async ask(wanted: Wanted, signal: AbortSignal): Promise<string[] | undefined> {
    if (!(await this.begin(signal))) return undefined;
    const { host, hop } = this;
    const { kind, prompts, instructions } = wanted;
    this.asking = true;
    try {
      const answers = await this.person.ask.secret(
        {
          host: shownName(host),
          user: host.user,
          kind,
          title: this.title(kind),
          prompts: prompts.map(({ text, echo }) => ({ text: plain(text), echo })),
          ...(instructions !== '' && { instructions: plain(instructions) }),
          ...(hop !== undefined && { hop }),
        },
        signal,
      );
      if (answers === undefined) this.surrendered = true;
      return answers === undefined ? undefined : prompts.map((_, index) => answers[index] ?? '');
    } finally {
      this.asking = false;
    }
  }

  /**
   * Opens a key file, asking for its passphrase up to `prompts` times.
   * @returns undefined where it stays closed; an empty passphrase leaves the key out, as in OpenSSH.
   */
  async unlock(path: string, signal: AbortSignal): Promise<ParsedKey | undefined> {
    let instructions = '';
    for (let tries = 0; tries < this.host.prompts; tries++) {
      const known = this.person.unlocked.get(path);
      if (known !== undefined) return known;
      const prompts = [{ text: `Passphrase of ${path}`, echo: false }];
      const [passphrase = ''] = (await this.ask({ kind: 'passphrase', prompts, instructions }, signal)) ?? [];
      if (passphrase === '') return undefined;
      const key = await unlockKeyFile(path, passphrase);
      if (key !== 'wrong' && 'reason' in key) return undefined;
      if (key !== 'wrong') {
        this.person.unlocked.set(path, key);
        return key;
      }
      instructions = 'That was not its passphrase. Try again.';
    }
    return undefined;
  }

  private title(kind: SecretQuestion['kind']): string {
    const { host, hop } = this;
    const who = `${host.user}@${shownName(host)}`;
    const what = kind === 'passphrase' ? `Open a key for ${who}` : `Sign in to ${who}`;
    if (hop !== undefined) return `${what} (hop ${hop.number} on the way to ${hop.destination})`;
    return host.jump === undefined ? what : `${what} (through ${host.jump.host})`;
  }
}

/** Text of a host that nobody vouches for: on one line, of a length that can be shown. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 500);
}
