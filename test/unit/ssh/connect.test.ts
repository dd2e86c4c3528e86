import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RankwiseError } from '../../../src/base/errors';
import type { SshTarget } from '../../../src/ssh/target';
import { freePort, makeKey, startOpenSsh } from '../../support/openSsh';
import type { OpenSsh, OpenSshOptions } from '../../support/openSsh';
import { startSshAgent } from '../../support/sshAgent';
import { makeSshHome } from '../../support/sshHome';
import type { SshHome } from '../../support/sshHome';

let home: SshHome;
let cleanUp: (() => unknown)[] = [];

beforeEach(() => {
  home = makeSshHome();
  cleanUp = [() => home.stop()];
});
afterEach(async () => {
  for (const step of cleanUp) await step();
});

async function sshd(options: OpenSshOptions = {}): Promise<OpenSsh> {
  const server = await startOpenSsh(options);
  cleanUp.push(() => server.stop());
  return server;
}

const target = (server: OpenSsh, more: Partial<SshTarget> = {}): SshTarget => ({
  host: server.host,
  port: server.port,
  identityFile: server.clientKey,
  ...more,
});

function know(...servers: OpenSsh[]): void {
  writeFileSync(home.knownHosts, servers.map((one) => readFileSync(one.knownHostsFile, 'utf8')).join(''));
}

async function failure(promise: Promise<unknown>): Promise<RankwiseError> {
  const error: unknown = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof RankwiseError)) throw error;
  return error;
}

describe('logging in', () => {
  test.each(['ed25519', 'ecdsa', 'rsa'] as const)('with an %s key file', async (type) => {
    const key = makeKey(join(home.directory, 'key'), type);
    const server = await sshd({ authorizedKeys: [readFileSync(`${key}.pub`, 'utf8').trim()] });
    know(server);
    const connection = await home.pool().connect(target(server, { identityFile: key }));
    const { code, stdout } = await connection.exec('printf hello');
    expect([code, stdout.toString()]).toEqual([0, 'hello']);
    expect(home.questions).toEqual([]);
  });

  test('with a key of the agent', async () => {
    const server = await sshd();
    know(server);
    const agent = await startSshAgent(server.clientKey);
    cleanUp.push(() => agent.stop());
    const pool = home.pool('reject', { SSH_AUTH_SOCK: agent.socket });
    const connection = await pool.connect({ host: server.host, port: server.port });
    expect((await connection.exec('id -un')).stdout.toString().trim()).toBe(server.user);
  });

  test('with a key file that needs its passphrase, through the agent that has it open', async () => {
    const server = await sshd();
    know(server);
    const agent = await startSshAgent(server.clientKey);
    cleanUp.push(() => agent.stop());
    const others = [1, 2, 3, 4, 5, 6].map((n) => makeKey(join(home.directory, `other${n}`)));
    const crowd = await startSshAgent(...others, server.clientKey);
    cleanUp.push(() => crowd.stop());
    const pool = home.pool('reject', { SSH_AUTH_SOCK: crowd.socket });
    writeFileSync(join(home.directory, 'locked.pub'), readFileSync(`${server.clientKey}.pub`));
    await pool.connect(target(server, { identityFile: join(home.directory, 'locked') }));
    home.configure('IdentitiesOnly yes');
    const error = await failure(pool.connect({ host: server.host, port: server.port }));
    expect(error.code).toBe('ssh.noKey');
  });

  test('too many keys of an agent are named as the reason', async () => {
    const server = await sshd();
    know(server);
    const others = [1, 2, 3, 4, 5, 6, 7].map((n) => makeKey(join(home.directory, `other${n}`)));
    const agent = await startSshAgent(...others);
    cleanUp.push(() => agent.stop());
    const error = await failure(
      home.pool('reject', { SSH_AUTH_SOCK: agent.socket }).connect({ host: server.host, port: server.port }),
    );
    expect([error.code, error.message]).toEqual(['ssh.noKey', expect.stringContaining('too many keys')]);
  });

  test('a key file that needs its passphrase says to use ssh-add', async () => {
    const server = await sshd();
    know(server);
    const locked = makeKey(join(home.directory, 'locked'), 'ed25519', 'secret phrase');
    const error = await failure(home.pool().connect(target(server, { identityFile: locked })));
    expect([error.code, error.host]).toEqual(['ssh.needsPerson', server.host]);
    expect(error.nextStep).toContain(`ssh-add ${locked}`);
  });

  test('a key file that does not exist is an error, not a reason to try others', async () => {
    const server = await sshd();
    const error = await failure(home.pool().connect(target(server, { identityFile: '~/.ssh/nowhere' })));
    expect([error.code, error.message]).toEqual(['ssh.noKey', expect.stringContaining('/.ssh/nowhere')]);
  });

  test('a host that wants a password needs a person', async () => {
    const server = await sshd({ authorizedKeys: [], config: ['PasswordAuthentication yes'] });
    know(server);
    const error = await failure(home.pool().connect(target(server)));
    expect([error.code, error.host]).toEqual(['ssh.needsPerson', server.host]);
    expect(error.message).toContain('password');
    expect(error.nextStep).toContain(`ssh-copy-id -p ${server.port}`);
  });

  test('a host that wants a second factor needs a person', async () => {
    const server = await sshd({
      config: ['PasswordAuthentication yes', 'AuthenticationMethods publickey,password'],
    });
    know(server);
    const error = await failure(home.pool().connect(target(server)));
    expect([error.code, error.message]).toEqual([
      'ssh.needsPerson',
      expect.stringContaining('second factor'),
    ]);
  });

  test('a host that takes none of the keys says which were offered', async () => {
    const server = await sshd({ authorizedKeys: [] });
    know(server);
    const error = await failure(home.pool().connect(target(server)));
    expect([error.code, error.message]).toEqual(['ssh.noKey', expect.stringContaining(server.clientKey)]);
  });
});

