import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeKey } from '../../support/openSsh';
import { startSshAgent } from '../../support/sshAgent';
import { failureOf, makeSshRig, targetOf } from '../../support/sshRig';
import type { SshRig } from '../../support/sshRig';

let rig: SshRig;
beforeEach(() => (rig = makeSshRig()));
afterEach(() => rig.stop());

test.each(['ed25519', 'ecdsa', 'rsa'] as const)('with an %s key file', async (type) => {
  const key = makeKey(join(rig.home.directory, 'key'), type);
  const server = await rig.sshd({ authorizedKeys: [readFileSync(`${key}.pub`, 'utf8').trim()] });
  rig.know(server);
  const connection = await rig.home.pool().connect(targetOf(server, { identityFile: key }));
  const { code, stdout } = await connection.exec('printf hello');
  expect([code, stdout.toString()]).toEqual([0, 'hello']);
  expect(rig.home.questions).toEqual([]);
});

test('with a key of the agent', async () => {
  const server = await rig.sshd();
  rig.know(server);
  const agent = await startSshAgent(server.clientKey);
  rig.later(() => agent.stop());
  const pool = rig.home.pool('reject', { SSH_AUTH_SOCK: agent.socket });
  const connection = await pool.connect({ host: server.host, port: server.port });
  expect((await connection.exec('id -un')).stdout.toString().trim()).toBe(server.user);
});

test('with a key file that needs its passphrase, through the agent that has it open', async () => {
  const server = await rig.sshd();
  rig.know(server);
  const agent = await startSshAgent(server.clientKey);
  rig.later(() => agent.stop());
  const others = [1, 2, 3, 4, 5, 6].map((n) => makeKey(join(rig.home.directory, `other${n}`)));
  const crowd = await startSshAgent(...others, server.clientKey);
  rig.later(() => crowd.stop());
  const pool = rig.home.pool('reject', { SSH_AUTH_SOCK: crowd.socket });
  writeFileSync(join(rig.home.directory, 'locked.pub'), readFileSync(`${server.clientKey}.pub`));
  await pool.connect(targetOf(server, { identityFile: join(rig.home.directory, 'locked') }));
  rig.home.configure('IdentitiesOnly yes');
  const error = await failureOf(pool.connect({ host: server.host, port: server.port }));
  expect(error.code).toBe('ssh.noKey');
});

test('too many keys of an agent are named as the reason', async () => {
  const server = await rig.sshd();
  rig.know(server);
  const others = [1, 2, 3, 4, 5, 6, 7].map((n) => makeKey(join(rig.home.directory, `other${n}`)));
  const agent = await startSshAgent(...others);
  rig.later(() => agent.stop());
  const error = await failureOf(
    rig.home
      .pool('reject', { SSH_AUTH_SOCK: agent.socket })
      .connect({ host: server.host, port: server.port }),
  );
  expect([error.code, error.message]).toEqual(['ssh.noKey', expect.stringContaining('too many keys')]);
});

test('a key file that needs its passphrase says to use ssh-add', async () => {
  const server = await rig.sshd();
  rig.know(server);
  const locked = makeKey(join(rig.home.directory, 'locked'), 'ed25519', 'secret phrase');
  const error = await failureOf(rig.home.pool().connect(targetOf(server, { identityFile: locked })));
  expect([error.code, error.host]).toEqual(['ssh.needsPerson', server.host]);
  expect(error.nextStep).toContain(`ssh-add ${locked}`);
});

test('a key file that does not exist is an error, not a reason to try others', async () => {
  const server = await rig.sshd();
  const error = await failureOf(
    rig.home.pool().connect(targetOf(server, { identityFile: '~/.ssh/nowhere' })),
  );
  expect([error.code, error.message]).toEqual(['ssh.noKey', expect.stringContaining('/.ssh/nowhere')]);
});

test('a host that wants a password needs a person', async () => {
  const server = await rig.sshd({ authorizedKeys: [], config: ['PasswordAuthentication yes'] });
  rig.know(server);
  const error = await failureOf(rig.home.pool().connect(targetOf(server)));
  expect([error.code, error.host]).toEqual(['ssh.needsPerson', server.host]);
  expect(error.message).toContain('password');
  expect(error.nextStep).toContain(`ssh-copy-id -p ${server.port}`);
});

test('a host that wants a second factor needs a person', async () => {
  const server = await rig.sshd({
    config: ['PasswordAuthentication yes', 'AuthenticationMethods publickey,password'],
  });
  rig.know(server);
  const error = await failureOf(rig.home.pool().connect(targetOf(server)));
  expect([error.code, error.message]).toEqual(['ssh.needsPerson', expect.stringContaining('second factor')]);
});

test('a host that takes none of the keys says which were offered', async () => {
  const server = await rig.sshd({ authorizedKeys: [] });
  rig.know(server);
  const error = await failureOf(rig.home.pool().connect(targetOf(server)));
  expect([error.code, error.message]).toEqual(['ssh.noKey', expect.stringContaining(server.clientKey)]);
});
