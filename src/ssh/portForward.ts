import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from '../base/logger';
import type { Forward } from './connection';

/** Makes a connection from the host to the place that is forwarded. May throw instead of calling `done`. */
type OpenFarEnd = (originPort: number, done: (error: Error | undefined, channel: Duplex) => void) => void;

/**
 * Listens on a free port of 127.0.0.1; each connection comes out at the far end as one to `remoteHost:remotePort`,
 * made by `open`.
 */
export async function openForward(
  open: OpenFarEnd,
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
      open(socket.remotePort ?? 0, (error, channel) => {
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
