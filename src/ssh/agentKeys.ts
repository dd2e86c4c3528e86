import { BaseAgent, createAgent } from 'ssh2';
import type { IdentityCallback, ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';

/**
 * An agent that answered, with the keys it may offer, in the order they are offered. Keys that ssh2 cannot use
 * (`sk-…`, certificates) are not among them.
 */
export class AgentKeys extends BaseAgent<ParsedKey> {
  private asked = false;

  constructor(
    private readonly agent: BaseAgent,
    readonly keys: readonly ParsedKey[],
  ) {
    super();
  }

  /** The same agent with one key alone, which has signed nothing yet. */
  only(key: ParsedKey): AgentKeys {
    return new AgentKeys(this.agent, [key]);
  }

  /** Whether a host wanted a signature: it accepts the key. */
  get hasSigned(): boolean {
    return this.asked;
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(null, [...this.keys]);
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    this.asked = true;
    if (typeof options === 'function') this.agent.sign(key, data, options);
    else this.agent.sign(key, data, options, callback);
  }
}

/**
 * Asks an agent for its keys.
 * @param socket path of a socket or pipe
 * @throws Error where no agent answers.
 */
export function openAgent(socket: string): Promise<AgentKeys> {
  return new Promise((resolve, reject) => {
    const agent = createAgent(socket);
    agent.getIdentities((error, keys) => {
      if (error) reject(error);
      else resolve(new AgentKeys(agent, (keys ?? []).filter(isParsedKey)));
    });
  });
}

function isParsedKey(key: unknown): key is ParsedKey {
  return typeof key === 'object' && key !== null && 'getPublicSSH' in key;
}
