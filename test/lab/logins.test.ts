import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Logger } from '../../src/base/logger';
import type { Ask, HostKeyQuestion, SecretQuestion } from '../../src/ssh/ask';
import type { SshPool } from '../../src/ssh/connection';
import { createSshPool } from '../../src/ssh/sshPool';
import { createLab, type Lab } from '../support/lab';
import { startSshAgent } from '../support/sshAgent';
import { failureOf } from '../support/sshRig';

const password = 'correct horse';
const interactive = { interactive: true };

let lab: Lab;
let directory: string;
let configFile: string;
let pools: SshPool[] = [];
let secrets: SecretQuestion[] = [];
let keys: HostKeyQuestion[] = [];
let log: string[] = [];

beforeAll(async () => {
  lab = await createLab({ hosts: 4, homes: 'each', passwordless: false });
  directory = await mkdtemp(join(tmpdir(), 'rankwise-logins-'));
  configFile = join(directory, 'config');
  for (const { name } of lab.hosts) {
    await root(
      name,
      `hash=$(openssl passwd -6 '${password}') && sed "s|^trainer:[^:]*:|trainer:$hash:|" /etc/shadow >/run/shadow && cat /run/shadow >/etc/shadow`,
    );
  }
  // node2 wants a password; node3 a key and then the questions of PAM.
  await sshd('node2', 'PubkeyAuthentication no', 'PasswordAuthentication yes', 'MaxAuthTries 2');
  await root(
    'node3',
    `printf 'auth required pam_unix.so\\naccount required pam_permit.so\\nsession required pam_permit.so\\n' >/run/pam && mount --bind /run/pam /etc/pam.d/sshd`,
  );
  await sshd(
    'node3',
    'UsePAM yes',
    'KbdInteractiveAuthentication yes',
    'AuthenticationMethods publickey,keyboard-interactive',
  );
});
afterAll(async () => {
  await lab.dispose();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  [pools, secrets, keys, log] = [[], [], [], []];
  await configure();
});
afterEach(() => {
  for (const pool of pools) pool.dispose();
});

/** What stands first in a configuration counts. */
async function configure(...lines: string[]): Promise<void> {
  await writeFile(configFile, `${lines.join('\n')}\n${await readFile(lab.sshConfigFile, 'utf8')}`);
}
async function root(host: string, command: string): Promise<void> {
  const { code, stderr } = await lab.exec(host, command, { user: 'root' });
  if (code !== 0) throw new Error(`${host}: ${command}: ${stderr}`);
}
async function sshd(host: string, ...lines: string[]): Promise<void> {
  const text = lines.map((line) => `${line}\\n`).join('');
  await root(
    host,
    `{ printf '${text}'; cat /etc/ssh/sshd_config; } >/run/new && cat /run/new >/etc/ssh/sshd_config`,
  );
  lab.stopSshd(host);
  await lab.startSshd(host);
}
const give =
  (...answers: (string[] | undefined)[]): Ask['secret'] =>
  () =>
    Promise.resolve(answers.shift());
function pool(answer: Ask['secret'], env: Record<string, string> = {}): SshPool {
  const note = (message: string): void => void log.push(message);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const made = createSshPool({
    ask: {
      hostKey: (question) => {
        keys.push(question);
        return Promise.resolve('accept');
      },
      secret: (question, signal) => {
        secrets.push(question);
        return answer(question, signal);
      },
    },
    logger,
    configFile: () => configFile,
    environment: { env: { PATH: process.env['PATH'], ...env } },
  });
  pools.push(made);
  return made;
}
/** How often a host was offered a password, by its own log, where a line may come after the answer that it is about. */
async function passwordsSeen(host: string): Promise<{ accepted: number; failed: number }> {
  const { stdout } = await lab.exec(host, 'cat /run/sshd.log', { user: 'root' });
  const count = (word: string): number => stdout.split(`${word} password for`).length - 1;
  return { accepted: count('Accepted'), failed: count('Failed') };
}

it('takes the password of a real sshd once, and a reconnect sends nothing', async () => {
  const ssh = pool(give([password]));
  expect((await failureOf(ssh.connect(lab.target('node2')))).code).toBe('ssh.needsPerson');
  const connection = await ssh.connect(lab.target('node2'), undefined, interactive);
  expect((await connection.exec('uname -n')).stdout.toString()).toBe('node2\n');
  const error = await failureOf(ssh.reconnect(lab.target('node2')));
  expect([error.code, error.nextStep]).toEqual(['ssh.needsPerson', expect.stringMatching(/^Sign in again/)]);
  expect(secrets.map(({ title, kind }) => [title, kind])).toEqual([['Sign in to trainer@node2', 'password']]);
  await expect.poll(() => passwordsSeen('node2')).toEqual({ accepted: 1, failed: 0 });
  expect(log.join('\n')).not.toContain(password);
});

