import { readFile } from 'node:fs/promises';
import { utils } from 'ssh2';
import type { ParsedKey } from 'ssh2';
import { parsePublicKey } from './knownHosts';

/** What a private key file holds for us. */
export type KeyFile =
  | { kind: 'usable'; path: string; key: ParsedKey; publicKey: Buffer }
  /** Needs its passphrase: usable only through an agent that has it open. */
  | { kind: 'encrypted'; path: string; publicKey: Buffer | undefined }
  /** Only the public half is here, to name a key of the agent (as OpenSSH allows). */
  | { kind: 'publicOnly'; path: string; publicKey: Buffer }
  | { kind: 'unusable'; path: string; reason: string }
  | { kind: 'missing'; path: string };

/** Reads a key file without ever asking for a passphrase. Never throws: what stands in the way is the result. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      return { kind: 'unusable', path, reason: `cannot be read: ${String(error)}` };
    }
    const publicKey = await readPublicHalf(path);
    return publicKey === undefined ? { kind: 'missing', path } : { kind: 'publicOnly', path, publicKey };
  }
  const named = parsePublicKey(text.trim());
  if (named !== undefined) return { kind: 'publicOnly', path, publicKey: named.key };
  if (isEncrypted(text))
    return { kind: 'encrypted', path, publicKey: publicPart(text) ?? (await readPublicHalf(path)) };
  const key = utils.parseKey(text);
  if (key instanceof Error) return { kind: 'unusable', path, reason: key.message };
  return { kind: 'usable', path, key, publicKey: key.getPublicSSH() };
}

/**
 * Opens a key file with its passphrase.
 * @returns the key, `wrong` for another passphrase than the file's, or the reason why no passphrase helps.
 */
export async function unlockKeyFile(
  path: string,
  passphrase: string,
): Promise<ParsedKey | 'wrong' | { reason: string }> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return { reason: `cannot be read: ${String(error)}` };
  }
  const key = utils.parseKey(text, passphrase);
  if (!(key instanceof Error)) return key;
  return /passphrase|bad decrypt|integrity check/i.test(key.message) ? 'wrong' : { reason: key.message };
}

async function readPublicHalf(path: string): Promise<Buffer | undefined> {
  const text = await readFile(`${path}.pub`, 'utf8').catch(() => '');
  return parsePublicKey(text.trim())?.key;
}

/** OpenSSH's own format (PROTOCOL.key): magic, cipher, key derivation and its options, number of keys, first public key. */
const magic = Buffer.from('openssh-key-v1\0');

function openSshFields(text: string): { cipher: string; publicKey: Buffer } | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\sA-Za-z0-9+/=]+)-----END/.exec(text)?.[1];
  if (body === undefined) return undefined;
  const data = Buffer.from(body, 'base64');
  if (!data.subarray(0, magic.length).equals(magic)) return undefined;
  let offset = magic.length;
  const next = (): Buffer => {
    const start = offset + 4;
    offset = start + data.readUInt32BE(offset);
    return data.subarray(start, offset);
  };
  try {
    const cipher = next().toString('latin1');
    next();
    next();
    offset += 4;
    return { cipher, publicKey: Buffer.from(next()) };
  } catch {
    return undefined;
  }
}

function isEncrypted(text: string): boolean {
  const fields = openSshFields(text);
  if (fields !== undefined) return fields.cipher !== 'none';
  return /^(?:-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED)/m.test(text);
}

function publicPart(text: string): Buffer | undefined {
  return openSshFields(text)?.publicKey;
}
