import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fingerprint, judgeHostKey, orderAlgorithms } from '../../../src/ssh/hostKeyVerdict';
import { findKnownKeys, knownHostsLine, matchesHosts, parsePublicKey } from '../../../src/ssh/knownHosts';

let directory: string;
let file: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'rankwise-known-'));
  file = join(directory, 'known_hosts');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Public keys made for these tests alone; nobody has the private halves. */
const keys = [
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE7x0mIfT0rW0aVRhb0Uu2dXZ8m1Bqz0qvXhTn0jv0aA',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g',
];
const keyOf = (text: string): Buffer => parsePublicKey(text)?.key ?? Buffer.alloc(0);

/** The lines on which `ssh-keygen -F` finds a name, with its word for the marker. */
function keygenFinds(text: string, name: string): string[] {
  writeFileSync(file, text);
  let out = '';
  try {
    out = execFileSync('ssh-keygen', ['-F', name, '-f', file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    // Exit 1: not found.
  }
  return [...out.matchAll(/^# Host .* found: line (\d+)(.*)$/gm)].map(
    (match) => `${match[1]}${match[2]?.trim() ?? ''}`,
  );
}

const markers = { none: '', revoked: 'REVOKED', certAuthority: 'CA' };
const weFind = (text: string, name: string): string[] =>
  findKnownKeys(text, file, name).map((key) => `${key.line}${markers[key.marker]}`);

const name = fc.constantFrom(
  'node1',
  'node12',
  'a.example.com',
  'b.example.com',
  'example.com',
  '10.0.0.5',
  '::1',
  '[node1]:2222',
  '[10.0.0.5]:22022',
);
const pattern = fc.oneof(
  name,
  name.map((text) => text.toUpperCase()),
  fc.constantFrom('*', '*.example.com', 'node?', '10.0.0.*', '[node1]:*', '**1*', '?', 'n*1*2', '', '*.*.*'),
);
const plainField = fc
  .array(fc.tuple(fc.boolean(), pattern), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map(([not, text]) => `${not ? '!' : ''}${text}`).join(','));
const hashedField = name.map((text) => knownHostsLine(text, keyOf(keys[0] ?? ''), true).split(' ')[0] ?? '');
const keyText = fc.constantFrom(...keys);
const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom('', '', '', '@revoked ', '@cert-authority '),
        fc.oneof(plainField, hashedField),
        keyText,
        fc.constantFrom('', ' user@host', '\t# x'),
      )
      .map((parts) => `${parts[0]}${parts[1]} ${parts[2]}${parts[3]}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '# comment',
      '   ',
      'node1',
      'node1 ssh-ed25519',
      '@unknown node1 ssh-ed25519 AAAA',
      '@revoked',
      '  node1\t' + (keys[0] ?? ''),
    ),
  },
);

test('finds the lines that ssh-keygen -F finds', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), name, (lines, host) => {
      const text = lines.map((one) => `${one}\n`).join('');
      expect(weFind(text, host)).toEqual(keygenFinds(text, host));
    }),
    { numRuns: 300 },
  );
});

test('finds names that ssh-keygen -H has hashed', () => {
  const hosts = ['node1', '[node1]:2222', '10.0.0.5', 'a.example.com'];
  writeFileSync(file, hosts.map((host, index) => `${host} ${keys[index % 2]}\n`).join(''));
  execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
  const text = execFileSync('cat', [file], { encoding: 'utf8' });
  expect(text).toMatch(/^(\|1\|.*\n){4}$/);
  for (const [index, host] of hosts.entries()) expect(weFind(text, host)).toEqual([`${index + 1}`]);
  expect(weFind(text, 'node2')).toEqual([]);
});

test('never throws, whatever a file holds, and a hostile pattern costs no time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 20 }), (text, host) => {
      findKnownKeys(text, 'f', host);
      findKnownKeys(`${host} ${text}`, 'f', host);
    }),
  );
  const start = process.cpuUsage();
  expect(matchesHosts('a'.repeat(250), `${'a*'.repeat(500)}b`)).toBe(false);
  // A search that tries all ways would take for ever.
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1e6).toBeLessThan(1);
});

test('a written line is found again, plain and hashed', () => {
  for (const hashed of [false, true]) {
    const text = knownHostsLine('[node1]:2222', keyOf(keys[0] ?? ''), hashed);
    expect(text.includes('node1')).toBe(!hashed);
    expect([weFind(text, '[node1]:2222'), keygenFinds(text, '[node1]:2222')]).toEqual([['1'], ['1']]);
  }
});

describe('a verdict', () => {
  const known = (text: string): ReturnType<typeof findKnownKeys> => findKnownKeys(text, 'f', 'node1');
  const [shown, other] = keys.map(keyOf) as [Buffer, Buffer];

  test.each([
    ['', 'unknown'],
    [`node1 ${keys[0]}`, 'known'],
    [`node1 ${keys[1]}\nnode1 ${keys[0]}`, 'known'],
    [`node1 ${keys[1]}`, 'changed'],
    [`node1 ${keys[0]}\n@revoked * ${keys[0]}`, 'revoked'],
    [`node1 ${keys[0]}\n@revoked * ${keys[1]}`, 'known'],
    [`@cert-authority * ${keys[1]}`, 'certAuthority'],
    [`@cert-authority * ${keys[1]}\nnode1 ${keys[0]}`, 'known'],
  ])('%j is %s', (text, kind) => {
    expect(judgeHostKey(shown, known(text), []).kind).toBe(kind);
  });

  test('a key known without the port is known, another one there changes nothing', () => {
    expect(judgeHostKey(shown, [], known(`node1 ${keys[0]}`)).kind).toBe('known');
    expect(judgeHostKey(other, [], known(`node1 ${keys[0]}`)).kind).toBe('unknown');
  });

  test('algorithms of keys on file come first, within what the configuration allows', () => {
    const rsa = { file: 'f', line: 1, marker: 'none' as const, type: 'ssh-rsa', key: Buffer.alloc(0) };
    expect(orderAlgorithms([rsa], undefined).slice(0, 3)).toEqual([
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-ed25519',
    ]);
    expect(orderAlgorithms([], undefined)).not.toContain('ssh-rsa');
    expect(orderAlgorithms([rsa], ['ssh-ed25519', 'sk-ssh-ed25519@openssh.com', 'rsa-sha2-256'])).toEqual([
      'rsa-sha2-256',
      'ssh-ed25519',
    ]);
    expect(orderAlgorithms([], ['ssh-dss'])).toEqual([]);
  });

  test('a fingerprint is what ssh-keygen prints', () => {
    writeFileSync(file, `${keys[0]}\n`);
    const printed = execFileSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' });
    expect(printed.split(' ')[1]).toBe(fingerprint(shown));
  });
});