describe('host keys', () => {
  test('an unknown key is asked for once by many connects, with its fingerprint, and kept', async () => {
    const server = await sshd();
    const pool = home.pool('accept');
    const spellings = [{}, { user: server.user }, { host: `${server.user}@127.0.0.1` }];
    const connections = await Promise.all(spellings.map((more) => pool.connect(target(server, more))));
    expect(new Set(connections).size).toBe(3);
    expect(home.questions).toHaveLength(1);
    const [question] = home.questions;
    const shown = execFileSync('ssh-keygen', ['-lf', join(server.directory, 'host_ed25519.pub')], {
      encoding: 'utf8',
    });
    expect(shown.split(' ')[1]).toBe(question?.fingerprint);
    expect(question).toMatchObject({
      host: `127.0.0.1:${server.port}`,
      keyType: 'ssh-ed25519',
      knownHostsFile: home.knownHosts,
    });
    expect(readFileSync(home.knownHosts, 'utf8')).toBe(`[127.0.0.1]:${server.port} ${server.hostKey()}\n`);
    expect(statSync(home.knownHosts).mode & 0o777).toBe(0o600);
  });

  test('a rejected key stops the connect before a login is tried, and is not kept', async () => {
    const server = await sshd({ config: ['LogLevel DEBUG1'] });
    const error = await failure(home.pool('reject').connect(target(server)));
    expect([error.code, error.host]).toEqual(['ssh.hostKeyRejected', server.host]);
    expect(() => readFileSync(home.knownHosts)).toThrow('ENOENT');
    expect(server.log()).toContain('Connection from');
    expect(server.log()).not.toContain('userauth-request');
  });

  test('a changed key is refused with file and line, whatever StrictHostKeyChecking says', async () => {
    const server = await sshd();
    const other = await sshd();
    const line = `[127.0.0.1]:${server.port} ${other.hostKey()}\n`;
    writeFileSync(home.knownHosts, `# a comment\n${line}`);
    for (const strict of ['yes', 'no', 'accept-new', 'ask']) {
      home.configure(`StrictHostKeyChecking ${strict}`);
      const error = await failure(home.pool('accept').connect(target(server)));
      expect([error.code, error.host]).toEqual(['ssh.hostKeyChanged', server.host]);
      expect(error.message).toContain(`${home.knownHosts}:2`);
    }
    expect(home.questions).toEqual([]);
    expect(readFileSync(home.knownHosts, 'utf8')).toBe(`# a comment\n${line}`);
  });

  test('a revoked key is refused with file and line', async () => {
    const server = await sshd();
    writeFileSync(
      home.knownHosts,
      `@revoked * ${server.hostKey()}\n${readFileSync(server.knownHostsFile, 'utf8')}`,
    );
    const error = await failure(home.pool('accept').connect(target(server)));
    expect([error.code, error.message]).toEqual([
      'ssh.hostKeyRevoked',
      expect.stringContaining(`${home.knownHosts}:1`),
    ]);
  });

  test('a key in RevokedHostKeys is refused', async () => {
    const server = await sshd();
    know(server);
    const file = join(home.directory, 'revoked');
    writeFileSync(file, `${server.hostKey()} old\n`);
    home.configure(`RevokedHostKeys ${file}`);
    const error = await failure(home.pool('accept').connect(target(server)));
    expect([error.code, error.message]).toEqual(['ssh.hostKeyRevoked', expect.stringContaining(`${file}:1`)]);
  });

  test('a host with several keys shows the one on file', async () => {
    const server = await sshd({ hostKeys: ['ed25519', 'ecdsa', 'rsa'] });
    for (const type of ['rsa', 'ecdsa', 'ed25519'] as const) {
      writeFileSync(home.knownHosts, `[127.0.0.1]:${server.port} ${server.hostKey(type)}\n`);
      await home.pool('reject').connect(target(server));
    }
    expect(home.questions).toEqual([]);
  });

  test('StrictHostKeyChecking yes refuses an unknown key, accept-new adds it', async () => {
    const server = await sshd();
    home.configure('StrictHostKeyChecking yes');
    expect((await failure(home.pool('accept').connect(target(server)))).code).toBe('ssh.hostKeyRejected');
    home.configure('StrictHostKeyChecking accept-new', 'HashKnownHosts yes');
    await home.pool('reject').connect(target(server));
    expect(home.questions).toEqual([]);
    const added = readFileSync(home.knownHosts, 'utf8');
    expect(added).toMatch(/^\|1\|/);
    home.configure('StrictHostKeyChecking yes');
    await home.pool('reject').connect(target(server));
    expect(readFileSync(home.knownHosts, 'utf8')).toBe(added);
  });

  test('HostKeyAlias names the key', async () => {
    const server = await sshd();
    writeFileSync(home.knownHosts, `theAlias ${server.hostKey()}\n`);
    home.configure('HostKeyAlias theAlias');
    await home.pool('reject').connect(target(server));
    expect(home.questions).toEqual([]);
  });

  test('a host known only by a certificate authority says that this is not supported', async () => {
    const server = await sshd();
    writeFileSync(home.knownHosts, `@cert-authority * ${server.hostKey()}\n`);
    const error = await failure(home.pool('accept').connect(target(server)));
    expect([error.code, error.message]).toEqual([
      'ssh.hostKeyRejected',
      expect.stringContaining('certificate authority'),
    ]);
  });

  test('where no file keeps keys, an accepted one holds for the pool', async () => {
    const server = await sshd();
    home.configure('UserKnownHostsFile /dev/null');
    const pool = home.pool('accept');
    await pool.connect(target(server));
    await pool.reconnect(target(server));
    expect(home.questions).toHaveLength(1);
  });

  test('an isolated target uses its own files and never the configuration', async () => {
    const server = await sshd();
    home.configure('this line would make ssh -G fail');
    const isolated = { knownHostsFile: server.knownHostsFile };
    const pool = home.pool('accept');
    await pool.connect(target(server, { isolated, user: server.user }));
    const empty = { knownHostsFile: join(home.directory, 'none') };
    const error = await failure(pool.connect(target(server, { isolated: empty, user: server.user })));
    expect([error.code, home.questions]).toEqual(['ssh.hostKeyRejected', []]);
  });
});

