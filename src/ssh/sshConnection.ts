import type { Client, ClientChannel } from 'ssh2';
import { whenAborted } from '../base/whenAborted';
import { DisposableStore } from '../base/disposable';
import { Emitter } from '../base/emitter';
import { Cancelled, RankwiseError } from '../base/errors';
import type { Logger } from '../base/logger';
import type { Connection, ExecOptions, ExecResult, Forward, RemoteShell, RemoteStream } from './connection';
import { openForward } from './portForward';
import { RemoteChannel } from './remoteChannel';
import { connectionLost, runCommand } from './runCommand';
import { Slots } from './slots';
import { waitFor } from './waitFor';

/** OpenSSH allows 10 sessions (MaxSessions); two stay free for whoever shares the connection's server process. */
const channelBudget = 8;
/** Streams and shells stay for long; commands that come and go always find room beside them. */
const longLivedBudget = 6;

/** With so many channels held by commands that were given up, the next ones deserve a connection of their own. */
const abandonedIsClogged = 4;

type Opener = (client: Client, done: (error: Error | undefined, channel: ClientChannel) => void) => void;

/** A {@link Connection} on an ssh2 client that has logged in. */
export class SshConnection implements Connection {
  private readonly slots = new Slots(channelBudget, longLivedBudget);
  private readonly channels = new Set<RemoteChannel>();
  private readonly forwards = new DisposableStore();
  private readonly closed = new Emitter<{ reason: string }>();
  /** Forwards and tunnels in use; they take no session of the server. */
  private holds = 0;
  private retiring = false;
  private closedFor: string | undefined;
  readonly onClosed = this.closed.event;

  constructor(
    readonly host: string,
    readonly hostKey: Buffer,
    private readonly client: Client,
    private readonly logger: Logger,
  ) {
    let reason = 'the host closed the connection';
    client.on('error', (error) => (reason = error.message));
    client.on('close', () => this.finish(reason));
  }

  get isClosed(): boolean {
    return this.closedFor !== undefined;
  }

  /** Commands that were cancelled and run on hold many of its channels: another connection serves better. */
  get isClogged(): boolean {
    return [...this.channels].filter((channel) => channel.isAbandoned).length >= abandonedIsClogged;
  }

  async exec(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    const channel = await this.open((client, done) => client.exec(command, done), 'short', options.signal);
    return runCommand(this.host, channel, options);
  }

  async stream(command: string, options: { signal?: AbortSignal } = {}): Promise<RemoteStream> {
    const { signal } = options;
    const channel = await this.open((client, done) => client.exec(command, done), 'long', signal);
    void channel.ended.then(whenAborted(signal, () => channel.dispose()));
    return channel;
  }

  shell(size: { columns: number; rows: number }, command?: string): Promise<RemoteShell> {
    const pty = { cols: size.columns, rows: size.rows, term: 'xterm-256color' };
    return this.open(
      (client, done) =>
        command === undefined ? client.shell(pty, done) : client.exec(command, { pty }, done),
      'long',
      undefined,
    );
  }

  async forward(remoteHost: string, remotePort: number): Promise<Forward> {
    this.throwIfClosed();
    const forward = await openForward(
      (originPort, done) =>
        this.client.forwardOut('127.0.0.1', originPort, remoteHost, remotePort, (error, channel) =>
          done(error, channel),
        ),
      this.host,
      remoteHost,
      remotePort,
      this.logger,
    );
    const letGo = this.hold();
    return this.forwards.add({
      localPort: forward.localPort,
      dispose: () => {
        forward.dispose();
        letGo();
      },
    });
  }

  /** A connection from the host to another place, for a jump. @throws Error with the server's reason; Cancelled. */
  async tunnel(hostname: string, port: number, signal?: AbortSignal): Promise<ClientChannel> {
    this.throwIfClosed();
    const opened = new Promise<ClientChannel>((resolve, reject) => {
      this.client.forwardOut('127.0.0.1', 0, hostname, port, (error, channel) => {
        if (error !== undefined) return reject(error);
        if (signal?.aborted === true) channel.destroy();
        resolve(channel);
      });
    });
    const channel = await waitFor(opened, signal);
    channel.once('close', this.hold());
    return channel;
  }

  /** Keeps a retired connection open until the result is called. */
  private hold(): () => void {
    let held = true;
    this.holds++;
    return () => {
      if (held) this.holds--;
      held = false;
      this.leaveIfIdle();
    };
  }

  /** Ends it once nothing uses it any more: another connection has taken its place. */
  retire(): void {
    this.retiring = true;
    this.leaveIfIdle();
  }

  close(reason: string): void {
    this.client.destroy();
    this.finish(reason);
  }

  private leaveIfIdle(): void {
    if (this.retiring && this.slots.inUse === 0 && this.slots.waiting === 0 && this.holds === 0) {
      this.close('another connection took its place');
    }
  }

  private finish(reason: string): void {
    if (this.closedFor !== undefined) return;
    this.closedFor = reason;
    for (const channel of this.channels) channel.lose();
    this.forwards.dispose();
    this.closed.fire({ reason });
  }

  private throwIfClosed(): void {
    if (this.closedFor !== undefined) throw connectionLost(this.host, new Error(this.closedFor));
  }

  /** Takes a slot and opens a channel; where the server allows fewer, the budget shrinks and the channel waits. */
  private async open(opener: Opener, stay: 'short' | 'long', signal?: AbortSignal): Promise<RemoteChannel> {
    for (;;) {
      this.throwIfClosed();
      if (stay === 'long' && this.slots.longFull) {
        this.logger.warn(
          `${this.host}: ${longLivedBudget} streams and terminals are open; one more waits for its turn`,
        );
      }
      if (this.isClogged) {
        this.logger.warn(
          `${this.host}: cancelled commands still run there and hold channels; connect anew to get free ones`,
        );
      }
      const release = await this.slots.acquire(signal, stay);
      const opening = this.openRaw(opener).then((raw) => this.track(raw, release));
      opening.then(
        (channel) => signal?.aborted === true && channel.dispose(),
        () => release(),
      );
      try {
        return await waitFor(opening, signal);
      } catch (error) {
        if (!isOpenFailure(error) || this.slots.inUse === 0) throw this.explain(error);
        this.slots.shrink();
        this.logger.info(
          `${this.host} takes no more than ${this.slots.inUse} channels at once; the others wait`,
        );
      }
    }
  }

  private openRaw(opener: Opener): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.throwIfClosed();
      opener(this.client, (error, channel) => (error === undefined ? resolve(channel) : reject(error)));
    });
  }

  private track(raw: ClientChannel, release: () => void): RemoteChannel {
    const channel = new RemoteChannel(raw);
    this.channels.add(channel);
    void channel.ended.then(() => {
      this.channels.delete(channel);
      release();
      this.leaveIfIdle();
    });
    return channel;
  }

  private explain(error: unknown): unknown {
    if (error instanceof Cancelled || error instanceof RankwiseError) return error;
    if (this.isClosed || !(error instanceof Error) || error.message === 'Not connected') {
      return connectionLost(this.host, error);
    }
    return new RankwiseError('ssh.channelRefused', `${this.host} does not run a command: ${error.message}`, {
      host: this.host,
      nextStep: 'Look at MaxSessions, ForceCommand and the login shell of the account there.',
      cause: error,
    });
  }
}

/** The server's answer when it has as many sessions as it allows (MaxSessions). */
function isOpenFailure(error: unknown): boolean {
  return error instanceof Error && error.message.includes('Channel open failure');
}
