import type { AnyAuthMethod, AuthenticationType } from 'ssh2';
import { RankwiseError } from '../base/errors';
import type { Credentials } from './credentials';
import type { ResolvedHost } from './resolved';

/** Offers credentials one after the other and remembers what the host said, to explain a failure. */
export class Authentication {
  private readonly tried: string[] = [];
  private left: readonly AuthenticationType[] = [];
  private partial = false;
  private index = -1;

  constructor(
    private readonly host: ResolvedHost,
    private readonly credentials: Credentials,
  ) {}

  /** The next method for ssh2's `authHandler`; false when nothing is left that needs no person. */
  next(left: readonly AuthenticationType[] | null, partial: boolean | null): AnyAuthMethod | false {
    if (left === null) return { type: 'none', username: this.host.user };
    this.left = left;
    if (partial === true) this.partial = true;
    this.index++;
    const offer = this.credentials.offers[this.index];
    if (offer === undefined || !left.includes('publickey')) return false;
    this.tried.push(offer.label);
    return offer.method;
  }

  /** Why the login failed and what to do about it. */
  failure(cause: Error): RankwiseError {
    const { host } = this;
    const who = `${host.user}@${host.name}`;
    if (/too many authentication failures/i.test(cause.message)) {
      return new RankwiseError('ssh.noKey', `${who} broke off after too many keys (${this.offered()})`, {
        host: host.name,
        nextStep:
          'Name the right key with `identityFile`, or set IdentitiesOnly in the OpenSSH configuration.',
        cause,
      });
    }
    if (this.partial) {
      return needsPerson(
        host,
        `${who} took a key and asks for more (${this.left.join(', ')}): a second factor`,
        {
          nextStep:
            'Signing in with a second factor is not supported yet; use an account that a key alone opens.',
          cause,
        },
      );
    }
    const [locked] = this.credentials.locked;
    if (locked !== undefined && this.left.includes('publickey')) {
      return needsPerson(
        host,
        `${who} was not reached with ${this.offered()}, and ${locked} needs its passphrase`,
        {
          nextStep: `Open the key once with \`ssh-add ${locked}\` and connect again.`,
          cause,
        },
      );
    }
    const byHand = this.left.filter((method) => method === 'password' || method === 'keyboard-interactive');
    if (byHand.length > 0) {
      return needsPerson(
        host,
        `${who} accepts ${this.nothing()} and would ask for a password (${byHand.join(', ')})`,
        {
          nextStep: `Passwords are not supported yet: put your key on the host with \`${this.copyId()}\`.`,
          cause,
        },
      );
    }
    const methods = this.left.length > 0 ? ` (it takes ${this.left.join(', ')})` : '';
    return new RankwiseError('ssh.noKey', `${who} accepts ${this.nothing()}${methods}`, {
      host: host.name,
      nextStep:
        'Name a key that opens this account with `identityFile`, or add it to the agent with `ssh-add`.',
      cause,
    });
  }

  private offered(): string {
    return this.tried.length === 0 ? 'no key' : this.tried.join(', ');
  }

  private nothing(): string {
    return this.tried.length === 0
      ? 'no login without a key, and none was found'
      : `none of the keys (${this.offered()})`;
  }

  private copyId(): string {
    const { host } = this;
    return `ssh-copy-id ${host.port === 22 ? '' : `-p ${host.port} `}${host.user}@${host.name}`;
  }
}

function needsPerson(
  host: ResolvedHost,
  message: string,
  details: { nextStep: string; cause: Error },
): RankwiseError {
  return new RankwiseError('ssh.needsPerson', message, { host: host.name, ...details });
}
