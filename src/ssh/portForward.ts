import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Client } from 'ssh2';
import type { Logger } from '../base/logger';
import type { Forward } from './connection';

/**
 * Listens on a free port of 127.0.0.1; each connection comes out at the far end as one to `remoteHost:remotePort`,
 * made by the SSH server.
 */
export async function openForward(
  client: Client,
  host: string,
  remoteHost: string,
  remotePort: number,
  logger: Logger,
): Promise<Forward> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const give = (error: unknown): void => {
      logger.warn(`${host}: no connection to ${remoteHost}:${remotePort} from there: ${String(error)}`);
      socket.destroy();
    };
    try {
      client.forwardOut('127.0.0.1', socket.remotePort ?? 0, remoteHost, remotePort, (error, channel) => {
        if (error !== undefined) return give(error);
        channel.on('error', () => socket.destroy());
        channel.on('close', () => socket.end());
        socket.on('close', () => channel.destroy());
        socket.pipe(channel).pipe(socket);
      });
    } catch (error) {
      give(error);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    localPort: (server.address() as AddressInfo).port,
    dispose: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
