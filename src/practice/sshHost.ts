import { timingSafeEqual } from 'node:crypto';
import { connect, createServer, type AddressInfo } from 'node:net';
import {
  Server,
  utils,
  type AuthContext,
  type Connection,
  type ParsedKey,
  type TcpipRequestInfo,
} from 'ssh2';
import type { ServerChannel } from 'ssh2';
import { Emitter } from '../base/emitter';
import type { Logger } from '../base/logger';
import type { HostHome } from './hostHome';
import { serveSession } from './hostSession';

/** As OpenSSH's LoginGraceTime, shorter: nobody types a password here. */
const loginGraceMs = 30_000;

export interface SshHostOptions {
  host: HostHome;
  user: string;
  /** Private host key. */
  hostKey: string;
  /** The one public key that is let in. */
  clientKey: string;
  logger: Logger;
  /** False while the cluster is stopping: then nothing new may start. */
  accepting: () => boolean;
}

/** One SSH server on loopback. */
export class SshHost {
  private readonly ssh: Server;
  /** Our own, as OpenSSH does without delay too: else the small packets of a command wait for each other's acknowledgement. */
  private readonly server = createServer({ noDelay: true }, (socket) => this.ssh.injectSocket(socket));
  private readonly connections = new Set<Connection>();

  constructor(private readonly options: SshHostOptions) {
    const clientKey = utils.parseKey(options.clientKey);
    if (clientKey instanceof Error) throw clientKey;
    this.ssh = new Server({ hostKeys: [options.hostKey] }, (connection) => this.serve(connection, clientKey));
  }

  /** Resolves with the port, which the system chooses. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** Closes the port and every connection; processes are not touched. */
  close(): void {
    this.server.close();
    for (const connection of this.connections) connection.end();
  }

  private serve(connection: Connection, clientKey: ParsedKey): void {
    const { host, logger } = this.options;
    this.connections.add(connection);
    // One listener of ssh2 for all sessions, of which a connection may have many.
    const closed = new Emitter<void>();
    const grace = setTimeout(() => connection.end(), loginGraceMs);
    connection.on('close', () => {
      clearTimeout(grace);
      this.connections.delete(connection);
      closed.fire();
    });
    connection.on('error', (error) => logger.debug(`${host.name}: connection: ${error.message}`));
    connection.on('authentication', (context) => {
      if (context.username === this.options.user && isClient(context, clientKey)) context.accept();
      else context.reject(['publickey']);
    });
    connection.on('ready', () => {
      clearTimeout(grace);
      connection.on('session', (accept, reject) => {
        if (this.options.accepting()) serveSession(accept(), closed.event, host);
        else reject();
      });
      connection.on('tcpip', (accept, reject, info) => {
        if (isLoopback(info.destIP)) forward(accept, reject, info);
        else reject();
      });
    });
  }
}

/** The first request asks whether the key would do, the second proves that the client has it. */
function isClient(context: AuthContext, key: ParsedKey): boolean {
  if (context.method !== 'publickey') return false;
  const expected = key.getPublicSSH();
  const offered = context.key.data;
  if (offered.length !== expected.length || !timingSafeEqual(offered, expected)) return false;
  if (context.signature === undefined) return true;
  if (context.blob === undefined) return false;
  // Against its types, verify gives an Error (which is truthy) for a signature that it cannot read.
  const verdict: unknown = key.verify(context.blob, context.signature, context.hashAlgo);
  return verdict === true;
}

function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

function forward(accept: () => ServerChannel, reject: () => void, info: TcpipRequestInfo): void {
  const socket = connect({ host: info.destIP, port: info.destPort });
  socket.once('error', reject);
  socket.once('connect', () => {
    socket.off('error', reject);
    const channel = accept();
    socket.on('error', () => channel.close());
    channel.on('error', () => socket.destroy());
    channel.on('close', () => socket.destroy());
    channel.pipe(socket).pipe(channel);
  });
}
