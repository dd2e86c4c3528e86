import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Cancelled } from '../../../src/base/errors';
import type { SshTarget } from '../../../src/ssh/target';
import { makeKey } from '../../support/openSsh';
import { startSshAgent } from '../../support/sshAgent';
import { failureOf, makeSshRig, targetOf } from '../../support/sshRig';
import type { SshRig } from '../../support/sshRig';
import { knowServers, rightPassword, startPasswordServer } from './passwordServer';
import type { PasswordServer, PasswordServerOptions } from './passwordServer';

let rig: SshRig;
beforeEach(() => (rig = makeSshRig()));
afterEach(() => rig.stop());

const interactive = { interactive: true };

async function serve(options: PasswordServerOptions = {}): Promise<PasswordServer> {
  const server = await startPasswordServer(options);
  rig.later(() => server.stop());
  knowServers(rig.home.knownHosts, server);
  return server;
}

const at = ({ port }: PasswordServer, more: Partial<SshTarget> = {}): SshTarget => ({
  host: '127.0.0.1',
  port,
  user: 'ada',
  ...more,
});

/** Answers one question after the other with these; then gives up. */
function answers(...texts: string[]): void {
  rig.home.answer = () => {
    const text = texts.shift();
    return Promise.resolve(text === undefined ? undefined : [text]);
  };
}

const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { interval: 10 }).toBe(true);

