import { chmod, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readLines } from './lines';
import { controlCommand, type ControlEvent } from './controlMessages';

/** sun_path holds 107 bytes and a NUL (unix(7)); a longer path would be cut short silently. */
const longestSocketPath = 107;

/** The socket that every window holds open while it lives, and by which it asks the cluster to stop. */
export class ControlServer {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(
    readonly path: string,
    private readonly directory: string,
    onStop: () => void,
  ) {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      readLines(socket, (line) => {
        if (controlCommand(line) === 'stop') onStop();
        else socket.destroy();
      });
    });
  }

  /** Listens in `directory`, or in a new directory of mode 700 where that path would be too long for a socket. */
  static async listen(directory: string, onStop: () => void): Promise<ControlServer> {
    const preferred = join(directory, 'control.sock');
    const fits = Buffer.byteLength(preferred) <= longestSocketPath;
    const path = fits ? preferred : join(await mkdtemp(join(tmpdir(), 'rankwise-')), 'control.sock');
    // The caller holds the cluster's lock: a socket that is still there belongs to no process.
    await rm(path, { force: true });
    const control = new ControlServer(path, directory, onStop);
    await new Promise<void>((resolve, reject) => {
      control.server.once('error', reject);
      control.server.listen(path, resolve);
    });
    await chmod(path, 0o600);
    return control;
  }

  /** Number of windows. */
  get windows(): number {
    return this.sockets.size;
  }

  tell(event: ControlEvent): void {
    for (const socket of this.sockets) socket.write(JSON.stringify(event) + '\n');
  }

  /** Closes every connection after what was told has been sent, and removes the socket. */
  async close(): Promise<void> {
    const ended = [...this.sockets].map(
      (socket) => new Promise((resolve) => socket.end(() => resolve(undefined))),
    );
    this.server.close();
    await Promise.all(ended);
    await removeControlSocket(this.path, this.directory);
  }
}

/** Removes the socket of a cluster that is gone, and the directory that was made for it alone. */
export async function removeControlSocket(path: string, directory: string): Promise<void> {
  await rm(path, { force: true });
  if (dirname(path) !== directory) await rmdir(dirname(path)).catch(() => undefined);
}
