import { Cancelled, RankwiseError, throwIfAborted } from '../base/errors';
import type { Logger } from '../base/logger';
import type { Ask } from './ask';
import type { Connection, ConnectOptions, SshPool, Stay } from './connection';
import { Dialer } from './dialer';
import { systemEnvironment } from './environment';
import type { SshEnvironment } from './environment';
import { HostKeys } from './hostKeys';
import { Person } from './person';
import type { ResolvedHost } from './resolved';
import { LocalConnection } from './localConnection';
import { lookUpHost, type HostLook } from './lookUpHost';
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
  /** Jumps on the way to it. */
  jumps: number;
  sinceMs: number;
  /** Somebody outside asked for it: it stays open although no jump uses it. */
  pinned: boolean;
  /** Connections that are being made or go through it. */
  leases: number;
  replaced: boolean;
}

interface Want {
  /** `recent`: a pooled one will do if it was made just now. */
  link: 'pooled' | 'recent' | 'new';
  /** The person who asked for it may be asked. */
  interactive: boolean;
  /** Name of the host at the end of the way, where this one is a jump to it. */
  destination: string | undefined;
  /** Which of several connections to one host; 0 is the one that everybody shares. */
  lane: number;
}

const pooled: Want = { link: 'pooled', interactive: false, destination: undefined, lane: 0 };

interface Attempt {
  shared: SharedAttempt<Link>;
  interactive: boolean;
}

interface Entry {
  attempt: Attempt | undefined;
  link: Link | undefined;
}

