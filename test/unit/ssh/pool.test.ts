import { connect as connectTcp, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Cancelled } from '../../../src/base/errors';
import type { SshTarget } from '../../../src/ssh/target';
import { openLogins, startOpenSsh } from '../../support/openSsh';
import type { OpenSsh } from '../../support/openSsh';
import { makeSshHome } from '../../support/sshHome';
import type { SshHome } from '../../support/sshHome';

let server: OpenSsh;
let home: SshHome;

beforeEach(async () => {
  server = await startOpenSsh();
  home = makeSshHome();
});
afterEach(async () => {
  home.stop();
  await server.stop();
});

function isolated(one: OpenSsh, more: Partial<SshTarget> = {}): SshTarget {
  const files = { identityFile: one.clientKey, isolated: { knownHostsFile: one.knownHostsFile } };
  return { host: one.host, port: one.port, user: one.user, ...files, ...more };
}

/** The server writes its log when it comes to it: to be polled. */
const logins = (one: OpenSsh): number => one.log().split('Accepted publickey').length - 1;

test('a target asked for twice is connected once', async () => {
  const pool = home.pool();
  const [first, second] = await Promise.all([pool.connect(isolated(server)), pool.connect(isolated(server))]);
  expect(second).toBe(first);
  expect(await pool.connect(isolated(server))).toBe(first);
  await expect.poll(() => logins(server)).toBe(1);
});

test('those who stay share connections four by four, and what only they used is closed after them', async () => {
  const pool = home.pool();
  const target = isolated(server);
  const stays = Array.from({ length: 9 }, () => pool.stay(target));
  const connections = await Promise.all(stays.map((stay) => stay.connect()));
  expect(connections.map((one) => [...new Set(connections)].indexOf(one))).toEqual([
    0, 0, 0, 0, 1, 1, 1, 1, 2,
  ]);
  expect(connections[0]).toBe(await pool.connect(target));
  await expect.poll(() => logins(server)).toBe(3);

  const closed = new Promise((resolve) => connections[8]!.onClosed(resolve));
  stays[8]!.dispose();
  stays[0]!.dispose();
  await closed;
  expect(await pool.stay(target).connect()).toBe(connections[0]);
  expect(await pool.stay(target).connect()).not.toBe(connections[8]);
  await expect.poll(() => logins(server)).toBe(4);
});

test('64 connects at once all succeed against a server that drops logins from the 10th on', async () => {
  const copies = Array.from({ length: 64 }, (_, index) => {
    const knownHostsFile = `${home.directory}/known${index}`;
    writeFileSync(knownHostsFile, `[127.0.0.1]:${server.port} ${server.hostKey()}\n`);
    return isolated(server, { isolated: { knownHostsFile } });
  });
  const pool = home.pool();
  const connections = await Promise.all(copies.map((one) => pool.connect(one)));
  expect(new Set(connections).size).toBe(64);
  await expect.poll(() => logins(server)).toBe(64);
});

test('a server that drops every login beside another one is tried again', async () => {
  await server.stop();
  server = await startOpenSsh({ config: ['MaxStartups 1', 'LogLevel VERBOSE'] });
  const target = isolated(server);
  const drops = (): number => server.log().match(/^drop connection/gm)?.length ?? 0;
  // One who says nothing takes the only place.
  const silent = connectTcp(server.port, server.host);
  await new Promise((resolve) => silent.once('data', resolve));
  const connecting = Promise.all([home.pool(), home.pool()].map((pool) => pool.connect(target)));
  await expect.poll(drops).toBeGreaterThanOrEqual(2);
  silent.destroy();
  await connecting;
  await expect.poll(() => logins(server)).toBe(2);
});

test('one caller who gives up does not take the connection from the other', async () => {
  const pool = home.pool();
  const controller = new AbortController();
  const given = pool.connect(isolated(server), controller.signal).catch((error: unknown) => error);
  const kept = pool.connect(isolated(server));
  controller.abort();
  expect(await given).toBeInstanceOf(Cancelled);
  expect((await (await kept).exec('echo ok')).stdout.toString()).toBe('ok\n');
});

test('a connect to a silent machine is cancelled at once and leaves no socket', async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = silent.address() as AddressInfo;
    const controller = new AbortController();
    const connecting = home.pool().connect(isolated(server, { port }), controller.signal);
    const outcome = connecting.catch((error: unknown) => error);
    await expect.poll(() => sockets.size).toBe(1);
    const [socket] = sockets;
    const ended = new Promise((resolve) => socket?.resume().once('close', resolve));
    controller.abort();
    expect(await outcome).toBeInstanceOf(Cancelled);
    await ended;
  } finally {
    silent.close();
  }
});

test('a silent machine is unreachable after ConnectTimeout', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  try {
    home.configure('ConnectTimeout 1');
    const { port } = silent.address() as AddressInfo;
    const error = await home
      .pool()
      .connect({ host: '127.0.0.1', port })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ssh.unreachable', host: '127.0.0.1' });
    expect(String(error)).toContain(`port ${port}`);
  } finally {
    silent.close();
  }
});

test('a name nobody knows is unresolved', async () => {
  const error = await home
    .pool()
    .connect(isolated(server, { host: 'nowhere.invalid' }))
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'ssh.unresolved', host: 'nowhere.invalid' });
});

