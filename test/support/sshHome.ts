import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Ask, HostKeyQuestion, SecretQuestion } from '../../src/ssh/ask';
import { createSshPool } from '../../src/ssh/sshPool';
import type { SshPool } from '../../src/ssh/connection';
import { silentLogger } from '../../src/base/logger';

/** A home with an OpenSSH configuration of its own, and pools that know nothing of the real one. */
export interface SshHome {
  directory: string;
  knownHosts: string;
  /** Replaces the configuration. Known hosts default to `knownHosts`. */
  configure(...lines: string[]): void;
  /** Questions put to the person so far. */
  questions: HostKeyQuestion[];
  /** Secrets asked for so far. */
  secrets: SecretQuestion[];
  /** How the person answers when asked for a secret; at first they give up. */
  answer: Ask['secret'];
  /** @param answer what the person says to every question about a host key */
  pool(answer?: 'accept' | 'reject', env?: Record<string, string>): SshPool;
  stop(): void;
}

export function makeSshHome(): SshHome {
  const directory = mkdtempSync(join(tmpdir(), 'rankwise-home-'));
  mkdirSync(join(directory, '.ssh'), { mode: 0o700 });
  const configFile = join(directory, '.ssh', 'config');
  const knownHosts = join(directory, '.ssh', 'known_hosts');
  const pools: SshPool[] = [];
  const questions: HostKeyQuestion[] = [];
  const configure = (...lines: string[]): void => {
    const defaults = [
      'Host *',
      `UserKnownHostsFile ${knownHosts}`,
      'GlobalKnownHostsFile none',
      'IdentityFile none',
      // Tests are about other things than a slow machine; one that is about this says a limit of its own.
      'ConnectTimeout 120',
    ];
    writeFileSync(configFile, `${[...lines, ...defaults].join('\n')}\n`);
  };
  configure();
  const secrets: SecretQuestion[] = [];
  const person: SshHome = {
    directory,
    knownHosts,
    configure,
    questions,
    secrets,
    answer: () => Promise.resolve(undefined),
    pool: (answer = 'reject', env = {}) => {
      const pool = createSshPool({
        ask: {
          hostKey: (question) => {
            questions.push(question);
            return Promise.resolve(answer);
          },
          secret: (question, signal) => {
            secrets.push(question);
            return person.answer(question, signal);
          },
        },
        logger: silentLogger,
        configFile: () => configFile,
        environment: {
          home: directory,
          user: userInfo().username,
          env: { PATH: process.env['PATH'], ...env },
        },
      });
      pools.push(pool);
      return pool;
    },
    stop: () => {
      for (const pool of pools) pool.dispose();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return person;
}