describe('a password', () => {
  test('is asked for by name when a person connects, and never by a reconnect', async () => {
    const server = await serve();
    answers(rightPassword);
    const pool = rig.home.pool();
    const alone = await failureOf(pool.connect(at(server)));
    expect([alone.code, alone.host]).toEqual(['ssh.needsPerson', '127.0.0.1']);
    expect(alone.nextStep).toMatch(/^Sign in again/);
    expect(rig.home.secrets).toEqual([]);

    const connection = await pool.connect(at(server), undefined, interactive);
    expect((await connection.exec('true')).stdout.toString()).toBe('in\n');
    expect(rig.home.secrets).toEqual([
      {
        host: `127.0.0.1:${server.port}`,
        user: 'ada',
        kind: 'password',
        title: `Sign in to ada@127.0.0.1:${server.port}`,
        prompts: [{ text: 'Password', echo: false }],
      },
    ]);
    // Who comes later without a person shares the connection; once it is gone there is nothing to send again.
    expect(await pool.connect(at(server))).toBe(connection);
    const again = await failureOf(pool.reconnect(at(server)));
    expect([again.code, again.nextStep]).toEqual([
      'ssh.needsPerson',
      expect.stringMatching(/^Sign in again/),
    ]);
    server.hangUp();
    await expect
      .poll(async () =>
        pool.connect(at(server)).then(
          () => 'connected',
          (error: unknown) => (error as { code: string }).code,
        ),
      )
      .toBe('ssh.needsPerson');
    expect(server.seen.filter((one) => one.startsWith('password'))).toEqual([`password ${rightPassword}`]);
    expect(rig.home.secrets).toHaveLength(1);
  });

  test('that is wrong is asked for again, as often as the configuration says', async () => {
    const server = await serve();
    answers('wrong', rightPassword);
    await rig.home.pool().connect(at(server), undefined, interactive);
    expect(rig.home.secrets.map((one) => one.instructions)).toEqual([
      undefined,
      'That was not accepted. Try again.',
    ]);
    answers('wrong', 'wrong', 'wrong', rightPassword);
    const error = await failureOf(rig.home.pool().connect(at(server), undefined, interactive));
    expect([error.code, error.message]).toEqual(['ssh.denied', expect.stringContaining('3 times')]);
    expect(rig.home.secrets).toHaveLength(5);
  });

  test('that is given up sends nothing', async () => {
    const server = await serve();
    const error = await failureOf(rig.home.pool().connect(at(server), undefined, interactive));
    expect([error.code, error.host]).toEqual(['ssh.cancelledLogin', '127.0.0.1']);
    expect(server.seen).toEqual(['none']);
  });

  test('is not offered to a host whose key is another one', async () => {
    const server = await serve();
    knowServers(rig.home.knownHosts, { ...server, hostKey: (await serve()).hostKey });
    const error = await failureOf(rig.home.pool().connect(at(server), undefined, interactive));
    expect(error.code).toBe('ssh.hostKeyChanged');
    expect([rig.home.secrets, server.seen]).toEqual([[], []]);
  });

  test('is asked for once, however many wait for it', async () => {
    const server = await serve();
    answers(rightPassword);
    const pool = rig.home.pool();
    const waiting = Array.from({ length: 5 }, (_, n) =>
      pool.connect(at(server), undefined, n === 0 ? interactive : {}),
    );
    const connections = new Set(await Promise.all(waiting));
    expect([connections.size, rig.home.secrets.length]).toEqual([1, 1]);
  });

  test('is asked for although a background connect is already under way', async () => {
    const server = await serve();
    answers(rightPassword);
    const pool = rig.home.pool();
    const background = failureOf(pool.connect(at(server)));
    await pool.connect(at(server), undefined, interactive);
    expect((await background).code).toBe('ssh.needsPerson');
  });

  test('of several hosts is asked for one after the other', async () => {
    const servers = [await serve(), await serve(), await serve()];
    knowServers(rig.home.knownHosts, ...servers);
    let open = 0;
    let most = 0;
    rig.home.answer = async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 50));
      open--;
      return [rightPassword];
    };
    const pool = rig.home.pool();
    await Promise.all(servers.map((server) => pool.connect(at(server), undefined, interactive)));
    expect([most, rig.home.secrets.length]).toEqual([1, 3]);
    // Whoever had to wait did not make its host wait with it.
    for (const server of servers) expect(server.seen.filter((one) => one !== 'none')).toHaveLength(1);
  });

  test('is taken back when the connect is cancelled, also where others only wait for it', async () => {
    const server = await serve();
    const controller = new AbortController();
    let signal: AbortSignal | undefined;
    rig.home.answer = (_question, own) => {
      signal = own;
      return new Promise(() => undefined);
    };
    const pool = rig.home.pool();
    const asked = pool.connect(at(server), controller.signal, interactive).catch((error: unknown) => error);
    await until(() => signal !== undefined);
    const background = failureOf(pool.connect(at(server)));
    controller.abort();
    expect(await asked).toBeInstanceOf(Cancelled);
    await until(() => signal?.aborted === true);
    expect((await background).code).toBe('ssh.needsPerson');
  });

  test('comes too late when the host hangs up meanwhile', async () => {
    const server = await serve();
    let signal: AbortSignal | undefined;
    rig.home.answer = (_question, own) => {
      signal = own;
      server.hangUp();
      return new Promise(() => undefined);
    };
    const error = await failureOf(rig.home.pool().connect(at(server), undefined, interactive));
    expect([error.code, error.message]).toEqual(['ssh.needsPerson', expect.stringContaining('hung up')]);
    expect(signal?.aborted).toBe(true);
  });

  test('is not asked for in BatchMode, nor where passwords are switched off', async () => {
    const server = await serve();
    for (const line of ['BatchMode yes', 'PasswordAuthentication no', 'PreferredAuthentications publickey']) {
      rig.home.configure(line);
      const error = await failureOf(rig.home.pool().connect(at(server), undefined, interactive));
      expect([line, error.code]).toEqual([line, 'ssh.noKey']);
    }
    expect(rig.home.secrets).toEqual([]);
  });

  test('comes before the keys where PreferredAuthentications says so', async () => {
    const server = await serve();
    const identityFile = makeKey(join(rig.home.directory, 'key'));
    rig.home.configure('PreferredAuthentications password,publickey');
    answers(rightPassword);
    await rig.home.pool().connect(at(server, { identityFile }), undefined, interactive);
    expect(server.seen).toEqual(['none', `password ${rightPassword}`]);
  });
});