test('reconnect puts a new connection in place; the old one stays while it is used', async () => {
  const pool = home.pool();
  const old = await pool.connect(isolated(server));
  const stream = await old.stream('cat');
  const reasons: string[] = [];
  const closed = new Promise<void>((resolve) => {
    old.onClosed(({ reason }) => {
      reasons.push(reason);
      resolve();
    });
  });
  const fresh = await pool.reconnect(isolated(server));
  expect(fresh).not.toBe(old);
  expect(await pool.connect(isolated(server))).toBe(fresh);
  expect(reasons).toEqual([]);
  stream.stdin.end('still here');
  expect(Buffer.concat((await stream.stdout.toArray()) as Buffer[]).toString()).toBe('still here');
  await stream.ended;
  await closed;
  expect((await fresh.exec('echo new')).stdout.toString()).toBe('new\n');
});

test('a failed reconnect leaves the old connection in place', async () => {
  const pool = home.pool();
  const old = await pool.connect(isolated(server));
  const controller = new AbortController();
  const attempt = pool.reconnect(isolated(server), controller.signal).catch((error: unknown) => error);
  controller.abort();
  expect(await attempt).toBeInstanceOf(Cancelled);
  expect(await pool.connect(isolated(server))).toBe(old);
});

test('hosts behind one jump host share its connection, which closes after the last of them', async () => {
  const inner = await startOpenSsh();
  try {
    const knownHostsFile = `${home.directory}/both`;
    writeFileSync(
      knownHostsFile,
      [server, inner].map((one) => `[127.0.0.1]:${one.port} ${one.hostKey()}\n`).join(''),
    );
    writeFileSync(`${inner.directory}/authorized_keys`, publicKeys(server, inner));
    const behind = isolated(inner, {
      identityFile: server.clientKey,
      isolated: { knownHostsFile },
      proxyJump: `${server.user}@127.0.0.1:${server.port}`,
    });
    const pool = home.pool();
    const first = await pool.connect(behind);
    const second = await pool.connect({ ...behind, host: 'localhost' }).catch((error: unknown) => error);
    expect(second).toMatchObject({ code: 'ssh.hostKeyRejected' });
    const third = await pool.connect({ ...behind, host: `${inner.user}@127.0.0.1` });
    await expect.poll(() => [logins(server), logins(inner)]).toEqual([1, 2]);
    expect(openLogins(server.pid)).toHaveLength(1);
    await inner.stop();
    await expect.poll(() => openLogins(server.pid)).toEqual([]);
    for (const one of [first, third]) {
      await expect(one.exec('true')).rejects.toMatchObject({ code: 'ssh.connectionLost' });
    }
  } finally {
    await inner.stop();
  }
});

test('disposing ends everything, also what is on its way', async () => {
  const pool = home.pool();
  const connection = await pool.connect(isolated(server));
  const stream = await connection.stream('cat');
  const coming = pool.connect(isolated(server, { user: 'somebody' })).catch((error: unknown) => error);
  pool.dispose();
  expect((await stream.ended).lost).toBe(true);
  expect(await coming).toBeInstanceOf(Cancelled);
  await expect(pool.connect(isolated(server))).rejects.toBeInstanceOf(Cancelled);
});

function publicKeys(...servers: OpenSsh[]): string {
  return servers.map((one) => one.publicKey).join('\n');
}

test('a link that falls silent is found by keepalive, behind a jump host too, and what it carried is lost', async () => {
  home.configure(
    // A link that answers late on a busy machine is not silent.
    'ServerAliveInterval 3',
    'ServerAliveCountMax 2',
    `IdentityFile ${server.clientKey}`,
    'StrictHostKeyChecking accept-new',
  );
  const inner = await startOpenSsh({ authorizedKeys: [server.publicKey] });
  const stopped: number[] = [];
  try {
    const pool = home.pool();
    const behind = { host: '127.0.0.1', port: inner.port, proxyJump: `127.0.0.1:${server.port}` };
    const connection = await pool.connect(behind);
    const stream = await connection.stream('cat');
    for (const pid of openLogins(server.pid)) {
      process.kill(pid, 'SIGSTOP');
      stopped.push(pid);
    }
    expect(stopped).toHaveLength(1);
    const reason = new Promise((resolve) => connection.onClosed(resolve));
    expect(await stream.ended).toEqual({ code: undefined, signal: undefined, lost: true });
    await reason;
    expect(await stream.stdout.toArray()).toEqual([]);
    expect((await (await pool.connect(behind)).exec('echo again')).stdout.toString()).toBe('again\n');
  } finally {
    for (const pid of stopped) process.kill(pid, 'SIGKILL');
    await inner.stop();
  }
});

test('reconnect of a host behind a jump host takes a new way around a silent link', async () => {
  const inner = await startOpenSsh({ authorizedKeys: [server.publicKey] });
  try {
    home.configure(`IdentityFile ${server.clientKey}`, 'StrictHostKeyChecking accept-new');
    const pool = home.pool();
    const jump = { host: '127.0.0.1', port: server.port };
    const behind = { host: '127.0.0.1', port: inner.port, proxyJump: `127.0.0.1:${server.port}` };
    const first = await pool.connect(behind);
    const stream = await first.stream('cat');
    const [silent] = openLogins(server.pid);
    if (silent === undefined) throw new Error('the jump host has no login');
    process.kill(silent, 'SIGSTOP');
    await pool.reconnect(jump);
    const second = await pool.reconnect(behind);
    expect((await second.exec('echo around')).stdout.toString()).toBe('around\n');
    process.kill(silent, 'SIGKILL');
    expect((await stream.ended).lost).toBe(true);
    expect(await pool.connect(behind)).toBe(second);
  } finally {
    await inner.stop();
  }
});