it('asks again for a wrong one until the host has had enough', async () => {
  const before = (await passwordsSeen('node2')).failed;
  const error = await failureOf(
    pool(give(['a'], ['b'], ['c'])).connect(lab.target('node2'), undefined, interactive),
  );
  expect([error.code, error.host]).toEqual(['ssh.denied', 'node2']);
  expect(secrets.map(({ instructions }) => instructions)).toEqual([
    undefined,
    'That was not accepted. Try again.',
  ]);
  await expect.poll(async () => (await passwordsSeen('node2')).failed - before).toBe(2);
});

it('hangs up where the person gives up, without a failed login on the host', async () => {
  const before = await passwordsSeen('node2');
  const error = await failureOf(pool(give(undefined)).connect(lab.target('node2'), undefined, interactive));
  expect(error.code).toBe('ssh.cancelledLogin');
  expect(await passwordsSeen('node2')).toEqual(before);
});

it.each(['a key file', 'a key of the agent'])('signs in with %s and the questions of PAM', async (way) => {
  const agent = await startSshAgent(lab.identityFile);
  try {
    const byAgent = way !== 'a key file';
    if (byAgent) await configure('IdentityFile none', `IdentityAgent ${agent.socket}`, 'IdentitiesOnly no');
    const ssh = pool(give(['wrong'], [password]));
    const alone = await failureOf(ssh.connect(lab.target('node3')));
    expect([alone.code, alone.message]).toEqual([
      'ssh.needsPerson',
      expect.stringContaining('second factor'),
    ]);
    const connection = await ssh.connect(lab.target('node3'), undefined, interactive);
    expect((await connection.exec('uname -n')).stdout.toString()).toBe('node3\n');
    expect(secrets.map(({ kind, prompts }) => [kind, prompts])).toEqual([
      ['keyboardInteractive', [{ text: 'Password:', echo: false }]],
      ['keyboardInteractive', [{ text: 'Password:', echo: false }]],
    ]);
  } finally {
    agent.stop();
  }
});

it('goes through three hosts, of which one wants a password and one a second factor, each named', async () => {
  const ssh = pool(give([password], [password]));
  const target = { ...lab.target('node4'), proxyJump: 'node1,node2,node3' };
  const alone = await failureOf(ssh.connect(target));
  expect([alone.code, alone.host, alone.message]).toEqual([
    'ssh.needsPerson',
    'node4',
    expect.stringContaining('through node2'),
  ]);
  const connection = await ssh.connect(target, undefined, interactive);
  const [from] = (await connection.exec('echo $SSH_CONNECTION')).stdout.toString().split(' ');
  expect(from).toBe(lab.hosts[2]?.address);
  expect(secrets.map(({ host, title, hop }) => ({ host, title, hop }))).toEqual([
    {
      host: 'node2',
      title: 'Sign in to trainer@node2 (hop 2 on the way to node4)',
      hop: { number: 2, destination: 'node4' },
    },
    {
      host: 'node3',
      title: 'Sign in to trainer@node3 (hop 3 on the way to node4)',
      hop: { number: 3, destination: 'node4' },
    },
  ]);
  // The jumps stand: the last host is reached anew without anybody.
  expect((await (await ssh.reconnect(target)).exec('uname -n')).stdout.toString()).toBe('node4\n');
  expect(secrets).toHaveLength(2);
});

it('asks for nothing before every host on the way has shown its key', async () => {
  const knownHosts = join(directory, 'known_hosts');
  const lines = (await readFile(lab.knownHostsFile, 'utf8')).split('\n');
  await writeFile(knownHosts, lines.filter((line) => !line.startsWith('node2,')).join('\n'));
  await configure(`UserKnownHostsFile ${knownHosts}`);
  const order: string[] = [];
  const ssh = pool((question) => {
    order.push(`secret ${question.host}`, `keys ${keys.map(({ host }) => host).join()}`);
    return Promise.resolve([password]);
  });
  const target = { ...lab.target('node4'), proxyJump: 'node1,node2' };
  await ssh.connect(target, undefined, interactive);
  expect(order).toEqual(['secret node2', 'keys node2']);

  // Somebody in between shows another key: not even the question comes.
  await writeFile(
    knownHosts,
    lines
      .map((line) => (line.startsWith('node2,') ? line.replace(/\S+$/, lines[0]?.split(' ')[2] ?? '') : line))
      .join('\n'),
  );
  secrets = [];
  const error = await failureOf(pool(give([password])).connect(target, undefined, interactive));
  expect([error.code, secrets]).toEqual(['ssh.hostKeyChanged', []]);
});
