import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failureOf, makeSshRig, targetOf } from '../../support/sshRig';
import type { SshRig } from '../../support/sshRig';

let rig: SshRig;
beforeEach(() => (rig = makeSshRig()));
afterEach(() => rig.stop());

test('an unknown key is asked for once by many connects, with its fingerprint, and kept', async () => {
  const server = await rig.sshd();
  const pool = rig.home.pool('accept');
  const spellings = [{}, { user: server.user }, { host: `${server.user}@127.0.0.1` }];
  const connections = await Promise.all(spellings.map((more) => pool.connect(targetOf(server, more))));
  expect(new Set(connections).size).toBe(3);
  expect(rig.home.questions).toHaveLength(1);
  const [question] = rig.home.questions;
  const shown = execFileSync('ssh-keygen', ['-lf', join(server.directory, 'host_ed25519.pub')], {
    encoding: 'utf8',
  });
  expect(shown.split(' ')[1]).toBe(question?.fingerprint);
  expect(question).toMatchObject({
    host: `127.0.0.1:${server.port}`,
    keyType: 'ssh-ed25519',
    knownHostsFile: rig.home.knownHosts,
  });
  expect(readFileSync(rig.home.knownHosts, 'utf8')).toBe(`[127.0.0.1]:${server.port} ${server.hostKey()}\n`);
  expect(statSync(rig.home.knownHosts).mode & 0o777).toBe(0o600);
});

test('a rejected key stops the connect before a login is tried, and is not kept', async () => {
  const server = await rig.sshd({ config: ['LogLevel DEBUG1'] });
  const error = await failureOf(rig.home.pool('reject').connect(targetOf(server)));
  expect([error.code, error.host]).toEqual(['ssh.hostKeyRejected', server.host]);
  expect(() => readFileSync(rig.home.knownHosts)).toThrow('ENOENT');
  // The server writes its log when it comes to it; this is its last word on a connection.
  await expect.poll(() => server.log()).toMatch(/Connection (closed|reset) by|[Dd]isconnect/);
  expect(server.log()).toContain('Connection from');
  expect(server.log()).not.toContain('userauth-request');
});

test('a changed key is refused with file and line, whatever StrictHostKeyChecking says', async () => {
  const server = await rig.sshd();
  const other = await rig.sshd();
  const line = `[127.0.0.1]:${server.port} ${other.hostKey()}\n`;
  writeFileSync(rig.home.knownHosts, `# a comment\n${line}`);
  for (const strict of ['yes', 'no', 'accept-new', 'ask']) {
    rig.home.configure(`StrictHostKeyChecking ${strict}`);
    const error = await failureOf(rig.home.pool('accept').connect(targetOf(server)));
    expect([error.code, error.host]).toEqual(['ssh.hostKeyChanged', server.host]);
    expect(error.message).toContain(`${rig.home.knownHosts}:2`);
  }
  expect(rig.home.questions).toEqual([]);
  expect(readFileSync(rig.home.knownHosts, 'utf8')).toBe(`# a comment\n${line}`);
});

test('a revoked key is refused with file and line', async () => {
  const server = await rig.sshd();
  writeFileSync(
    rig.home.knownHosts,
    `@revoked * ${server.hostKey()}\n${readFileSync(server.knownHostsFile, 'utf8')}`,
  );
  const error = await failureOf(rig.home.pool('accept').connect(targetOf(server)));
  expect([error.code, error.message]).toEqual([
    'ssh.hostKeyRevoked',
    expect.stringContaining(`${rig.home.knownHosts}:1`),
  ]);
});

test('a key in RevokedHostKeys is refused', async () => {
  const server = await rig.sshd();
  rig.know(server);
  const file = join(rig.home.directory, 'revoked');
  writeFileSync(file, `${server.hostKey()} old\n`);
  rig.home.configure(`RevokedHostKeys ${file}`);
  const error = await failureOf(rig.home.pool('accept').connect(targetOf(server)));
  expect([error.code, error.message]).toEqual(['ssh.hostKeyRevoked', expect.stringContaining(`${file}:1`)]);
});

test('a host with several keys shows the one on file', async () => {
  const server = await rig.sshd({ hostKeys: ['ed25519', 'ecdsa', 'rsa'] });
  for (const type of ['rsa', 'ecdsa', 'ed25519'] as const) {
    writeFileSync(rig.home.knownHosts, `[127.0.0.1]:${server.port} ${server.hostKey(type)}\n`);
    await rig.home.pool('reject').connect(targetOf(server));
  }
  expect(rig.home.questions).toEqual([]);
});

test('StrictHostKeyChecking yes refuses an unknown key, accept-new adds it', async () => {
  const server = await rig.sshd();
  rig.home.configure('StrictHostKeyChecking yes');
  expect((await failureOf(rig.home.pool('accept').connect(targetOf(server)))).code).toBe(
    'ssh.hostKeyRejected',
  );
  rig.home.configure('StrictHostKeyChecking accept-new', 'HashKnownHosts yes');
  await rig.home.pool('reject').connect(targetOf(server));
  expect(rig.home.questions).toEqual([]);
  const added = readFileSync(rig.home.knownHosts, 'utf8');
  expect(added).toMatch(/^\|1\|/);
  rig.home.configure('StrictHostKeyChecking yes');
  await rig.home.pool('reject').connect(targetOf(server));
  expect(readFileSync(rig.home.knownHosts, 'utf8')).toBe(added);
});

test('HostKeyAlias names the key', async () => {
  const server = await rig.sshd();
  writeFileSync(rig.home.knownHosts, `theAlias ${server.hostKey()}\n`);
  rig.home.configure('HostKeyAlias theAlias');
  await rig.home.pool('reject').connect(targetOf(server));
  expect(rig.home.questions).toEqual([]);
});

test('a host known only by a certificate authority says that this is not supported', async () => {
  const server = await rig.sshd();
  writeFileSync(rig.home.knownHosts, `@cert-authority * ${server.hostKey()}\n`);
  const error = await failureOf(rig.home.pool('accept').connect(targetOf(server)));
  expect([error.code, error.message]).toEqual([
    'ssh.hostKeyRejected',
    expect.stringContaining('certificate authority'),
  ]);
});

test('where no file keeps keys, an accepted one holds for the pool', async () => {
  const server = await rig.sshd();
  rig.home.configure('UserKnownHostsFile /dev/null');
  const pool = rig.home.pool('accept');
  await pool.connect(targetOf(server));
  await pool.reconnect(targetOf(server));
  expect(rig.home.questions).toHaveLength(1);
});

test('an isolated target uses its own files and never the configuration', async () => {
  const server = await rig.sshd();
  rig.home.configure('this line would make ssh -G fail');
  const isolated = { knownHostsFile: server.knownHostsFile };
  const pool = rig.home.pool('accept');
  await pool.connect(targetOf(server, { isolated, user: server.user }));
  const empty = { knownHostsFile: join(rig.home.directory, 'none') };
  const error = await failureOf(pool.connect(targetOf(server, { isolated: empty, user: server.user })));
  expect([error.code, rig.home.questions]).toEqual(['ssh.hostKeyRejected', []]);
});
