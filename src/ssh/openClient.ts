import type { Duplex } from 'node:stream';
import { Client } from 'ssh2';
import type { AnyAuthMethod } from 'ssh2';
import type { Authentication } from './authentication';
import { whenAborted } from '../base/whenAborted';
import { Cancelled } from '../base/errors';
import type { HostKeyVerdict } from './hostKeyVerdict';
import type { HostKeyCheck } from './hostKeys';
import type { ResolvedHost } from './resolved';

/** How one attempt ended. Only `ready` leaves a connection behind. */
export type OpenOutcome =
  | {
      kind: 'ready';
      client: Client;
      /** The key that the host proved and the files vouch for. */ hostKey: Buffer;
    }
  | { kind: 'hostKey'; key: Buffer; verdict: Exclude<HostKeyVerdict, { kind: 'known' }> }
  /** The host was fine and let nobody in. */
  | { kind: 'denied'; cause: Error }
  | { kind: 'failed'; cause: Error; /** The keys were exchanged already. */ greeted: boolean };

/** Logins may ask a slow directory, or wait for a touch on an agent's key. */
const loginTimeoutMs = 45_000;

/**
 * Makes one attempt: connection, host key, login. A host key that is not known ends it before any credential is
 * offered.
 * @param socket a stream to the host, open or being opened; owned from here on. ssh2 leaves a socket of its own
 *   making half open when the other side is silent.
 * @throws Cancelled
 */
export async function openClient(
  host: ResolvedHost,
  socket: Duplex,
  hostKeys: HostKeyCheck,
  authentication: Authentication,
  signal: AbortSignal | undefined,
): Promise<OpenOutcome> {
  if (signal?.aborted === true) {
    socket.destroy();
    throw new Cancelled();
  }
  return new Promise((resolve, reject) => {
    const client = new Client();
    let refused: Extract<OpenOutcome, { kind: 'hostKey' }> | undefined;
    let greeted = false;
    let verified = Buffer.alloc(0);
    let timer = setTimeout(onTimeout, host.connectTimeoutMs);

    const leave = (): void => {
      clearTimeout(timer);
      authentication.end();
      stopListening();
    };
    const settle = (outcome: OpenOutcome): void => {
      leave();
      if (outcome.kind !== 'ready') close();
      resolve(outcome);
    };
    const failed = (cause: Error): void => settle({ kind: 'failed', cause, greeted });
    const close = (): void => {
      client.destroy();
      socket.destroy();
    };
    function onAbort(): void {
      leave();
      close();
      reject(new Cancelled());
    }
    function onTimeout(): void {
      // A person may take their time; how long, the host decides.
      if (authentication.isAsking) {
        timer = setTimeout(onTimeout, loginTimeoutMs);
        return;
      }
      const seconds = (greeted ? loginTimeoutMs : host.connectTimeoutMs) / 1000;
      const what = greeted ? 'the login did not finish' : 'no answer';
      failed(new Error(`${what} within ${seconds} s`));
    }

    const stopListening = whenAborted(signal, onAbort);
    client.on('handshake', () => {
      greeted = true;
      clearTimeout(timer);
      timer = setTimeout(onTimeout, loginTimeoutMs);
    });
    client.on('ready', () => settle({ kind: 'ready', client, hostKey: verified }));
    // The listener stays: an error of a connection in use is its end, and an unheard one would end the process.
    client.on('error', (error) => {
      if (refused !== undefined) settle(refused);
      else if (error.level === 'agent') return;
      else if (error.level === 'client-authentication' || isDenial(error))
        settle({ kind: 'denied', cause: error });
      else failed(error);
    });
    client.on('change password', () =>
      settle({ kind: 'denied', cause: new Error('the password has expired and must be changed by hand') }),
    );
    client.on('close', () => failed(new Error('the host closed the connection')));
    client.connect({
      sock: socket,
      username: host.user,
      readyTimeout: 0,
      keepaliveInterval: host.keepalive.intervalMs,
      keepaliveCountMax: host.keepalive.countMax,
      algorithms: { serverHostKey: hostKeys.algorithms },
      hostVerifier: (key: Buffer) => {
        const verdict = hostKeys.judge(key);
        if (verdict.kind === 'known') {
          verified = Buffer.from(key);
          return true;
        }
        refused = { kind: 'hostKey', key: Buffer.from(key), verdict };
        return false;
      },
      // The types leave out that `next` takes false, as the value that is returned does.
      authHandler: (left, partial, next) =>
        authentication.next(left, partial, (method) => next(method as AnyAuthMethod)),
    });
  });
}

function isDenial(error: Error): boolean {
  return /too many authentication failures/i.test(error.message);
}
