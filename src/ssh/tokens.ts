import { hostname } from 'node:os';
import type { SshEnvironment } from './environment';

/** What the percent tokens of OpenSSH's configuration stand for (TOKENS in ssh_config(5)). */
export interface TokenValues {
  /** `%h`: the name or address that is connected to. */
  hostname: string;
  /** `%n`: the host as the user wrote it. */
  original: string;
  /** `%p` */
  port: number;
  /** `%r`: the login name on the host. */
  user: string;
  /** `%k`: HostKeyAlias, or the host as the user wrote it. */
  hostKeyAlias: string | undefined;
}

/**
 * Expands the tokens that `ssh -G` prints as they stand in the file. Unknown tokens stay as they are: the text is
 * then reported by whoever uses it, as a file that does not exist or a command that fails.
 */
export function expandTokens(text: string, values: TokenValues, environment: SshEnvironment): string {
  const table: Record<string, string> = {
    '%': '%',
    h: values.hostname,
    n: values.original,
    p: String(values.port),
    r: values.user,
    k: values.hostKeyAlias ?? values.original,
    u: environment.user,
    d: environment.home,
    l: hostname(),
    L: hostname().split('.')[0] ?? '',
    i: String(process.getuid?.() ?? ''),
  };
  return text.replace(/%(.)/g, (whole, token: string) => table[token] ?? whole);
}

/** Expands a leading `~` or `~/`, and `${NAME}` from the environment, as OpenSSH does in names of files. */
export function expandPath(path: string, environment: SshEnvironment): string {
  const withHome = path === '~' || /^~[/\\]/.test(path) ? environment.home + path.slice(1) : path;
  return withHome.replace(/\$\{(\w+)\}/g, (whole, name: string) => environment.env[name] ?? whole);
}
