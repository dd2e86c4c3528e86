import { readFileSync, writeFileSync } from 'node:fs';
import { RankwiseError } from '../../src/base/errors';
import type { SshTarget } from '../../src/ssh/target';
import { startOpenSsh } from './openSsh';
import type { OpenSsh, OpenSshOptions } from './openSsh';
import { makeSshHome } from './sshHome';
import type { SshHome } from './sshHome';

/** A home of its own and the servers of one test. */
export interface SshRig {
  home: SshHome;
  /** Starts a server that ends with the rig. */
  sshd(options?: OpenSshOptions): Promise<OpenSsh>;
  /** Puts the host keys of servers into the home's known_hosts. */
  know(...servers: OpenSsh[]): void;
  /** Runs a step when the rig stops. */
  later(step: () => unknown): void;
  stop(): Promise<void>;
}

export function makeSshRig(): SshRig {
  const home = makeSshHome();
  const steps: (() => unknown)[] = [() => home.stop()];
  const later = (step: () => unknown): void => void steps.push(step);
  return {
    home,
    later,
    sshd: async (options = {}) => {
      const server = await startOpenSsh(options);
      later(() => server.stop());
      return server;
    },
    know: (...servers) => {
      writeFileSync(home.knownHosts, servers.map((one) => readFileSync(one.knownHostsFile, 'utf8')).join(''));
    },
    stop: async () => {
      for (const step of steps) await step();
    },
  };
}

/** A server as a target that goes through the home's configuration. */
export function targetOf(server: OpenSsh, more: Partial<SshTarget> = {}): SshTarget {
  return { host: server.host, port: server.port, identityFile: server.clientKey, ...more };
}

/** The error a promise fails with; anything but a {@link RankwiseError} fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<RankwiseError> {
  const error: unknown = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof RankwiseError)) throw error;
  return error;
}
