import { Cancelled, RankwiseError, throwIfAborted } from '../base/errors';
import type { Logger } from '../base/logger';
import type { Ask } from './ask';
import type { Connection, SshPool } from './connection';
import { Dialer } from './dialer';
import { systemEnvironment } from './environment';
import type { SshEnvironment } from './environment';
import { HostKeys } from './hostKeys';
import type { ResolvedHost } from './resolved';
import { resolveTarget } from './resolveTarget';
import { SharedAttempt } from './sharedAttempt';
import { Slots } from './slots';
import { SshConnection } from './sshConnection';
import type { SshTarget } from './target';

export interface SshPoolOptions {
  ask: Ask;
  logger: Logger;
  /** OpenSSH configuration file instead of the user's and the system's (a setting); asked at every connect. */
  configFile?: () => string | undefined;
  /** This machine and account; the real ones unless a test says otherwise. */
  environment?: Partial<SshEnvironment>;
}

/** A connection with what hangs on it. */
interface Link {
  connection: SshConnection;
  firstHop: string;
  sinceMs: number;
  /** Somebody outside asked for it: it stays open although no jump uses it. */
  pinned: boolean;
  /** Connections that are being made or go through it. */
  leases: number;
  replaced: boolean;
}

/** `recent`: a pooled one will do if it was made just now. */
type Want = 'pooled' | 'recent' | 'new';

interface Entry {
  attempt: SharedAttempt<Link> | undefined;
  link: Link | undefined;
}

/** `ssh -G` programs at once. */
const resolvesAtOnce = 4;
/** A jump connection made this recently is not doubted by a reconnect. */
const freshMs = 10_000;

/** The pool of connections (see {@link SshPool}). */
export function createSshPool(options: SshPoolOptions): SshPool {
  return new Pool(options);
}

class Pool implements SshPool {
  private readonly entries = new Map<string, Entry>();
  private readonly links = new Set<Link>();
  private readonly resolving = new Slots(resolvesAtOnce);
  private readonly environment: SshEnvironment;
  private readonly dialer: Dialer;
  private disposed = false;

  constructor(private readonly options: SshPoolOptions) {
    this.environment = { ...systemEnvironment(), ...options.environment };
    const hostKeys = new HostKeys(options.ask, options.logger);
    this.dialer = new Dialer(hostKeys, options.logger, this.environment);
  }

  async connect(target: SshTarget, signal?: AbortSignal): Promise<Connection> {
    const link = await this.obtain(target, 'pooled', signal);
    link.pinned = true;
    return link.connection;
  }

  async reconnect(target: SshTarget, signal?: AbortSignal): Promise<Connection> {
    const link = await this.obtain(target, 'new', signal);
    link.pinned = true;
    return link.connection;
  }

  dispose(): void {
    this.disposed = true;
    for (const entry of this.entries.values()) entry.attempt?.cancel();
    for (const link of this.links) link.connection.close('Rankwise is closing');
    this.entries.clear();
  }

  private async obtain(target: SshTarget, want: Want, signal?: AbortSignal): Promise<Link> {
    if (this.disposed) throw new Cancelled();
    const key = keyOf(target);
    const entry = this.entries.get(key) ?? { attempt: undefined, link: undefined };
    this.entries.set(key, entry);
    if (entry.link !== undefined && serves(entry.link, want)) return entry.link;
    if (entry.attempt === undefined || entry.attempt.cancelled) {
      const attempt = new SharedAttempt((own) => this.establish(target, entry, want, own));
      entry.attempt = attempt;
      const forget = (): void => {
        if (entry.attempt === attempt) entry.attempt = undefined;
        if (entry.attempt === undefined && entry.link === undefined) this.forget(key, entry);
      };
      attempt.done.then(forget, forget);
    }
    return entry.attempt.wait(signal);
  }

  private forget(key: string, entry: Entry): void {
    if (this.entries.get(key) === entry) this.entries.delete(key);
  }

