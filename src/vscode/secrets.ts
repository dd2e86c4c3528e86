import type { ConfigModel } from '../config/model';
import { secretKey } from './ids';

/** Where the names of stored secrets are kept: the editor's store does not list what it holds. Names are no secrets. */
const namesKey = 'rankwise.secretNames';

/** The part of VS Code's extension context that is used here. */
interface Stores {
  secrets: {
    get(key: string): PromiseLike<string | undefined>;
    store(key: string, value: string): PromiseLike<void>;
    delete(key: string): PromiseLike<void>;
  };
  globalState: { get(key: string): unknown; update(key: string, value: unknown): PromiseLike<void> };
}

/** `${secret:NAME}` in the editor's store, which keeps values encrypted. */
export class Secrets {
  constructor(private readonly context: Stores) {}

  async get(name: string): Promise<string | undefined> {
    return this.context.secrets.get(secretKey(name));
  }

  async set(name: string, value: string): Promise<void> {
    await this.context.secrets.store(secretKey(name), value);
    await this.context.globalState.update(namesKey, [...new Set([...this.names(), name])].sort());
  }

  async delete(name: string): Promise<void> {
    await this.context.secrets.delete(secretKey(name));
    await this.context.globalState.update(
      namesKey,
      this.names().filter((one) => one !== name),
    );
  }

  /** Names of the secrets that have a value. */
  names(): string[] {
    const names = this.context.globalState.get(namesKey);
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  }
}

/** Which launches and clusters of the config want which secret: users by name. */
export function wantedSecrets(config: ConfigModel | undefined): Map<string, string[]> {
  const wanted = new Map<string, string[]>();
  for (const { name, secrets = [] } of [...(config?.launches ?? []), ...(config?.clusters ?? [])]) {
    for (const { source } of secrets) {
      if (!source.startsWith('secret:')) continue;
      const secret = source.slice('secret:'.length);
      wanted.set(secret, [...(wanted.get(secret) ?? []), name]);
    }
  }
  return wanted;
}