/** Followers on one connection: two long channels stay free there for terminals. */
const staysPerConnection = 4;
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
  private readonly local = new Map<string, LocalConnection>();
  private readonly stays = new Map<string, number[]>();
  private readonly resolving = new Slots(resolvesAtOnce);
  private readonly environment: SshEnvironment;
  private readonly dialer: Dialer;
  private disposed = false;

  constructor(private readonly options: SshPoolOptions) {
    this.environment = { ...systemEnvironment(), ...options.environment };
    const hostKeys = new HostKeys(options.ask, options.logger);
    const person = new Person(options.ask);
    this.dialer = new Dialer(hostKeys, options.logger, this.environment, person);
  }

  async connect(target: SshTarget, signal?: AbortSignal, options: ConnectOptions = {}): Promise<Connection> {
    if (target.local === true) return this.here(target);
    const { interactive = false } = options;
    return this.reach(target, { ...pooled, interactive }, signal);
  }

  async reconnect(target: SshTarget, signal?: AbortSignal): Promise<Connection> {
    if (target.local === true) return this.here(target);
    return this.reach(target, { ...pooled, link: 'new' }, signal);
  }

  stay(target: SshTarget): Stay {
    const key = keyOf(target);
    const lanes = this.stays.get(key) ?? [];
    this.stays.set(key, lanes);
    const free = lanes.findIndex((used) => used < staysPerConnection);
    const lane = free < 0 ? lanes.length : free;
    lanes[lane] = (lanes[lane] ?? 0) + 1;
    let held = true;
    return {
      connect: async (signal) =>
        target.local === true ? this.here(target) : this.reach(target, { ...pooled, lane }, signal),
      reconnect: async (signal) =>
        target.local === true
          ? this.here(target)
          : this.reach(target, { ...pooled, link: 'new', lane }, signal),
      dispose: () => {
        if (held) lanes[lane] = (lanes[lane] ?? 1) - 1;
        held = false;
        const link = this.entries.get(laneKey(key, lane))?.link;
        if (lane === 0 || lanes[lane] !== 0 || link === undefined) return;
        link.pinned = false;
        this.retireUnused(link);
      },
    };
  }

  dispose(): void {
    this.disposed = true;
    for (const entry of this.entries.values()) entry.attempt?.shared.cancel();
    for (const link of this.links) link.connection.close('Rankwise is closing');
    for (const connection of this.local.values()) connection.close('Rankwise is closing');
    this.local.clear();
    this.entries.clear();
  }

  private async reach(target: SshTarget, want: Want, signal?: AbortSignal): Promise<Connection> {
    const link = await this.obtain(target, want, signal);
    link.pinned = true;
    return link.connection;
  }

  private async obtain(target: SshTarget, want: Want, signal?: AbortSignal): Promise<Link> {
    if (this.disposed) throw new Cancelled();
    const key = laneKey(keyOf(target), want.lane);
    const entry = this.entries.get(key) ?? { attempt: undefined, link: undefined };
    this.entries.set(key, entry);
    if (entry.link !== undefined && serves(entry.link, want)) return entry.link;
    const joined = entry.attempt?.shared.cancelled === true ? undefined : entry.attempt;
    const attempt = joined ?? this.begin(target, key, entry, want);
    try {
      return await attempt.shared.wait(signal, want.interactive || !attempt.interactive);
    } catch (error) {
      // What others began was not meant for this caller: nobody was to be asked, or the person walked away from it.
      const asksMore = want.interactive && !attempt.interactive && needsPerson(error);
      const leftAlone = !want.interactive && attempt.interactive && error instanceof Cancelled;
      if (joined === undefined || signal?.aborted === true || !(asksMore || leftAlone)) throw error;
      return this.obtain(target, want, signal);
    }
  }

  private begin(target: SshTarget, key: string, entry: Entry, want: Want): Attempt {
    const shared = new SharedAttempt((own) => this.establish(target, entry, want, own));
    const attempt = { shared, interactive: want.interactive };
    entry.attempt = attempt;
    const forget = (): void => {
      if (entry.attempt === attempt) entry.attempt = undefined;
      if (entry.attempt === undefined && entry.link === undefined) this.forget(key, entry);
    };
    shared.done.then(forget, forget);
    return attempt;
  }

  private here(target: SshTarget): Connection {
    if (this.disposed) throw new Cancelled();
    const known = this.local.get(target.host);
    if (known !== undefined) return known;
    const connection = new LocalConnection(target.host, this.environment, this.options.logger);
    this.local.set(target.host, connection);
    return connection;
  }

  private forget(key: string, entry: Entry): void {
    if (this.entries.get(key) === entry) this.entries.delete(key);
  }

  private async establish(target: SshTarget, entry: Entry, want: Want, signal: AbortSignal): Promise<Link> {
    const host = await this.resolve(target, signal);
    const jump = await this.leaseJump(host, want, signal);
    const jumps = jump === undefined ? 0 : jump.link.jumps + 1;
    const firstHop = jump?.link.firstHop ?? host.proxyCommand ?? `${host.hostname}:${host.port}`;
    let connection: SshConnection;
    try {
      const { destination } = want;
      const hop = destination === undefined ? undefined : { number: jumps + 1, destination };
      const route = { jump: jump?.link.connection, firstHop, hop };
      const { client, hostKey } = await this.dialer.dial(host, route, want.interactive, signal);
      if (signal.aborted) client.destroy();
      throwIfAborted(signal);
      connection = new SshConnection(host.name, hostKey, client, this.options.logger);
    } catch (error) {
      jump?.release();
      throw error;
    }
    const sinceMs = Date.now();
    const link = { connection, firstHop, jumps, sinceMs, pinned: false, leases: 0, replaced: false };
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

  async lookUp(target: SshTarget, signal = new AbortController().signal): Promise<HostLook> {
    return lookUpHost(await this.resolve(target, signal));
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
    want: Want,
    signal: AbortSignal,
  ): Promise<{ link: Link; release: () => void } | undefined> {
    if (host.jump === undefined) return undefined;
    await this.refuseCircle(host, signal);
    const wanted: Want = {
      link: want.link === 'pooled' ? 'pooled' : 'recent',
      interactive: want.interactive,
      destination: want.destination ?? host.name,
      lane: 0,
    };
    let link: Link;
    try {
      link = await this.obtain(host.jump, wanted, signal).catch((error: unknown) => {
        // A jump that only a person opens is doubted no further while it stands: what it carries will show.
        const standing = host.jump && this.entries.get(keyOf(host.jump))?.link;
        if (standing === undefined || !needsPerson(error)) throw error;
        return standing;
      });
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

function needsPerson(error: unknown): boolean {
  return error instanceof RankwiseError && error.code === 'ssh.needsPerson';
}

function serves(link: Link, want: Want): boolean {
  if (want.link === 'new' || link.connection.isClogged) return false;
  return want.link === 'pooled' || Date.now() - link.sinceMs < freshMs;
}

function laneKey(key: string, lane: number): string {
  return lane === 0 ? key : `${key}#${lane}`;
}

function keyOf(target: SshTarget): string {
  const { host, user, port, identityFile, proxyJump, via, isolated } = target;
  const way = via === undefined ? proxyJump : [keyOf(via)];
  return JSON.stringify([host, user, port, identityFile, way, isolated?.knownHostsFile]);
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
