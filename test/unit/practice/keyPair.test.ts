import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { utils, type ParsedKey } from 'ssh2';
import { afterAll, describe, expect, it } from 'vitest';
import { makeKeyPair } from '../../../src/practice/keyPair';
import { removeDirectories, run, temporaryDirectory } from './cluster';

const directories: string[] = [];
afterAll(() => removeDirectories(directories));

function parsed(text: string): ParsedKey {
  const key = utils.parseKey(text);
  if (key instanceof Error) throw key;
  return key;
}

/** A pair whose public point begins with a zero byte: the last 32 bytes of the blob. */
function pairWithLeadingZero(): ReturnType<typeof makeKeyPair> {
  for (;;) {
    const pair = makeKeyPair('zero');
    if (parsed(pair.publicKey).getPublicSSH().at(-32) === 0) return pair;
  }
}

describe('makeKeyPair', () => {
  it('makes pairs that ssh2 signs and verifies with, one with a leading zero byte too', () => {
    const pairs = [...Array.from({ length: 50 }, () => makeKeyPair('many')), pairWithLeadingZero()];
    for (const { privateKey, publicKey } of pairs) {
      const message = Buffer.from('message');
      const verdict: unknown = parsed(publicKey).verify(message, parsed(privateKey).sign(message));
      expect(verdict).toBe(true);
    }
  });

  it('makes private keys that OpenSSH reads', async () => {
    const directory = await temporaryDirectory();
    directories.push(directory);
    for (const { privateKey, publicKey } of [makeKeyPair('some comment'), pairWithLeadingZero()]) {
      const file = join(directory, publicKey.slice(-10).replaceAll('/', '_'));
      await writeFile(file, privateKey, { mode: 0o600 });
      const { code, stdout } = await run('ssh-keygen', ['-y', '-f', file]);
      expect(code).toBe(0);
      expect(stdout.split(' ').slice(0, 2).join(' ').trim()).toBe(publicKey);
    }
  });
});
