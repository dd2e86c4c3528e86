import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, utils } from 'ssh2';
import type { AuthContext, AuthenticationType, Connection, KeyboardAuthContext, Prompt } from 'ssh2';
import { makeKey } from '../../support/openSsh';

type Factor = Extract<AuthenticationType, 'publickey' | 'password' | 'keyboard-interactive'>;

export interface PasswordServerOptions {
  /** All of them are wanted, one after the other. Default: a password. */
  factors?: Factor[];
  /** Public key line that is accepted. */
  publicKey?: string;
  /** Rounds of `keyboard-interactive`, with the answers that are right. */
  rounds?: { name: string; instructions: string; prompts: Prompt[]; answers: string[] }[];
  /** Failed tries after which the server hangs up, as MaxAuthTries does. */
  maxTries?: number;
}

/** An SSH server with passwords of its own, which no account of the machine has. Runs no commands but answers each. */
export interface PasswordServer {
  port: number;
  hostKey: string;
  /** Methods that clients tried, in order; passwords with what was sent. */
  seen: string[];
  hangUp(): void;
  stop(): Promise<void>;
}

export const rightPassword = 'correct horse';

export async function startPasswordServer(options: PasswordServerOptions = {}): Promise<PasswordServer> {
  const { factors = ['password'], maxTries = 6, rounds = [] } = options;
  const directory = mkdtempSync(join(tmpdir(), 'rankwise-passwords-'));
  const keyFile = makeKey(join(directory, 'host'));
  const clients = new Set<Connection>();
  const seen: string[] = [];
  const authenticate = (client: Connection): void => {
    let done = 0;
    let failed = 0;
    const settle = (context: AuthContext, right: boolean): void => {
      if (right && ++done === factors.length) return context.accept();
      if (!right && context.method !== 'none' && ++failed >= maxTries) {
        // As OpenSSH words it; ssh2's server cannot send a reason of its own.
        client.end();
        return;
      }
      context.reject(factors.slice(done, done + 1), right);
    };
    client.on('authentication', (context) => {
      const wanted = factors[done];
      seen.push(context.method === 'password' ? `password ${context.password}` : context.method);
      if (context.method !== wanted) return settle(context, false);
      if (context.method === 'password') return settle(context, context.password === rightPassword);
      if (context.method === 'publickey') {
        const allowed = utils.parseKey(options.publicKey ?? '');
        const right = !(allowed instanceof Error) && allowed.getPublicSSH().equals(context.key.data);
        if (!right || context.signature !== undefined) return settle(context, right);
        return context.accept();
      }
      ask(context, settle);
    });
  };
  const ask = (
    context: KeyboardAuthContext,
    settle: (context: AuthContext, right: boolean) => void,
  ): void => {
    const next = (index: number, right: boolean): void => {
      const round = rounds[index];
      if (round === undefined) return settle(context, right);
      context.prompt(round.prompts, round.name, round.instructions, (answers) =>
        next(index + 1, right && answers.join('\n') === round.answers.join('\n')),
      );
    };
    next(0, true);
  };
  const result: PasswordServer = {
    port: 0,
    hostKey: readFileSync(`${keyFile}.pub`, 'utf8').trim().split(' ').slice(0, 2).join(' '),
    seen,
    hangUp: () => {
      for (const client of clients) client.end();
    },
    stop: async () => {
      for (const client of clients) client.end();
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
  const server = new Server({ hostKeys: [readFileSync(keyFile)] }, (client) => {
    clients.add(client);
    client.on('error', () => undefined);
    client.on('close', () => clients.delete(client));
    authenticate(client);
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec) => {
        const channel = acceptExec();
        channel.exit(0);
        channel.end('in\n');
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  result.port = (server.address() as AddressInfo).port;
  return result;
}

/** Makes the host keys of servers known. */
export function knowServers(knownHosts: string, ...servers: PasswordServer[]): void {
  writeFileSync(knownHosts, servers.map(({ port, hostKey }) => `[127.0.0.1]:${port} ${hostKey}\n`).join(''));
}
