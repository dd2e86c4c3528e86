import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

export type HostKeyType = 'ed25519' | 'ecdsa' | 'rsa';

export interface OpenSshOptions {
  /** Host keys of the server. Default: ed25519. */
  hostKeys?: HostKeyType[];
  /** Public keys that may log in. Default: the one made for this server (`clientKey`). */
  authorizedKeys?: string[];
  /** Further lines of sshd_config. */
  config?: string[];
}

/** A real OpenSSH server on loopback, run by and for the current user. */
export interface OpenSsh {
  host: string;
  port: number;
  user: string;
  pid: number;
  /** A directory of its own, gone after `stop`. */
  directory: string;
  /** Private key file that opens it, without a passphrase. */
  clientKey: string;
  /** The public half of it, a line for authorized_keys. */
  publicKey: string;
  /** A known_hosts file that holds its host keys. */
  knownHostsFile: string;
  /** `type base64` of a host key. */
  hostKey(type?: HostKeyType): string;
  /** What sshd printed so far. */
  log(): string;
  /** Ends the server and every login it has open. */
  stop(): Promise<void>;
}

/** Makes a key pair and returns the path of the private key. */
export function makeKey(path: string, type: HostKeyType = 'ed25519', passphrase = ''): string {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', path]);
  return path;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a server; works for root (who alone needs sshd's empty directory) and for anybody else. */
export async function startOpenSsh(options: OpenSshOptions = {}): Promise<OpenSsh> {
  const directory = mkdtempSync(join(tmpdir(), 'rankwise-sshd-'));
  const { username: user, uid } = userInfo();
  if (uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const types = options.hostKeys ?? ['ed25519'];
  const hostKeyFiles = types.map((type) => makeKey(join(directory, `host_${type}`), type));
  const clientKey = makeKey(join(directory, 'client'));
  const publicKey = readFileSync(`${clientKey}.pub`, 'utf8').trim();
  const authorized = options.authorizedKeys ?? [publicKey];
  writeFileSync(join(directory, 'authorized_keys'), authorized.map((key) => `${key}\n`).join(''), {
    mode: 0o600,
  });
  const hostKey = (type: HostKeyType = types[0] ?? 'ed25519'): string =>
    readFileSync(join(directory, `host_${type}.pub`), 'utf8')
      .trim()
      .split(' ')
      .slice(0, 2)
      .join(' ');

  for (let tries = 1; ; tries++) {
    const port = await freePort();
    const config = [
      // The first value of a keyword counts: what a test wants stands before what is usual.
      ...(options.config ?? []),
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...hostKeyFiles.map((file) => `HostKey ${file}`),
      `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
      `PidFile ${join(directory, 'pid')}`,
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PrintMotd no',
    ];
    const configFile = join(directory, 'sshd_config');
    writeFileSync(configFile, `${config.join('\n')}\n`);
    const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', configFile], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    server.stderr.on('data', (chunk: Buffer) => (log += chunk.toString('utf8')));
    const started = await waitForLine(server, () => log, `Server listening on 127.0.0.1 port ${port}`);
    if (!started) server.kill('SIGKILL');
    if (!started && tries < 3 && /Address already in use/.test(log)) continue;
    if (!started) {
      server.kill('SIGKILL');
      throw new Error(`sshd did not start: ${log}`);
    }
    const knownHostsFile = join(directory, 'known_hosts');
    writeFileSync(knownHostsFile, types.map((type) => `[127.0.0.1]:${port} ${hostKey(type)}\n`).join(''));
    const { pid } = server;
    if (pid === undefined) throw new Error('sshd has no process id');
    return {
      host: '127.0.0.1',
      port,
      user,
      pid,
      directory,
      clientKey,
      publicKey,
      knownHostsFile,
      hostKey,
      log: () => log,
      stop: async () => {
        endLogins(pid);
        if (server.exitCode === null && server.signalCode === null) {
          const gone = new Promise((resolve) => server.once('exit', resolve));
          server.kill('SIGKILL');
          await gone;
        }
        rmSync(directory, { recursive: true, force: true });
      },
    };
  }
}

/** Kills the processes of a server that hold its logins, as when a host goes away, and leaves the server listening. */
export function endLogins(serverPid: number): void {
  for (const pid of openLogins(serverPid)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

/** Processes that hold the logins of a server. */
export function openLogins(serverPid: number): number[] {
  try {
    const children = readFileSync(`/proc/${serverPid}/task/${serverPid}/children`, 'utf8');
    return children.trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** False when it ended without it (then all that it printed is in the log) or a minute is over. */
async function waitForLine(child: ChildProcess, log: () => string, line: string): Promise<boolean> {
  const state = { isClosed: false };
  child.once('close', () => (state.isClosed = true));
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    if (log().includes(line)) return true;
    if (state.isClosed) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
