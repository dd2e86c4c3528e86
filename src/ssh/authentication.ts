import type { AnyAuthMethod, AuthenticationType } from 'ssh2';
import type { Credential } from './credentials';
import { LockedKey, parsePublicBlob } from './lockedKey';
import type { LoginPrompts } from './loginPrompts';
import type { LoginMethod, ResolvedHost } from './resolved';

type NextMethod = (method: AnyAuthMethod | false) => void;

/** How far a login came, to explain a failure. */
export interface LoginRecord {
  /** What was offered, in order. */
  tried: Credential[];
  /** The methods that the host still takes. */
  left: readonly AuthenticationType[];
  /** One factor was accepted and the host wants another. */
  partial: boolean;
  /** Answers of a person that the host did not accept. */
  refusedAnswers: number;
  /** The host hung up while a question was on the screen. */
  interrupted: boolean;
}

/**
 * Chooses what to offer next, as OpenSSH does: the first method of the configured order that the host takes; keys one
 * after the other, passwords and questions as often as the configuration says. Answers live as long as the attempt.
 */
export class Authentication {
  readonly record: LoginRecord = {
    tried: [],
    left: [],
    partial: false,
    refusedAnswers: 0,
    interrupted: false,
  };
  private readonly over = new AbortController();
  private keyIndex = 0;
  private readonly asked = { 'keyboard-interactive': 0, password: 0 };
  /** What the host answers to next came from a person. */
  private byHand = false;
  /** The key of an agent that is being tried: what ssh2 tells after it is older than the host's answer to it. */
  private signer: { readonly hasSigned: boolean } | undefined;

  /** @param prompts absent where nobody is to be asked. */
  constructor(
    private readonly host: ResolvedHost,
    private readonly credentials: readonly Credential[],
    private readonly prompts: LoginPrompts | undefined,
  ) {}

  /** The host waits for a person: it is not silent. */
  get isAsking(): boolean {
    return this.prompts?.isAsking === true;
  }

  /** The connection is gone or ready: an open question is taken back. */
  end(): void {
    if (this.over.signal.aborted) return;
    this.record.interrupted = this.isAsking;
    this.over.abort();
  }

  /** For ssh2's `authHandler`. Answers by `go`; false: nothing is left to offer. */
  next(left: readonly AuthenticationType[] | null, partial: boolean | null, go: NextMethod): void {
    if (left === null) return go({ type: 'none', username: this.host.user });
    const { signer } = this;
    this.signer = undefined;
    // To a request for nothing the host repeats what it wants.
    if (signer?.hasSigned === true) return go({ type: 'none', username: this.host.user });
    if (signer === undefined) this.hear(left, partial === true);
    this.choose(go)
      .catch(() => false as const)
      .then((method) => {
        if (!this.over.signal.aborted) go(method);
      })
      // What ssh2 throws on a connection that is gone is told by its own events.
      .catch(() => undefined);
  }

  private hear(left: readonly AuthenticationType[], partial: boolean): void {
    const before = this.record.left.join();
    this.record.left = left;
    // ssh2 does not always tell of a factor that was accepted; the list of what is left then changes.
    if (partial || (before !== '' && before !== left.join())) {
      this.record.partial = true;
      this.keyIndex = 0;
    } else if (this.byHand) {
      this.record.refusedAnswers++;
    }
    this.byHand = false;
  }

  private async choose(go: NextMethod): Promise<AnyAuthMethod | false> {
    for (const method of this.host.methods) {
      if (!this.record.left.includes(method) || this.prompts?.gaveUp === true) continue;
      const chosen = method === 'publickey' ? await this.nextKey() : await this.nextByHand(method, go);
      if (chosen !== undefined) return chosen;
    }
    return false;
  }

  private async nextKey(): Promise<AnyAuthMethod | undefined> {
    const username = this.host.user;
    for (
      let credential = this.credentials[this.keyIndex++];
      credential !== undefined;
      credential = this.credentials[this.keyIndex++]
    ) {
      if (credential.kind !== 'locked') {
        this.record.tried.push(credential);
        if (credential.kind === 'file') return { type: 'publickey', username, key: credential.key };
        const agent = credential.agent.only(credential.key);
        this.signer = agent;
        return { type: 'agent', username, agent };
      }
      const { path, publicKey } = credential;
      const { prompts } = this;
      if (prompts === undefined) continue;
      const open = () => prompts.unlock(path, this.over.signal);
      const known = publicKey === undefined ? undefined : parsePublicBlob(publicKey);
      if (known !== undefined) {
        this.record.tried.push(credential);
        const agent = new LockedKey(known, open);
        this.signer = agent;
        return { type: 'agent', username, agent };
      }
      const key = await open();
      if (prompts.gaveUp || prompts.mustWait) return undefined;
      if (key === undefined) continue;
      this.record.tried.push(credential);
      return { type: 'publickey', username, key };
    }
    return undefined;
  }

  private async nextByHand(
    method: Exclude<LoginMethod, 'publickey'>,
    go: NextMethod,
  ): Promise<AnyAuthMethod | undefined> {
    const { prompts } = this;
    const { signal } = this.over;
    const username = this.host.user;
    if (prompts === undefined || this.asked[method] >= this.host.prompts) return undefined;
    if (!(await prompts.begin(signal))) return undefined;
    const instructions = this.asked[method]++ > 0 ? 'That was not accepted. Try again.' : '';
    this.byHand = true;
    if (method === 'password') {
      const wanted = [{ text: 'Password', echo: false }];
      const [password] =
        (await prompts.ask({ kind: 'password', instructions, prompts: wanted }, signal)) ?? [];
      return password === undefined ? undefined : { type: method, username, password };
    }
    return {
      type: method,
      username,
      prompt: (name, said, _language, questions, finish) => {
        const wanted = questions.map(({ prompt, echo }) => ({ text: prompt, echo: echo === true }));
        const words = [instructions, name, said].filter((text) => text !== '').join(' ');
        prompts
          .ask({ kind: 'keyboardInteractive', instructions: words, prompts: wanted }, signal)
          .catch(() => undefined)
          .then((answers) => {
            if (signal.aborted) return;
            if (answers === undefined) go(false);
            else finish(answers);
          })
          .catch(() => undefined);
      },
    };
  }
}
