import { createHash } from 'node:crypto';
import { keyType } from './knownHosts';
import type { KnownHostsPlace, KnownKey } from './knownHosts';

/** What the known_hosts files say of a key that a host showed. */
export type HostKeyVerdict =
  | { kind: 'known' }
  | { kind: 'unknown' }
  | { kind: 'changed'; at: KnownHostsPlace }
  | { kind: 'revoked'; at: KnownHostsPlace }
  /** Only a certificate authority speaks for the host, and certificates are not understood here. */
  | { kind: 'certAuthority'; at: KnownHostsPlace };

/**
 * Judges a host key by OpenSSH's rules: revoked beats all; any other key on file makes it changed.
 * @param known keys on file for the host's name
 * @param knownWithoutPort keys on file for the name without its port: they can make a key known, never changed
 */
export function judgeHostKey(
  key: Buffer,
  known: readonly KnownKey[],
  knownWithoutPort: readonly KnownKey[],
): HostKeyVerdict {
  const revoked = [...known, ...knownWithoutPort].find(
    (one) => one.marker === 'revoked' && one.key.equals(key),
  );
  if (revoked !== undefined) return { kind: 'revoked', at: revoked };
  const plain = known.filter((one) => one.marker === 'none');
  if (plain.some((one) => one.key.equals(key))) return { kind: 'known' };
  const other = plain.find((one) => one.type === keyType(key)) ?? plain[0];
  if (other !== undefined) return { kind: 'changed', at: other };
  if (knownWithoutPort.some((one) => one.marker === 'none' && one.key.equals(key))) return { kind: 'known' };
  const authority = known.find((one) => one.marker === 'certAuthority');
  return authority === undefined ? { kind: 'unknown' } : { kind: 'certAuthority', at: authority };
}

/** `SHA256:` and base64 without padding, as OpenSSH prints fingerprints. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** What ssh2 can check. SHA-1 signatures (`ssh-rsa`) are off unless the configuration names them. */
const supported = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
] as const;
export type HostKeyAlgorithm = (typeof supported)[number];

/**
 * Host key algorithms to propose, those of keys on file first (as OpenSSH does): a host with several keys then shows
 * the one that can be checked. Empty where the configuration allows none that is supported.
 */
export function orderAlgorithms(
  known: readonly KnownKey[],
  configured: readonly string[] | undefined,
): HostKeyAlgorithm[] {
  const allowed =
    configured === undefined
      ? supported.filter((name) => name !== 'ssh-rsa')
      : configured.flatMap((name) => supported.filter((one) => one === name));
  const types = new Set(known.filter((one) => one.marker === 'none').map((one) => one.type));
  const isKnown = (name: string): boolean => types.has(name.startsWith('rsa-sha2-') ? 'ssh-rsa' : name);
  return [...allowed.filter(isKnown), ...allowed.filter((name) => !isKnown(name))];
}
