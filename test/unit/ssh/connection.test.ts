import { readFileSync } from 'node:fs';
import { connect as connectTcp, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Cancelled, RankwiseError } from '../../../src/base/errors';
import type { Connection, SshPool } from '../../../src/ssh/connection';
import type { SshTarget } from '../../../src/ssh/target';
import { endLogins, startOpenSsh } from '../../support/openSsh';
import type { OpenSsh } from '../../support/openSsh';
import { makeSshHome } from '../../support/sshHome';
import type { SshHome } from '../../support/sshHome';

let server: OpenSsh;
let home: SshHome;
let pool: SshPool;
let target: SshTarget;
let connection: Connection;

beforeAll(async () => {
  server = await startOpenSsh();
  home = makeSshHome();
  pool = home.pool();
  target = targetOf(server);
  connection = await pool.connect(target);
});
afterAll(async () => {
  home.stop();
  await server.stop();
});

function targetOf(one: OpenSsh): SshTarget {
  const isolated = { knownHostsFile: one.knownHostsFile };
  return { host: one.host, port: one.port, user: one.user, identityFile: one.clientKey, isolated };
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'it succeeded',
    (reason: unknown) => reason,
  );
}

describe('exec', () => {
  test('gives the exit code and both outputs apart', async () => {
    const result = await connection.exec('echo out; echo err >&2; exit 7');
    expect([result.code, result.signal]).toEqual([7, undefined]);
    expect([result.stdout.toString(), result.stderr.toString()]).toEqual(['out\n', 'err\n']);
  });

  test('gives the signal that ended the command', async () => {
    const result = await connection.exec('kill -KILL $$');
    expect([result.code, result.signal]).toEqual([undefined, 'SIGKILL']);
  });

  test('passes bytes unchanged both ways, also when they are many', async () => {
    const bytes = Buffer.from(Array.from({ length: 5_000_000 }, (_, index) => (index * 7) % 256));
    const whole = await connection.exec('cat', { stdin: bytes });
    const streamed = await connection.exec('cat', {
      stdin: Readable.from([bytes.subarray(0, 9), bytes.subarray(9)]),
    });
    expect(whole.stdout.equals(bytes)).toBe(true);
    expect(streamed.stdout.equals(bytes)).toBe(true);
  });

  test('closes standard input where none is given', async () => {
    expect((await connection.exec('cat; echo done')).stdout.toString()).toBe('done\n');
  });

  test('does not stall on input that the command does not read', async () => {
    const result = await connection.exec('exit 0', { stdin: Buffer.alloc(6_000_000) });
    expect(result.code).toBe(0);
  });

  test('refuses output beyond its limit, and goes on working', async () => {
    const error = await failure(connection.exec('head -c 100000 /dev/zero', { maxOutputBytes: 50_000 }));
    expect(error).toMatchObject({ code: 'ssh.outputTooLong', host: '127.0.0.1' });
    expect((await connection.exec('echo still')).stdout.toString()).toBe('still\n');
  });

  test('20 at once all run, within the budget of channels', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => connection.exec(`sleep 0.1; echo ${index}`)),
    );
    expect(results.map((one) => one.stdout.toString())).toEqual(
      Array.from({ length: 20 }, (_, n) => `${n}\n`),
    );
  });

  test('a cancelled one is cancelled at once, running or waiting', async () => {
    const begun = join(server.directory, 'begun');
    // Without an end as long as the server stands.
    const command = `echo x >>${begun}; while [ -d ${server.directory} ]; do sleep 0.2; done`;
    const controllers = Array.from({ length: 12 }, () => new AbortController());
    const running = controllers.map(({ signal }) => failure(connection.exec(command, { signal })));
    // Eight are the budget of channels; the others wait.
    await expect.poll(() => readFileSync(begun, 'utf8')).toBe('x\n'.repeat(8));
    for (const controller of controllers) controller.abort();
    for (const error of await Promise.all(running)) expect(error).toBeInstanceOf(Cancelled);
    // The commands run on and hold their channels: whoever asks the pool now gets a connection with free ones.
    const fresh = await pool.connect(target);
    expect(fresh).not.toBe(connection);
    expect((await fresh.exec('echo free')).stdout.toString()).toBe('free\n');
    connection = fresh;
  });
});

