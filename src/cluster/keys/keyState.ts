import { RankwiseError } from '../../base/errors';
import type { SshTarget } from '../../ssh/target';
import type { OwnedFile } from './ownLines';

/** A host of a cluster whose hosts are to reach each other. */
export interface KeyHost {
  /** As in rows and logs: `[A-Za-z0-9][A-Za-z0-9._-]*`. */
  name: string;
  /** How we reach it. */
  target: SshTarget;
  /** Every name or address under which the other hosts reach it; the first is the one that is proved. */
  peers: readonly string[];
  /** Port under which the other hosts reach it. Default: the one its SSH server answered us on, seen from there. */
  port?: number;
}

/** The hosts and what they have in common. */
export interface KeySetup {
  cluster: string;
  hosts: readonly KeyHost[];
  /** By host name; hosts with the same value share one home directory (see Facts). */
  fileSystems: Readonly<Record<string, string>>;
}

export interface FileState {
  /** Bytes as latin1. */
  text: string;
  mode: number;
}

/** What one host has now. Plain data. */
export interface KeyState {
  host: string;
  fileSystem: string;
  peers: readonly string[];
  port: number;
  /** Login name there. */
  user: string;
  /** `type base64` as verified by our own connection; undefined where there is none. */
  hostKey: string | undefined;
  /** `ssh-keygen` and `ssh` are installed. */
  hasTools: boolean;
  homeMode: number;
  /** Of `~/.ssh`; undefined where it is missing. */
  directoryMode: number | undefined;
  /** `type base64`; undefined where the pair is missing or not whole. */
  publicKey: string | undefined;
  nextPublicKey: string | undefined;
  files: Readonly<Record<OwnedFile, FileState | undefined>>;
}

/** What {@link parseKeyState} reads; the rest is known without asking. */
export type AskedState = Omit<KeyState, 'host' | 'fileSystem' | 'peers' | 'hostKey'>;

/**
 * Parses what readKeys.sh printed.
 * @param output with anything that the login shell printed before it.
 * @throws RankwiseError `keys.unreadable`
 */
export function parseKeyState(output: Buffer, host: string, keyFile: string): AskedState {
  const fail = (what: string): RankwiseError =>
    new RankwiseError('keys.unreadable', `~/.ssh of ${host} cannot be read: ${what}`, {
      host,
      nextStep: 'Look at it in a terminal on that host.',
    });
  const text = output.toString('latin1');
  const head = 'rankwise keys\n';
  const start = text.indexOf(head);
  if (start < 0) throw fail('it did not answer like a POSIX shell');
  const values = new Map<string, string>();
  const files = new Map<string, FileState>();
  let at = start + head.length;
  for (;;) {
    const end = text.indexOf('\n', at);
    if (end < 0) throw fail('the answer is not complete');
    const line = text.slice(at, end);
    at = end + 1;
    if (line === 'end') break;
    const [, name, mode, size] = /^file (\S+) (\S+) (\d+)$/.exec(line) ?? [];
    if (name === undefined || mode === undefined) {
      const equals = line.indexOf('=');
      values.set(line.slice(0, equals), line.slice(equals + 1));
      continue;
    }
    files.set(name, { text: text.slice(at, at + Number(size)), mode: parseMode(mode) });
    at += Number(size) + 1;
    if (text[at - 1] !== '\n') throw fail(`${name} changed while it was read`);
  }
  const unreadable = values.get('unreadable');
  if (unreadable !== undefined) throw fail(`${unreadable} is no file that can be read`);
  const directory = values.get('directory');
  const publicKey = (name: string): string | undefined =>
    values.has(`private ${name}`)
      ? /^ssh-ed25519 [A-Za-z0-9+/]+={0,2}/.exec(files.get(`${name}.pub`)?.text ?? '')?.[0]
      : undefined;
  return {
    user: values.get('user') ?? '',
    port: Number(values.get('port') ?? '') || 22,
    hasTools: values.get('tools') === 'yes',
    homeMode: parseMode(values.get('home') ?? ''),
    directoryMode: directory === undefined ? undefined : parseMode(directory),
    publicKey: publicKey(keyFile),
    nextPublicKey: publicKey(`${keyFile}.next`),
    files: {
      authorized_keys: files.get('authorized_keys'),
      known_hosts: files.get('known_hosts'),
      config: files.get('config'),
    },
  };
}

/** The permission bits of a mode as `ls -l` prints it (`-rw-r--r--`). */
function parseMode(text: string): number {
  return Array.from(text.slice(1, 10)).reduce((mode, char) => mode * 2 + (/[-ST]/.test(char) ? 0 : 1), 0);
}
