import { BaseAgent, utils } from 'ssh2';
import type { IdentityCallback, ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';
import { keyType } from './knownHosts';

/**
 * A key file that needs its passphrase, as an agent with that one key: the host is first asked whether it takes the
 * key, and only then the person is asked to open it.
 */
export class LockedKey extends BaseAgent<ParsedKey> {
  private asked = false;

  constructor(
    private readonly publicKey: ParsedKey,
    private readonly open: () => Promise<ParsedKey | undefined>,
  ) {
    super();
  }

  /** Whether a host wanted a signature: it accepts the key. */
  get hasSigned(): boolean {
    return this.asked;
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(null, [this.publicKey]);
  }

  override sign(
    _key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback;
    const hash = typeof options === 'function' ? undefined : options.hash;
    this.asked = true;
    this.open().then(
      (key) => {
        const signature = key === undefined ? new Error('the key stays closed') : key.sign(data, hash);
        if (signature instanceof Error) done?.(signature);
        else done?.(null, signature);
      },
      (error: unknown) => done?.(error instanceof Error ? error : new Error(String(error))),
    );
  }
}

/** The public half as ssh2 wants it, or undefined where it cannot use keys of this type. */
export function parsePublicBlob(blob: Buffer): ParsedKey | undefined {
  const key = utils.parseKey(`${keyType(blob)} ${blob.toString('base64')}`);
  return key instanceof Error ? undefined : key;
}
