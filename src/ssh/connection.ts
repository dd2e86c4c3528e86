import type { Readable, Writable } from 'node:stream';
import type { Disposable } from '../base/disposable';
import type { Event } from '../base/emitter';
import type { HostLook } from './lookUpHost';
import type { SshTarget } from './target';

export interface ExecResult {
  /** Exit status, or undefined when a signal ended the command. */
  code: number | undefined;
  signal: string | undefined;
  stdout: Buffer;
  stderr: Buffer;
}

export interface ExecOptions {
  /** Written to standard input, which is then closed. */
  stdin?: string | Buffer | Readable;
  /**
   * Aborting closes the channel; the remote process may go on (see runs/ for what must be stopped by proof), and its
   * channel counts until it ends.
   */
  signal?: AbortSignal;
  /** Most bytes kept of each output stream; more is an error. Default 8 MiB. */
  maxOutputBytes?: number;
}

/** A running remote command with its streams. */
export interface RemoteStream extends Disposable {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves once, however the channel ended; `lost` when the connection went away first. */
  readonly ended: Promise<{ code: number | undefined; signal: string | undefined; lost: boolean }>;
}

/** A listener on this machine whose connections come out at the far end. */
export interface Forward extends Disposable {
  readonly localPort: number;
}

/** One authenticated connection to one host. Channels are budgeted (8 at once) and queued beyond that. */
export interface Connection {
  readonly host: string;
  /**
   * The public key that the host proved, as the protocol has it, verified against known_hosts. Undefined for this
   * machine itself, which is reached without SSH.
   */
  readonly hostKey: Buffer | undefined;
  /**
   * Runs a command line (already quoted, see quote.ts) by the remote user's shell and collects its output.
   * @throws RankwiseError `ssh.connectionLost`, `ssh.outputTooLong`, `ssh.channelRefused`; Cancelled.
   */
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  /** Starts a command and hands out its streams; takes one channel until it ends. */
  stream(command: string, options?: { signal?: AbortSignal }): Promise<RemoteStream>;
  /** An interactive shell with a terminal, for "Open Terminal on Host". */
  shell(size: { columns: number; rows: number }, command?: string): Promise<RemoteShell>;
  forward(remoteHost: string, remotePort: number): Promise<Forward>;
  readonly onClosed: Event<{ reason: string }>;
}

export interface RemoteShell extends RemoteStream {
  resize(size: { columns: number; rows: number }): void;
}

export interface ConnectOptions {
  /**
   * A person asked for this connect and is there to answer for passwords, passphrases and second factors, also of
   * the jumps on the way. Default: nobody is asked, and `ssh.needsPerson` says so.
   */
  interactive?: boolean;
}

/**
 * Connections by target: asked twice, connected once. Connects at most 8 at a time to one first hop and retries
 * `Connection lost before handshake` with jitter.
 */
export interface SshPool extends Disposable {
  /**
   * @throws RankwiseError with the host and the next step: `ssh.refused`, `ssh.unreachable`, `ssh.hostKeyChanged`,
   * `ssh.hostKeyRejected`, `ssh.hostKeyRevoked`, `ssh.needsPerson` (password, passphrase or 2FA), `ssh.noKey`,
   * `ssh.unresolved`, `ssh.localUnsupported`; with `interactive` also `ssh.cancelledLogin` (the person gave up) and
   * `ssh.denied` (what was typed was not accepted); Cancelled.
   */
  connect(target: SshTarget, signal?: AbortSignal, options?: ConnectOptions): Promise<Connection>;
  /**
   * A new connection beside the pooled one, which it replaces when it succeeds (a silent link is found this way). It
   * never asks for a secret and keeps none: where one is wanted it fails with `ssh.needsPerson`.
   */
  reconnect(target: SshTarget, signal?: AbortSignal): Promise<Connection>;
  /**
   * How a host would be reached, by OpenSSH's configuration and the name service; nothing is connected to.
   * @throws RankwiseError `ssh.unresolved` for a configuration that cannot be read; Cancelled.
   */
  lookUp(target: SshTarget, signal?: AbortSignal): Promise<HostLook>;
  /** A way to a host for something that stays there, such as a follower. As many as their channels allow share one connection. */
  stay(target: SshTarget): Stay;
}

/** One that stays at a host: the same as the pool's, on the connection where its channel has room. */
export interface Stay extends Disposable {
  connect(signal?: AbortSignal): Promise<Connection>;
  reconnect(signal?: AbortSignal): Promise<Connection>;
}