describe('the way to a host', () => {
  test('a refused port names host, address and next step', async () => {
    const port = await freePort();
    const error = await failure(home.pool().connect({ host: '127.0.0.1', port }));
    expect([error.code, error.host]).toEqual(['ssh.refused', '127.0.0.1']);
    expect(error.message).toContain(`port ${port}`);
    expect(error.nextStep).toBeDefined();
  });

  test('an alias of the configuration leads to its host, port, user and key', async () => {
    const server = await sshd();
    know(server);
    home.configure(
      'Host gpu',
      'HostName 127.0.0.1',
      `Port ${server.port}`,
      `IdentityFile ${server.clientKey}`,
    );
    const connection = await home.pool().connect({ host: 'gpu' });
    expect(connection.host).toBe('gpu');
    expect((await connection.exec('exit 3')).code).toBe(3);
  });

  test('through a second server, whose key is checked too', async () => {
    const bastion = await sshd();
    const inner = await sshd();
    home.configure(
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
    const pool = home.pool('accept');
    const connection = await pool.connect({ host: 'node' });
    expect(home.questions.map((one) => one.host)).toEqual([`bastion:${bastion.port}`, `node:${inner.port}`]);
    const seen = await connection.exec('echo $SSH_CONNECTION');
    expect(seen.stdout.toString()).toContain(` ${inner.port}\n`);
    expect(bastion.log()).toContain('Accepted publickey');
  });

  test('through two hops named in the target', async () => {
    const servers = [await sshd(), await sshd(), await sshd()] as const;
    know(...servers);
    home.configure(
      ...servers.flatMap((one) => [
        `Match originalhost 127.0.0.1 exec "test %p = ${one.port}"`,
        `IdentityFile ${one.clientKey}`,
      ]),
    );
    const [first, second, last] = servers;
    const proxyJump = `127.0.0.1:${first.port},127.0.0.1:${second.port}`;
    const connection = await home.pool().connect(target(last, { proxyJump }));
    expect((await connection.exec('echo ok')).stdout.toString()).toBe('ok\n');
    expect(second.log()).toContain('Accepted publickey');
  });

  test('a jump host that refuses is named beside the host behind it', async () => {
    const port = await freePort();
    const error = await failure(home.pool().connect({ host: 'node9', proxyJump: `127.0.0.1:${port}` }));
    expect([error.code, error.host]).toEqual(['ssh.refused', 'node9']);
    expect(error.message).toContain('through 127.0.0.1');
  });

  test('a host that the jump host cannot reach is refused with the route', async () => {
    const bastion = await sshd();
    know(bastion);
    home.configure(`IdentityFile ${bastion.clientKey}`);
    const port = await freePort();
    const error = await failure(
      home.pool().connect({ host: '127.0.0.1', port, proxyJump: `127.0.0.1:${bastion.port}` }),
    );
    expect([error.code, error.message]).toEqual([
      'ssh.refused',
      expect.stringContaining('through 127.0.0.1'),
    ]);
  });

  test('jumps in a circle are an error', async () => {
    home.configure('Host a', 'ProxyJump b', 'Host b', 'ProxyJump a');
    const pool = home.pool();
    const errors = await Promise.all(['a', 'b'].map((host) => failure(pool.connect({ host }))));
    expect(errors.map((error) => error.code)).toEqual(['ssh.unresolved', 'ssh.unresolved']);
    expect(errors[0]?.message).toContain('circle');
  });

  test('a ProxyCommand of the configuration carries the connection', async () => {
    const server = await sshd();
    know(server);
    const pipe = join(home.directory, 'pipe.mjs');
    writeFileSync(
      pipe,
      `import { connect } from 'node:net';
      const socket = connect(Number(process.argv[3]), process.argv[2]);
      process.stdin.pipe(socket).pipe(process.stdout);`,
    );
    home.configure(
      'Host gpu',
      'HostName 127.0.0.1',
      `Port ${server.port}`,
      `ProxyCommand '${process.execPath}' '${pipe}' %h %p`,
      `IdentityFile ${server.clientKey}`,
    );
    const big = await (await home.pool().connect({ host: 'gpu' })).exec('head -c 3000000 /dev/zero');
    expect(big.stdout.length).toBe(3_000_000);
  });

  test('a ProxyCommand that fails is told in its own words', async () => {
    home.configure('Host gpu', "ProxyCommand sh -c 'echo no tunnel for %h >&2; exit 1'");
    const error = await failure(home.pool().connect({ host: 'gpu' }));
    expect([error.host, error.message]).toEqual(['gpu', expect.stringContaining('no tunnel for gpu')]);
  });

  test('a broken configuration is told with file and line', async () => {
    home.configure('Host a', 'Nonsense yes');
    const error = await failure(home.pool().connect({ host: 'a' }));
    expect([error.code, error.message]).toEqual(['ssh.unresolved', expect.stringContaining('line 2')]);
  });
});