test('a server with fewer sessions than the budget still serves all commands', async () => {
  const small = await startOpenSsh({ config: ['MaxSessions 2'] });
  try {
    const narrow = await pool.connect(targetOf(small));
    const results = await Promise.all(
      Array.from({ length: 9 }, (_, n) => narrow.exec(`sleep 0.05; echo ${n}`)),
    );
    expect(results.map((one) => one.stdout.toString())).toEqual(
      Array.from({ length: 9 }, (_, n) => `${n}\n`),
    );
  } finally {
    await small.stop();
  }
});

describe('stream', () => {
  test('hands out streams and ends once', async () => {
    const stream = await connection.stream('read line; echo "got $line"; exit 4');
    stream.stdin.end('hello\n');
    const chunks = await stream.stdout.toArray();
    expect(Buffer.concat(chunks as Buffer[]).toString()).toBe('got hello\n');
    expect(await stream.ended).toEqual({ code: 4, signal: undefined, lost: false });
  });

  test('a full standard error nobody reads does not stop the command', async () => {
    const stream = await connection.stream('head -c 9000000 /dev/zero >&2; echo through');
    stream.stdin.end();
    expect(Buffer.concat((await stream.stdout.toArray()) as Buffer[]).toString()).toBe('through\n');
  });

  test('disposing ends it, read or not, and gives its channel back', async () => {
    for (let round = 0; round < 10; round++) {
      const stream = await connection.stream('yes');
      if (round % 2 === 0) stream.stdout.once('data', () => undefined);
      stream.dispose();
      expect((await stream.ended).lost).toBe(false);
    }
  });

  test('commands find room beside many streams', async () => {
    const controller = new AbortController();
    const streams = Array.from({ length: 9 }, () => connection.stream('cat', { signal: controller.signal }));
    await Promise.all(streams.slice(0, 6));
    expect((await connection.exec('echo room')).stdout.toString()).toBe('room\n');
    controller.abort();
    const ends = await Promise.all(streams.map((one) => failure(one)));
    expect(ends.filter((end) => end instanceof Cancelled)).toHaveLength(3);
  });
});

test('a shell has a terminal of the given size, and resizes', async () => {
  const shell = await connection.shell({ columns: 90, rows: 30 }, 'stty size; read x; stty size');
  let text = '';
  shell.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await expect.poll(() => text).toContain('30 90');
  shell.resize({ columns: 120, rows: 40 });
  shell.stdin.write('\n');
  expect((await shell.ended).code).toBe(0);
  expect(text).toContain('40 120');
});

test('a login shell answers', async () => {
  const shell = await connection.shell({ columns: 80, rows: 24 });
  let text = '';
  shell.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  shell.stdin.write('echo $((6 * 7)); exit\n');
  await shell.ended;
  expect(text).toContain('42');
});

test('a forward listens on loopback and comes out at the far end until it is disposed', async () => {
  const far = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
  try {
    const forward = await connection.forward('127.0.0.1', (far.address() as AddressInfo).port);
    const socket = connectTcp(forward.localPort, '127.0.0.1');
    socket.end('round trip');
    expect(Buffer.concat((await socket.toArray()) as Buffer[]).toString()).toBe('round trip');
    forward.dispose();
    const refused = await new Promise((resolve) =>
      connectTcp(forward.localPort, '127.0.0.1').on('error', resolve),
    );
    expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
  } finally {
    far.close();
  }
});

describe('a connection that goes away', () => {
  test('ends commands and streams as lost, tells why, and is made anew', async () => {
    const other = await startOpenSsh();
    try {
      const first = await pool.connect(targetOf(other));
      const reasons: string[] = [];
      first.onClosed(({ reason }) => reasons.push(reason));
      const stream = await first.stream('cat');
      const command = failure(first.exec('sleep 30'));
      const queued = Array.from({ length: 12 }, () => failure(first.exec('sleep 30')));
      endLogins(other.pid);
      for (const error of await Promise.all([command, ...queued])) {
        expect(error).toMatchObject({ code: 'ssh.connectionLost' });
      }
      expect(await stream.ended).toEqual({ code: undefined, signal: undefined, lost: true });
      expect(reasons).toHaveLength(1);
      expect(await failure(first.exec('true'))).toBeInstanceOf(RankwiseError);
      const second = await pool.connect(targetOf(other));
      expect(second).not.toBe(first);
      expect((await second.exec('echo back')).stdout.toString()).toBe('back\n');
    } finally {
      await other.stop();
    }
  });
});
