import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { RankwiseError, throwIfAborted } from '../base/errors';
import type { Logger } from '../base/logger';
import { Authentication } from './authentication';
import type { LoginRecord } from './authentication';
import { gatherCredentials } from './credentials';
import type { Credential } from './credentials';
import type { SshEnvironment } from './environment';
import type { HostKeys } from './hostKeys';
import { explainDenial, explainInterrupted } from './loginFailure';
import { LoginPrompts } from './loginPrompts';
import type { Hop } from './loginPrompts';
import { openClient } from './openClient';
import type { OpenOutcome } from './openClient';
import type { Person } from './person';
import { startProxy } from './proxyCommand';
import type { ResolvedHost } from './resolved';
import { Slots } from './slots';
import type { SshConnection } from './sshConnection';
import { StreamSocket } from './streamSocket';
import { explainUnreachable, isDroppedEarly } from './unreachable';
import { pause } from './waitFor';

/** The way a connection is made: the last jump host, already connected, or none. */
export interface Route {
  jump: SshConnection | undefined;
  /** What the connects in flight are counted by: the first machine of the route. */
  firstHop: string;
  /** Present where the host is itself a jump on the way to another. */
  hop: Hop | undefined;
}

/** A client that has logged in. */
export interface Dialled {
  client: Client;
  /** The public key that the host proved, verified against the files. */
  hostKey: Buffer;
}

/** sshd starts to drop logins at 10 under way (MaxStartups 10:30:100). */
const connectsPerFirstHop = 8;
const tries = 6;
const firstPauseMs = 250;
/** A key may be asked for, accepted, and then replaced by yet another one: not for ever. */
const hostKeyRounds = 3;

interface Approach {
  socket: Duplex;
  /** What a ProxyCommand printed on standard error. */
  said: () => Promise<string>;
}

/** Makes connections to resolved hosts: paced per first hop, repeated where a server was only busy. */
export class Dialer {
  private readonly gates = new Map<string, Slots>();

  constructor(
    private readonly hostKeys: HostKeys,
    private readonly logger: Logger,
    private readonly environment: SshEnvironment,
    private readonly person: Person,
  ) {}

  /**
   * Connects and logs in.
   * @param interactive the person may be asked for passwords and passphrases
   * @throws RankwiseError as {@link SshPool.connect} says; Cancelled.
   */
  async dial(host: ResolvedHost, route: Route, interactive: boolean, signal: AbortSignal): Promise<Dialled> {
    const credentials = await gatherCredentials(host, this.logger);
    const mayAsk = interactive && host.prompts > 0;
    const prompts = mayAsk ? new LoginPrompts(this.person, host, route.hop) : undefined;
    try {
      return await this.persist(host, route, credentials, prompts, signal);
    } finally {
      prompts?.finish();
    }
  }

  /** Attempts until one is decisive. */
  private async persist(
    host: ResolvedHost,
    route: Route,
    credentials: readonly Credential[],
    prompts: LoginPrompts | undefined,
    signal: AbortSignal,
  ): Promise<Dialled> {
    for (let round = 1, dropped = 0; ;) {
      const { outcome, record, said } = await this.attempt(host, route, credentials, prompts, signal);
      switch (outcome.kind) {
        case 'ready':
          return outcome;
        case 'denied':
          if (prompts?.mustWait !== true) {
            throw explainDenial(host, record, credentials, prompts, outcome.cause);
          }
          await prompts.waitForTurn(signal);
          break;
        case 'hostKey':
          await this.hostKeys.settle(host, outcome.key, outcome.verdict, signal);
          if (++round > hostKeyRounds) throw restless(host);
          break;
        case 'failed': {
          if (record.interrupted) throw explainInterrupted(host, outcome.cause);
          const again = isDroppedEarly(outcome.cause) && !outcome.greeted && host.proxyCommand === undefined;
          if (!again || ++dropped === tries) throw explainUnreachable(host, outcome.cause, said);
          const waitMs = firstPauseMs * 2 ** (dropped - 1) * (0.5 + Math.random());
          this.logger.info(
            `${host.name} is busy (${outcome.cause.message}); trying again in ${Math.round(waitMs)} ms`,
          );
          await pause(waitMs, signal);
        }
      }
    }
  }

  private async attempt(
    host: ResolvedHost,
    route: Route,
    credentials: readonly Credential[],
    prompts: LoginPrompts | undefined,
    signal: AbortSignal,
  ): Promise<{ outcome: OpenOutcome; record: LoginRecord; said: string }> {
    const authentication = new Authentication(host, credentials, prompts);
    const release = await this.gate(route.firstHop).acquire(signal);
    try {
      const check = await this.hostKeys.check(host);
      const { socket, said } = await this.approach(host, route, signal);
      const outcome = await openClient(host, socket, check, authentication, signal);
      const { record } = authentication;
      return { outcome, record, said: outcome.kind === 'failed' ? await said() : '' };
    } finally {
      release();
    }
  }

  private async approach(host: ResolvedHost, route: Route, signal: AbortSignal): Promise<Approach> {
    if (host.proxyCommand !== undefined) return startProxy(host.proxyCommand, this.environment);
    const said = (): Promise<string> => Promise.resolve('');
    if (route.jump === undefined) {
      return { socket: connect({ host: host.hostname, port: host.port, noDelay: true }), said };
    }
    const limit = AbortSignal.timeout(host.connectTimeoutMs);
    try {
      const channel = await route.jump.tunnel(host.hostname, host.port, AbortSignal.any([signal, limit]));
      return { socket: new StreamSocket(channel, channel, () => channel.destroy()), said };
    } catch (error) {
      throwIfAborted(signal);
      if (error instanceof RankwiseError) throw error;
      const late = new Error(`no answer within ${host.connectTimeoutMs / 1000} s`, { cause: error });
      throw explainUnreachable(host, limit.aborted || !(error instanceof Error) ? late : error);
    }
  }

  private gate(firstHop: string): Slots {
    let gate = this.gates.get(firstHop);
    if (gate === undefined) {
      gate = new Slots(connectsPerFirstHop);
      this.gates.set(firstHop, gate);
    }
    return gate;
  }
}

function restless(host: ResolvedHost): RankwiseError {
  return new RankwiseError(
    'ssh.hostKeyRejected',
    `${host.name} shows a new key each time it is connected to`,
    {
      host: host.name,
      nextStep: 'Check whether several machines answer under this name; give each a name of its own.',
    },
  );
}
