import { describeError, RankwiseError } from '../base/errors';
import type { Logger } from '../base/logger';
import { hostDirectory } from '../launch/runDirectory';
import type { PlanHost } from '../launch/plan';
import type { Connection, RemoteStream, SshPool, Stay } from '../ssh/connection';
import { FrameParser, type Frame } from './frames';
import type { FreshBytes, HostMirror } from './hostMirror';
import type { Contact } from './model';

/** What a follower tells. All calls come in order; none after dispose. */
export interface FollowListener {
  onContact(contact: Contact): void;
  onBytes(name: string, fresh: FreshBytes): void;
  /** Everything that was on the host when the stream began is here; said again after each new stream. */
  onSynced(): void;
  onHeartbeat(): void;
  onGone(id: string): void;
  /** The host has no directory of this run (any more). */
  onMissing(): void;
}

/** follow.sh beats every 2 s; three missed beats mean the contact is lost, whatever TCP still believes. */
const SILENCE_MS = 7000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
/** Asking again by itself would not help; a person has to act first. */
const NEEDS_PERSON = new Set([
  'ssh.needsPerson',
  'ssh.cancelledLogin',
  'ssh.denied',
  'ssh.hostKeyChanged',
  'ssh.hostKeyRevoked',
  'ssh.hostKeyRejected',
  'ssh.noKey',
]);

/**
 * Mirrors one host's part of a run directory through one channel, for as long as it lives: after any break it goes on
 * at the byte where it stopped. Silence is noticed by missing heartbeats; a new connection is tried beside the old
 * one, which goes on if it speaks first.
 */
export class HostFollower {
  private readonly stopped = new AbortController();
  private wake: (() => void) | undefined;
  private lastHeard: number;
  private contact: Contact = { kind: 'connecting' };
  private readonly way: Stay;
  private isAskedAgain = false;
  private dropStream: (() => void) | undefined;

  constructor(
    ssh: SshPool,
    private readonly run: string,
    private readonly host: PlanHost,
    private readonly mirror: HostMirror,
    private readonly listener: FollowListener,
    private readonly logger: Logger,
  ) {
    this.lastHeard = Date.now();
    this.way = ssh.stay(host.target);
  }

  /** Follows until disposed. Never rejects: what goes wrong is contact. */
  async follow(): Promise<void> {
    this.setContact({ kind: 'connecting' });
    for (let connection = await this.connect(false); connection !== undefined;) {
      const next = await this.followOn(connection);
      connection = next ?? (await this.connect(true));
    }
  }

  /** Tries at once instead of waiting for the next attempt. */
  retry(): void {
    this.wake?.();
  }

  /** Reads by a new stream over the same connection: its {@link FollowListener.onSynced} says that all of this moment is here. */
  readAgain(): void {
    this.isAskedAgain = true;
    this.dropStream?.();
  }

  dispose(): void {
    this.stopped.abort();
    this.wake?.();
    this.way.dispose();
  }

  private mustReadAgain(): boolean {
    return this.isAskedAgain;
  }

  private isStopped(): boolean {
    return this.stopped.signal.aborted;
  }

  private setContact(contact: Contact): void {
    if (this.isStopped() || (contact.kind === this.contact.kind && contact.kind !== 'unreachable')) return;
    this.contact = contact;
    this.listener.onContact(contact);
  }

  /** Connects with growing pauses. Undefined once disposed. */
  private async connect(anew: boolean): Promise<Connection | undefined> {
    for (let pause = FIRST_RETRY_MS; !this.isStopped(); pause = Math.min(pause * 2, LAST_RETRY_MS)) {
      try {
        const { signal } = this.stopped;
        return await (anew ? this.way.reconnect(signal) : this.way.connect(signal));
      } catch (error) {
        if (this.isStopped()) return undefined;
        this.setContact({ kind: 'unreachable', since: this.lastHeard, reason: describeError(error) });
        const needsPerson = error instanceof RankwiseError && NEEDS_PERSON.has(error.code);
        await this.pause(needsPerson ? undefined : pause * (0.75 + Math.random() / 2));
      }
    }
    return undefined;
  }

