import { connect as connectTcp, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLogger } from '../../../src/base/logger';
import { Cancelled } from '../../../src/base/errors';
import type { Connection, SshPool } from '../../../src/ssh/connection';
import { runScriptText } from '../../../src/ssh/runScript';
import { createSshPool } from '../../../src/ssh/sshPool';
import { failureOf } from '../../support/sshRig';
import { makeSshHome } from '../../support/sshHome';
import type { SshHome } from '../../support/sshHome';

let home: SshHome;
let pool: SshPool;
let connection: Connection;
const target = { host: 'here', local: true };

beforeAll(async () => {
  home = makeSshHome();
  pool = home.pool('reject', { VSCODE_PID: '1', NODE_OPTIONS: '--none', LANG: 'C.UTF-8' });
  connection = await pool.connect(target);
});
afterAll(() => home.stop());

const text = async (command: string, stdin?: string): Promise<string> =>
  (await connection.exec(command, stdin === undefined ? {} : { stdin })).stdout.toString();

test('one connection, no key, nothing asked', async () => {
  expect([connection.host, connection.hostKey]).toEqual(['here', undefined]);
  expect(await pool.connect(target)).toBe(connection);
  expect(await pool.reconnect(target)).toBe(connection);
});

test('commands run by sh in the home directory and give code, signal and both outputs', async () => {
  const result = await connection.exec('pwd; echo err >&2; exit 7');
  expect([result.code, result.signal, result.stderr.toString()]).toEqual([7, undefined, 'err\n']);
  expect(result.stdout.toString().trim()).toBe(realpathSync(home.directory));
  expect(await connection.exec('kill -KILL $$')).toMatchObject({ code: undefined, signal: 'SIGKILL' });
  expect(await text('cat', 'in')).toBe('in');
  expect((await connection.exec('exit 0', { stdin: Buffer.alloc(6_000_000) })).code).toBe(0);
  expect(await runScriptText(connection, 'A script', 'echo "$1"', ['a b'])).toBe('\na b\n');
});

test('commands see a login, not the editor that Rankwise runs in', async () => {
  const seen = await text('env');
  expect(seen).toContain(`HOME=${home.directory}\n`);
  expect(seen).toContain('LANG=C.UTF-8');
  expect(seen).not.toMatch(/VSCODE_|NODE_OPTIONS|VITEST/);
});

test('each command leads a session of its own, so that what it starts outlives us', async () => {
  const [pid, session] = (await text('echo $$ $(cut -d" " -f6 /proc/$$/stat)')).trim().split(' ');
  expect(session).toBe(pid);
});

test('limits and cancelling hold as over SSH', async () => {
  const long = await failureOf(connection.exec('head -c 100000 /dev/zero', { maxOutputBytes: 50_000 }));
  expect([long.code, long.host]).toEqual(['ssh.outputTooLong', 'here']);
  const controller = new AbortController();
  const running = connection.exec('sleep 3', { signal: controller.signal }).catch((error: unknown) => error);
  controller.abort();
  expect(await running).toBeInstanceOf(Cancelled);
  await expect(connection.stream('true', { signal: controller.signal })).rejects.toBeInstanceOf(Cancelled);
});

test('streams', async () => {
  const stream = await connection.stream('read line; echo "got $line"; exit 4');
  stream.stdin.end('hello\n');
  expect(Buffer.concat((await stream.stdout.toArray()) as Buffer[]).toString()).toBe('got hello\n');
  expect(await stream.ended).toEqual({ code: 4, signal: undefined, lost: false });
  const full = await connection.stream('head -c 9000000 /dev/zero >&2; echo through');
  expect(Buffer.concat((await full.stdout.toArray()) as Buffer[]).toString()).toBe('through\n');
  const endless = await connection.stream('yes');
  endless.dispose();
  expect((await endless.ended).lost).toBe(false);
});

test('a stream that is given up ends a reader of standard input, as follow.sh is', async () => {
  const mark = join(home.directory, 'ended');
  const stream = await connection.stream(`cat >/dev/null; echo x >${mark}`);
  stream.dispose();
  await expect.poll(() => text(`cat ${mark} 2>/dev/null`)).toBe('x\n');
});

test('a terminal of the given size, which resizes', async () => {
  const command = 'stty size; until stty size | grep -x "40 120"; do sleep 0.1; done; exit 3';
  const shell = await connection.shell({ columns: 90, rows: 30 }, command);
  let seen = '';
  shell.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
  await expect.poll(() => seen).toContain('30 90');
  for (let columns = 100; columns <= 120; columns += 5) shell.resize({ columns, rows: 40 });
  await expect.poll(() => seen).toContain('40 120');
  expect((await shell.ended).code).toBe(3);
});

test('a forward is a connection from here', async () => {
  const far = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
  try {
    const forward = await connection.forward('127.0.0.1', (far.address() as AddressInfo).port);
    const socket = connectTcp(forward.localPort, '127.0.0.1');
    socket.end('round trip');
    expect(Buffer.concat((await socket.toArray()) as Buffer[]).toString()).toBe('round trip');
    forward.dispose();
  } finally {
    far.close();
  }
});

test('closing the pool ends streams as lost and leaves the processes', async () => {
  const own = home.pool();
  const local = await own.connect(target);
  const reasons: string[] = [];
  local.onClosed(({ reason }) => reasons.push(reason));
  const mark = join(home.directory, 'survived');
  writeFileSync(join(home.directory, 'job.sh'), `sleep 0.3; echo x >${mark}\n`);
  const stream = await local.stream('sh job.sh');
  own.dispose();
  expect((await stream.ended).lost).toBe(true);
  expect(reasons).toHaveLength(1);
  await expect(local.exec('true')).rejects.toMatchObject({ code: 'ssh.connectionLost' });
  await expect.poll(() => text(`cat ${mark} 2>/dev/null`)).toBe('x\n');
});

test('a terminal that cannot be had is told', async () => {
  const bare = home.pool('reject', { PATH: '/nowhere' });
  const error = await failureOf((await bare.connect(target)).shell({ columns: 80, rows: 24 }));
  expect([error.code, error.nextStep]).toEqual(['ssh.channelRefused', expect.stringContaining('script')]);
});

test('Windows is refused in plain words', async () => {
  const windows = createSshPool({
    ask: { hostKey: () => Promise.resolve('reject'), secret: () => Promise.resolve(undefined) },
    logger: silentLogger,
    environment: { platform: 'win32' },
  });
  const error = await failureOf(windows.connect(target));
  expect([error.code, error.host]).toEqual(['ssh.localUnsupported', 'here']);
});