  private async establish(target: SshTarget, entry: Entry, want: Want, signal: AbortSignal): Promise<Link> {
    const host = await this.resolve(target, signal);
    const jump = await this.leaseJump(host, want === 'pooled' ? 'pooled' : 'recent', signal);
    const firstHop = jump?.link.firstHop ?? host.proxyCommand ?? `${host.hostname}:${host.port}`;
    let connection: SshConnection;
    try {
      const client = await this.dialer.dial(host, { jump: jump?.link.connection, firstHop }, signal);
      if (signal.aborted) client.destroy();
      throwIfAborted(signal);
      connection = new SshConnection(host.name, client, this.options.logger);
    } catch (error) {
      jump?.release();
      throw error;
    }
    const link = { connection, firstHop, sinceMs: Date.now(), pinned: false, leases: 0, replaced: false };
    this.links.add(link);
    connection.onClosed(({ reason }) => {
      this.options.logger.info(`connection to ${host.name} closed: ${reason}`);
      this.links.delete(link);
      if (entry.link === link) entry.link = undefined;
      jump?.release();
    });
    if (entry.link !== undefined) {
      entry.link.replaced = true;
      this.retireUnused(entry.link);
    }
    entry.link = link;
    return link;
  }

  private async resolve(target: SshTarget, signal: AbortSignal): Promise<ResolvedHost> {
    const release = await this.resolving.acquire(signal);
    try {
      const configFile = this.options.configFile?.();
      return await resolveTarget(target, { configFile, environment: this.environment, signal });
    } finally {
      release();
    }
  }

  private async leaseJump(
    host: ResolvedHost,
    want: 'pooled' | 'recent',
    signal: AbortSignal,
  ): Promise<{ link: Link; release: () => void } | undefined> {
    if (host.jump === undefined) return undefined;
    await this.refuseCircle(host, signal);
    let link: Link;
    try {
      link = await this.obtain(host.jump, want, signal);
    } catch (error) {
      throw error instanceof RankwiseError ? behind(host, host.jump, error) : error;
    }
    link.leases++;
    let held = true;
    const release = (): void => {
      if (held) link.leases--;
      held = false;
      this.retireUnused(link);
    };
    return { link, release };
  }

  /** Jumps in a circle would wait for each other for ever. A jump that is connected ends no circle. */
  private async refuseCircle(start: ResolvedHost, signal: AbortSignal): Promise<void> {
    const seen = new Set([identityOf(start)]);
    let host = start;
    while (host.jump !== undefined && this.entries.get(keyOf(host.jump))?.link === undefined) {
      host = await this.resolve(host.jump, signal);
      if (seen.has(identityOf(host))) {
        throw new RankwiseError(
          'ssh.unresolved',
          `the jumps to ${start.name} go in a circle at ${host.name}`,
          {
            host: start.name,
            nextStep: 'Correct ProxyJump of these hosts.',
          },
        );
      }
      seen.add(identityOf(host));
    }
  }

  /** Closes what only jumps used once none does, and what was replaced once its channels have ended. */
  private retireUnused(link: Link): void {
    if (link.leases > 0 || (link.pinned && !link.replaced)) return;
    for (const entry of this.entries.values()) if (entry.link === link) entry.link = undefined;
    link.connection.retire();
  }
}

function serves(link: Link, want: Want): boolean {
  if (want === 'new' || link.connection.isClogged) return false;
  return want === 'pooled' || Date.now() - link.sinceMs < freshMs;
}

function keyOf(target: SshTarget): string {
  const { host, user, port, identityFile, proxyJump, isolated } = target;
  return JSON.stringify([host, user, port, identityFile, proxyJump, isolated?.knownHostsFile]);
}

function identityOf(host: ResolvedHost): string {
  return JSON.stringify([host.hostname, host.port, host.user]);
}

function behind(host: ResolvedHost, jump: SshTarget, error: RankwiseError): RankwiseError {
  return new RankwiseError(error.code, `${host.name} is reached through ${jump.host}: ${error.message}`, {
    host: host.name,
    ...(error.nextStep !== undefined && { nextStep: error.nextStep }),
    cause: error,
  });
}
