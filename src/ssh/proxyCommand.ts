import { spawn } from 'node:child_process';
import type { SshEnvironment } from './environment';
import { StreamSocket } from './streamSocket';
import { pause } from './waitFor';

/** A connection made by a command, and what the command said on standard error. */
export interface ProxyProcess {
  socket: StreamSocket;
  /** The end of its standard error, at most 2 KiB, once it has ended (or a moment later), for messages. */
  said: () => Promise<string>;
}

const keptBytes = 2048;
const lastWordsMs = 500;

/**
 * Runs a ProxyCommand of the user's own OpenSSH configuration as OpenSSH does: by their shell, with `exec`, so that
 * closing the connection ends the command itself.
 */
export function startProxy(command: string, environment: SshEnvironment): ProxyProcess {
  const windows = environment.platform === 'win32';
  const child = windows
    ? spawn(command, {
        shell: true,
        windowsHide: true,
        env: environment.env,
        stdio: ['pipe', 'pipe', 'pipe'],
      })
    : spawn(environment.env['SHELL'] ?? '/bin/sh', ['-c', `exec ${command}`], {
        env: environment.env,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
  let said = Buffer.alloc(0);
  child.stderr.on('data', (chunk: Buffer) => (said = Buffer.concat([said, chunk]).subarray(-keptBytes)));
  const socket = new StreamSocket(child.stdout, child.stdin, () =>
    child.kill(windows ? 'SIGTERM' : 'SIGHUP'),
  );
  child.on('error', (error) => socket.destroy(error));
  const over = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    socket,
    said: async () => {
      await Promise.race([over, pause(lastWordsMs, undefined)]);
      return said.toString('utf8').trim();
    },
  };
}