  private pause(ms: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.isStopped()) this.wake();
    });
  }

  /** Follows over one connection. Resolves with a newer connection where silence has led to one. */
  private async followOn(connection: Connection): Promise<Connection | undefined> {
    let stream: RemoteStream;
    this.isAskedAgain = false;
    try {
      stream = await connection.stream(`exec sh ${hostDirectory(this.run, this.host.name)}/follow.sh`, {
        signal: this.stopped.signal,
      });
    } catch (error) {
      this.setContact({ kind: 'unreachable', since: this.lastHeard, reason: describeError(error) });
      await this.pause(FIRST_RETRY_MS);
      return undefined;
    }
    const positions = this.mirror
      .positions()
      .map(({ name, inode, offset }) => `${name} ${inode} ${offset}\n`);
    stream.stdin.on('error', () => undefined);
    stream.stdin.write(`${positions.join('')}\n`);
    stream.stderr.on('data', (bytes: Buffer) =>
      this.logger.debug(`${this.host.name}: ${bytes.toString('utf8').trim()}`),
    );

    const watch = new SilenceWatch(
      () => Date.now() - this.lastHeard,
      (signal) => {
        this.setContact({ kind: 'unreachable', since: this.lastHeard, reason: 'no answer' });
        return this.way.reconnect(signal);
      },
    );
    const parser = new FrameParser();
    const seen: { failure: string | undefined } = { failure: undefined };
    this.dropStream = () => stream.dispose();
    if (this.mustReadAgain()) stream.dispose();
    stream.stdout.on('data', (chunk: Buffer) => {
      this.lastHeard = Date.now();
      watch.heard();
      if (seen.failure !== undefined || this.mustReadAgain() || this.isStopped()) return;
      try {
        for (const frame of parser.push(chunk)) this.take(frame);
        this.setContact({ kind: 'connected' });
      } catch (error) {
        // Nothing is skipped: the stream starts again from what the cache has.
        seen.failure = describeError(error);
        this.logger.error(`following ${this.host.name} failed`, error);
        stream.dispose();
      }
    });
    const end = await Promise.race([stream.ended, watch.replaced]);
    this.dropStream = undefined;
    watch.dispose();
    if ('exec' in end) {
      stream.dispose();
      return end;
    }
    if (this.isStopped()) return undefined;
    if (this.mustReadAgain() && !end.lost) return connection;
    if (!end.lost && end.code !== undefined && (await this.isMissing(connection))) {
      const reason = 'its run directory is missing: what is printed since then is lost';
      this.setContact({ kind: 'unreachable', since: this.lastHeard, reason });
      this.listener.onMissing();
      await this.pause(LAST_RETRY_MS);
      return undefined;
    }
    this.setContact({
      kind: 'unreachable',
      since: this.lastHeard,
      reason: seen.failure ?? 'the connection was lost',
    });
    await this.pause(seen.failure === undefined ? 0 : FIRST_RETRY_MS);
    return undefined;
  }

  private async isMissing(connection: Connection): Promise<boolean> {
    const found = await connection
      .exec(`test -e ${hostDirectory(this.run, this.host.name)}/follow.sh`)
      .catch(() => undefined);
    return found?.code === 1;
  }

  private take(frame: Frame): void {
    switch (frame.kind) {
      case 'data': {
        const fresh = this.mirror.accept(frame.name, frame.inode, frame.offset, frame.bytes);
        if (fresh !== undefined) this.listener.onBytes(frame.name, fresh);
        return;
      }
      case 'synced':
        this.listener.onSynced();
        return;
      case 'gone':
        this.listener.onGone(frame.id);
        return;
      case 'heartbeat':
        this.listener.onHeartbeat();
    }
  }
}

/** Watches for silence and then tries for another connection until the old one speaks again. */
class SilenceWatch {
  readonly replaced: Promise<Connection>;
  private readonly timer: NodeJS.Timeout;
  private attempt: AbortController | undefined;
  private disposed = false;
  private replace: (connection: Connection) => void = () => undefined;

  constructor(silentForMs: () => number, connect: (signal: AbortSignal) => Promise<Connection>) {
    this.replaced = new Promise((resolve) => (this.replace = resolve));
    this.timer = setInterval(() => {
      if (silentForMs() < SILENCE_MS || this.attempt !== undefined) return;
      const attempt = new AbortController();
      this.attempt = attempt;
      connect(attempt.signal).then(
        (connection) => {
          if (!attempt.signal.aborted && !this.disposed) this.replace(connection);
        },
        () => {
          if (this.attempt === attempt) this.attempt = undefined;
        },
      );
    }, 1000);
  }

  /** The old connection spoke: no other is needed. */
  heard(): void {
    this.attempt?.abort();
    this.attempt = undefined;
  }

  dispose(): void {
    this.disposed = true;
    clearInterval(this.timer);
    this.attempt?.abort();
  }
}
