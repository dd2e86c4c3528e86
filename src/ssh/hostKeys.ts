import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RankwiseError, throwIfAborted } from '../base/errors';
import type { Logger } from '../base/logger';
import type { Ask } from './ask';
import { fingerprint, judgeHostKey, orderAlgorithms } from './hostKeyVerdict';
import type { HostKeyAlgorithm, HostKeyVerdict } from './hostKeyVerdict';
import { findKnownKeys, keyType, knownHostsLine, parsePublicKey } from './knownHosts';
import type { KnownKey } from './knownHosts';
import { refuseKey, refuseUnknownKey, shownName } from './hostKeyRefusal';
import type { ResolvedHost } from './resolved';
import { waitFor } from './waitFor';

/** What is on file for one host at the moment of a connect. */
export interface HostKeyCheck {
  algorithms: HostKeyAlgorithm[];
  judge(key: Buffer): HostKeyVerdict;
}

/**
 * Knows which host keys are to be trusted. A host with an unknown key is left before any credential is offered; the
 * person is asked with no connection open, and the connect starts again.
 */
export class HostKeys {
  /** Keys accepted by this process, also where no file could keep them (UserKnownHostsFile /dev/null). */
  private readonly accepted = new Set<string>();
  private readonly questions = new Map<string, Promise<void>>();

  constructor(
    private readonly ask: Ask,
    private readonly logger: Logger,
  ) {}

  /**
   * Reads the files for a host.
   * @throws RankwiseError `ssh.unresolved` where a file of revoked keys cannot be read or no algorithm is left.
   */
  async check(host: ResolvedHost): Promise<HostKeyCheck> {
    const files = await Promise.all(
      [...host.userKnownHostsFiles, ...host.globalKnownHostsFiles].map(async (file) => ({
        file,
        text: await this.read(file),
      })),
    );
    const find = (name: string): KnownKey[] =>
      files.flatMap(({ file, text }) => findKnownKeys(text, file, name));
    const revoked = await revokedKeys(host);
    const known = [...revoked, ...find(host.knownAs)];
    const withoutPort = host.knownWithoutPort === undefined ? [] : find(host.knownWithoutPort);
    const onFile = known.some((key) => key.marker === 'none') ? known : withoutPort;
    const algorithms = orderAlgorithms(onFile, host.hostKeyAlgorithms);
    if (algorithms.length === 0) {
      throw new RankwiseError(
        'ssh.unresolved',
        `${host.name} allows no host key algorithm that is supported here`,
        {
          host: host.name,
          nextStep: 'Add ssh-ed25519, an ecdsa-sha2 or an rsa-sha2 algorithm to HostKeyAlgorithms.',
        },
      );
    }
    return {
      algorithms,
      judge: (key) => {
        const verdict = judgeHostKey(key, known, withoutPort);
        return verdict.kind === 'unknown' && this.accepted.has(identify(host, key))
          ? { kind: 'known' }
          : verdict;
      },
    };
  }

  /**
   * Resolves when a key that is not known may be trusted from now on; the same question is put only once at a time.
   * @throws RankwiseError `ssh.hostKeyRejected`, `ssh.hostKeyChanged`, `ssh.hostKeyRevoked`; Cancelled.
   */
  async settle(
    host: ResolvedHost,
    key: Buffer,
    verdict: Exclude<HostKeyVerdict, { kind: 'known' }>,
    signal?: AbortSignal,
  ): Promise<void> {
    throwIfAborted(signal);
    if (verdict.kind !== 'unknown') throw refuseKey(host, key, verdict);
    if (host.unknownKey === 'refuse') throw refuseUnknownKey(host, key);
    const id = identify(host, key);
    let question = this.questions.get(id);
    if (question === undefined) {
      question = this.accept(host, key).finally(() => this.questions.delete(id));
      this.questions.set(id, question);
    }
    await waitFor(question, signal);
  }

  private async accept(host: ResolvedHost, key: Buffer): Promise<void> {
    const file = host.userKnownHostsFiles[0];
    if (host.unknownKey === 'ask') {
      const answer = await this.ask.hostKey({
        host: shownName(host),
        keyType: keyType(key),
        fingerprint: fingerprint(key),
        knownHostsFile: file ?? 'no file (remembered until this window closes)',
      });
      if (answer === 'reject') {
        throw new RankwiseError('ssh.hostKeyRejected', `the key of ${shownName(host)} was not accepted`, {
          host: host.name,
          nextStep: `Compare ${fingerprint(key)} with what the administrator of the host says, then connect again.`,
        });
      }
    }
    this.accepted.add(identify(host, key));
    if (file === undefined) return;
    try {
      await append(file, knownHostsLine(host.knownAs, key, host.hashKnownHosts));
      this.logger.info(`added the ${keyType(key)} key of ${host.knownAs} (${fingerprint(key)}) to ${file}`);
    } catch (error) {
      this.logger.error(
        `the key of ${host.knownAs} could not be added to ${file}; it will be asked for again`,
        error,
      );
    }
  }

  private async read(file: string): Promise<string> {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (!isMissing(error)) this.logger.warn(`known hosts file ${file} cannot be read: ${String(error)}`);
      return '';
    }
  }
}

function identify(host: ResolvedHost, key: Buffer): string {
  return JSON.stringify([host.userKnownHostsFiles, host.knownAs, key.toString('base64')]);
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Keeps to one write, so that lines of several processes do not mix; closes a line that another program left open. */
async function append(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const before = await readFile(file).catch(() => Buffer.alloc(0));
  const open = before.length > 0 && before.at(-1) !== 0x0a;
  await appendFile(file, open ? `\n${line}` : line, { mode: 0o600 });
}

/** The keys of RevokedHostKeys, which hold for every host. As in OpenSSH, a file that cannot be read stops the connect. */
async function revokedKeys(host: ResolvedHost): Promise<KnownKey[]> {
  const file = host.revokedHostKeys;
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new RankwiseError(
      'ssh.unresolved',
      `the revoked host keys in ${file} cannot be read: ${String(error)}`,
      {
        host: host.name,
        nextStep: 'Correct RevokedHostKeys in the OpenSSH configuration.',
        cause: error,
      },
    );
  });
  if (text.startsWith('SSHKRL\n')) {
    throw new RankwiseError('ssh.unresolved', `${file} is a binary revocation list, which is not supported`, {
      host: host.name,
      nextStep: 'Set RevokedHostKeys to a list of public keys in text.',
    });
  }
  return text.split(/\r?\n/).flatMap((line, index): KnownKey[] => {
    const key = parsePublicKey(line.trim());
    return key === undefined ? [] : [{ file, line: index + 1, marker: 'revoked', ...key }];
  });
}
