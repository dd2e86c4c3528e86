import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../support/openSsh';
import { failureOf, makeSshRig, targetOf } from '../../support/sshRig';
import type { SshRig } from '../../support/sshRig';

let rig: SshRig;
beforeEach(() => (rig = makeSshRig()));
afterEach(() => rig.stop());

test('a refused port names host, address and next step', async () => {
  const port = await freePort();
  const error = await failureOf(rig.home.pool().connect({ host: '127.0.0.1', port }));
  expect([error.code, error.host]).toEqual(['ssh.refused', '127.0.0.1']);
  expect(error.message).toContain(`port ${port}`);
  expect(error.nextStep).toBeDefined();
});

test('an alias of the configuration leads to its host, port, user and key', async () => {
  const server = await rig.sshd();
  rig.know(server);
  rig.home.configure(
    'Host gpu',
    'HostName 127.0.0.1',
    `Port ${server.port}`,
    `IdentityFile ${server.clientKey}`,
  );
  const connection = await rig.home.pool().connect({ host: 'gpu' });
  expect(connection.host).toBe('gpu');
  expect((await connection.exec('exit 3')).code).toBe(3);
});

test('through a second server, whose key is checked too', async () => {
  const bastion = await rig.sshd();
  const inner = await rig.sshd();
  rig.home.configure(
    'Host bastion',
    'HostName 127.0.0.1',
    `Port ${bastion.port}`,
    `IdentityFile ${bastion.clientKey}`,
    'Host node',
    'HostName 127.0.0.1',
    `Port ${inner.port}`,
    `IdentityFile ${inner.clientKey}`,
    'ProxyJump bastion',
  );
  const pool = rig.home.pool('accept');
  const connection = await pool.connect({ host: 'node' });
  expect(rig.home.questions.map((one) => one.host)).toEqual([
    `bastion:${bastion.port}`,
    `node:${inner.port}`,
  ]);
  const seen = await connection.exec('echo $SSH_CONNECTION');
  expect(seen.stdout.toString()).toContain(` ${inner.port}\n`);
  expect(bastion.log()).toContain('Accepted publickey');
});

test('through two hops named in the target', async () => {
  const servers = [await rig.sshd(), await rig.sshd(), await rig.sshd()] as const;
  rig.know(...servers);
  rig.home.configure(
    ...servers.flatMap((one) => [
      `Match originalhost 127.0.0.1 exec "test %p = ${one.port}"`,
      `IdentityFile ${one.clientKey}`,
    ]),
  );
  const [first, second, last] = servers;
  const proxyJump = `127.0.0.1:${first.port},127.0.0.1:${second.port}`;
  const connection = await rig.home.pool().connect(targetOf(last, { proxyJump }));
  expect((await connection.exec('echo ok')).stdout.toString()).toBe('ok\n');
  expect(second.log()).toContain('Accepted publickey');
});

test('through a target with its own user, port and key, itself behind another', async () => {
  const servers = [await rig.sshd(), await rig.sshd(), await rig.sshd()] as const;
  rig.know(...servers);
  // What the target says wins over the configuration.
  rig.home.configure('Match originalhost 127.0.0.1', 'ProxyJump nowhere.invalid');
  const [first, second, last] = servers;
  const bastion = targetOf(first, { proxyJump: 'none' });
  const target = targetOf(last, { via: targetOf(second, { via: bastion }) });
  const connection = await rig.home.pool().connect(target);
  expect((await connection.exec('echo ok')).stdout.toString()).toBe('ok\n');
  for (const { log } of [first, second]) expect(log()).toContain('Accepted publickey');
  expect(connection.hostKey?.toString('base64')).toBe(last.hostKey().split(' ')[1]);
});

test('a jump host that refuses is named beside the host behind it', async () => {
  const port = await freePort();
  const error = await failureOf(rig.home.pool().connect({ host: 'node9', proxyJump: `127.0.0.1:${port}` }));
  expect([error.code, error.host]).toEqual(['ssh.refused', 'node9']);
  expect(error.message).toContain('through 127.0.0.1');
});

test('a host that the jump host cannot reach is refused with the route', async () => {
  const bastion = await rig.sshd();
  rig.know(bastion);
  rig.home.configure(`IdentityFile ${bastion.clientKey}`);
  const port = await freePort();
  const error = await failureOf(
    rig.home.pool().connect({ host: '127.0.0.1', port, proxyJump: `127.0.0.1:${bastion.port}` }),
  );
  expect([error.code, error.message]).toEqual(['ssh.refused', expect.stringContaining('through 127.0.0.1')]);
});

test('jumps in a circle are an error', async () => {
  rig.home.configure('Host a', 'ProxyJump b', 'Host b', 'ProxyJump a');
  const pool = rig.home.pool();
  const errors = await Promise.all(['a', 'b'].map((host) => failureOf(pool.connect({ host }))));
  expect(errors.map((error) => error.code)).toEqual(['ssh.unresolved', 'ssh.unresolved']);
  expect(errors[0]?.message).toContain('circle');
});

test('a ProxyCommand of the configuration carries the connection', async () => {
  const server = await rig.sshd();
  rig.know(server);
  const pipe = join(rig.home.directory, 'pipe.mjs');
  writeFileSync(
    pipe,
    `import { connect } from 'node:net';
    const socket = connect(Number(process.argv[3]), process.argv[2]);
    process.stdin.pipe(socket).pipe(process.stdout);`,
  );
  rig.home.configure(
    'Host gpu',
    'HostName 127.0.0.1',
    `Port ${server.port}`,
    `ProxyCommand '${process.execPath}' '${pipe}' %h %p`,
    `IdentityFile ${server.clientKey}`,
  );
  const big = await (await rig.home.pool().connect({ host: 'gpu' })).exec('head -c 3000000 /dev/zero');
  expect(big.stdout.length).toBe(3_000_000);
});

test('a ProxyCommand that fails is told in its own words', async () => {
  rig.home.configure('Host gpu', "ProxyCommand sh -c 'echo no tunnel for %h >&2; exit 1'");
  const error = await failureOf(rig.home.pool().connect({ host: 'gpu' }));
  expect([error.host, error.message]).toEqual(['gpu', expect.stringContaining('no tunnel for gpu')]);
});

test('a broken configuration is told with file and line', async () => {
  rig.home.configure('Host a', 'Nonsense yes');
  const error = await failureOf(rig.home.pool().connect({ host: 'a' }));
  expect([error.code, error.message]).toEqual(['ssh.unresolved', expect.stringContaining('line 2')]);
});
