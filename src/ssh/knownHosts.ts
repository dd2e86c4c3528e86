import { createHmac, randomBytes } from 'node:crypto';

/** Where a line stands, for messages. Lines count from 1, as `ssh-keygen -F` prints them. */
export interface KnownHostsPlace {
  file: string;
  line: number;
}

/** One key of a known_hosts file that applies to the host that was looked up. */
export interface KnownKey extends KnownHostsPlace {
  marker: 'none' | 'revoked' | 'certAuthority';
  /** Such as `ssh-ed25519`. */
  type: string;
  /** The public key as the protocol has it. */
  key: Buffer;
}

/** OpenSSH skips patterns that are longer. */
const longestPattern = 1024;

/** `*` and `?` of OpenSSH's match_pattern, linear in time however many stars a hostile file has. */
function matchesPattern(name: string, pattern: string): boolean {
  let n = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

function matchesHashed(name: string, field: string): boolean {
  const [, version, salt, hash] = field.split('|');
  if (version !== '1' || salt === undefined || hash === undefined) return false;
  const key = Buffer.from(salt, 'base64');
  if (key.length !== 20) return false;
  return createHmac('sha1', key).update(name).digest().equals(Buffer.from(hash, 'base64'));
}

/** Whether the first field of a line stands for the name: a hash, or patterns of which none with `!` may match. */
export function matchesHosts(name: string, field: string): boolean {
  if (field.startsWith('|')) return matchesHashed(name, field);
  const lower = name.toLowerCase();
  let matched = false;
  for (const part of field.split(',')) {
    const negated = part.startsWith('!');
    const pattern = (negated ? part.slice(1) : part).toLowerCase();
    if (pattern.length > longestPattern) return false;
    if (!matchesPattern(lower, pattern)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

/** Type and key of a public key as files hold it (`ssh-ed25519 AAAA… comment`), or undefined. */
export function parsePublicKey(text: string): { type: string; key: Buffer } | undefined {
  const match = /^(\S+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t]|$)/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const key = Buffer.from(match[2], 'base64');
  if (keyType(key) !== match[1]) return undefined;
  return { type: match[1], key };
}

/** The type a public key names at its start, or an empty text where it is no key. */
export function keyType(key: Buffer): string {
  if (key.length < 4) return '';
  const length = key.readUInt32BE(0);
  return length > 64 || key.length < 4 + length ? '' : key.toString('latin1', 4, 4 + length);
}

/**
 * The keys a known_hosts file holds for a name (see sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). Total: lines that are not
 * understood are skipped, as OpenSSH does.
 */
export function findKnownKeys(text: string, file: string, name: string): KnownKey[] {
  const found: KnownKey[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    let line = raw.replace(/\r$/, '').replace(/^[ \t]+/, '');
    if (line === '' || line.startsWith('#')) continue;
    let marker: KnownKey['marker'] = 'none';
    if (line.startsWith('@')) {
      // A tab after it counts too, which OpenSSH 9.2 skips: a marker only ever refuses more.
      const match = /^@(cert-authority|revoked)[ \t]+/.exec(line);
      if (match === null) continue;
      marker = match[1] === 'revoked' ? 'revoked' : 'certAuthority';
      line = line.slice(match[0].length);
    }
    const hosts = /^\S+/.exec(line)?.[0];
    if (hosts === undefined || !matchesHosts(name, hosts)) continue;
    const key = parsePublicKey(line.slice(hosts.length).trim());
    if (key !== undefined) found.push({ file, line: index + 1, marker, ...key });
  }
  return found;
}

/** A line that makes a key known, with the name hashed where the configuration says so (HashKnownHosts). */
export function knownHostsLine(name: string, key: Buffer, hashed: boolean): string {
  let field = name;
  if (hashed) {
    const salt = randomBytes(20);
    const hash = createHmac('sha1', salt).update(name).digest('base64');
    field = `|1|${salt.toString('base64')}|${hash}`;
  }
  return `${field} ${keyType(key)} ${key.toString('base64')}\n`;
}