describe('questions of the host', () => {
  const rounds = [
    {
      name: 'Two\u0007 steps',
      instructions: 'Look at\r\n\u001b[31myour phone',
      prompts: [
        { prompt: 'Code: ', echo: true },
        { prompt: 'PIN: ', echo: false },
      ],
      answers: ['123456', '42'],
    },
    { name: '', instructions: '', prompts: [{ prompt: 'Really? ', echo: true }], answers: ['yes'] },
  ];

  test('are put in its words, without control characters, round after round', async () => {
    const server = await serve({ factors: ['keyboard-interactive'], rounds });
    rig.home.answer = ({ prompts }) => Promise.resolve(prompts.length === 2 ? ['123456', '42'] : ['yes']);
    await rig.home.pool().connect(at(server), undefined, interactive);
    expect(
      rig.home.secrets.map(({ kind, instructions, prompts }) => ({ kind, instructions, prompts })),
    ).toEqual([
      {
        kind: 'keyboardInteractive',
        instructions: 'Two steps Look at [31myour phone',
        prompts: [
          { text: 'Code:', echo: true },
          { text: 'PIN:', echo: false },
        ],
      },
      { kind: 'keyboardInteractive', instructions: undefined, prompts: [{ text: 'Really?', echo: true }] },
    ]);
    expect(rig.home.secrets[0]?.title).toContain(`ada@127.0.0.1:${server.port}`);
  });

  test('that are given up end the login', async () => {
    const server = await serve({ factors: ['keyboard-interactive'], rounds });
    const error = await failureOf(rig.home.pool().connect(at(server), undefined, interactive));
    expect(error.code).toBe('ssh.cancelledLogin');
    expect(server.seen).toEqual(['none', 'keyboard-interactive']);
  });

  test.each(['a key file', 'one of several keys of an agent'])('follow %s as second factor', async (way) => {
    const identity = makeKey(join(rig.home.directory, 'key'));
    const publicKey = readFileSync(`${identity}.pub`, 'utf8').trim();
    const server = await serve({ factors: ['publickey', 'keyboard-interactive'], publicKey, rounds });
    rig.home.answer = ({ prompts }) => Promise.resolve(prompts.length === 2 ? ['123456', '42'] : ['yes']);
    const others = [1, 2, 3].map((n) => makeKey(join(rig.home.directory, `other${n}`)));
    const agent = await startSshAgent(others[0] ?? '', identity, ...others.slice(1));
    rig.later(() => agent.stop());
    const env: Record<string, string> = way === 'a key file' ? {} : { SSH_AUTH_SOCK: agent.socket };
    const target = at(server, way === 'a key file' ? { identityFile: identity } : {});
    const alone = await failureOf(rig.home.pool('reject', env).connect(target));
    expect([alone.code, alone.message]).toEqual([
      'ssh.needsPerson',
      expect.stringContaining('second factor'),
    ]);
    await rig.home.pool('reject', env).connect(target, undefined, interactive);
    expect(rig.home.secrets).toHaveLength(2);
  });
});

describe('the passphrase of a key file', () => {
  test.each(['ed25519', 'ecdsa', 'rsa'] as const)('opens an %s key, at the second try', async (type) => {
    const identityFile = makeKey(join(rig.home.directory, 'locked'), type, 'open sesame');
    const server = await rig.sshd({ authorizedKeys: [readFileSync(`${identityFile}.pub`, 'utf8').trim()] });
    rig.know(server);
    answers('wrong', 'open sesame');
    const target = targetOf(server, { identityFile });
    const connection = await rig.home.pool().connect(target, undefined, interactive);
    expect((await connection.exec('echo in')).stdout.toString()).toBe('in\n');
    expect(
      rig.home.secrets.map(({ kind, prompts, instructions }) => [kind, prompts[0]?.text, instructions]),
    ).toEqual([
      ['passphrase', `Passphrase of ${identityFile}`, undefined],
      ['passphrase', `Passphrase of ${identityFile}`, 'That was not its passphrase. Try again.'],
    ]);
  });

  test('is not asked for where the host does not take the key, nor where another key opens it', async () => {
    const locked = makeKey(join(rig.home.directory, 'locked'), 'ed25519', 'open sesame');
    const server = await rig.sshd();
    rig.know(server);
    const pool = rig.home.pool();
    expect(
      (await failureOf(pool.connect(targetOf(server, { identityFile: locked }), undefined, interactive)))
        .code,
    ).toMatch(/^ssh\./);
    rig.home.configure(`IdentityFile ${locked}`);
    await pool.connect(targetOf(server), undefined, interactive);
    expect(rig.home.secrets).toEqual([]);
  });

  test('is asked for once for all hosts that wait for it', async () => {
    const identityFile = makeKey(join(rig.home.directory, 'locked'), 'ed25519', 'open sesame');
    const authorizedKeys = [readFileSync(`${identityFile}.pub`, 'utf8').trim()];
    const servers = [await rig.sshd({ authorizedKeys }), await rig.sshd({ authorizedKeys })];
    rig.know(...servers);
    const pool = rig.home.pool();
    let waiting: Promise<unknown> | undefined;
    rig.home.answer = async () => {
      // The other host comes while the question is on the screen.
      const [, second] = servers;
      if (second !== undefined)
        waiting ??= pool.connect(targetOf(second, { identityFile }), undefined, interactive);
      await until(
        () =>
          second?.log().includes('Connection closed') === true ||
          second?.log().includes('closed by') === true,
      );
      return ['open sesame'];
    };
    const [first] = servers;
    if (first !== undefined) await pool.connect(targetOf(first, { identityFile }), undefined, interactive);
    await waiting;
    expect(rig.home.secrets).toHaveLength(1);
  });
});
