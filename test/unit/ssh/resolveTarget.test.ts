import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RankwiseError } from '../../../src/base/errors';
import { formatJumps, parseDestination, parseJumps } from '../../../src/ssh/destination';
import { systemEnvironment } from '../../../src/ssh/environment';
import { queryArguments, splitFiles } from '../../../src/ssh/openSshConfig';
import type { ResolvedHost } from '../../../src/ssh/resolved';
import { resolveTarget } from '../../../src/ssh/resolveTarget';
import type { SshTarget } from '../../../src/ssh/target';

let directory: string;
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'rankwise-resolve-'))));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const environment = () => ({
  ...systemEnvironment(),
  home: '/home/me',
  user: 'me',
  env: { PATH: process.env['PATH'], SSH_AUTH_SOCK: '/run/agent', OTHER: '/run/other' },
});

function resolve(target: SshTarget, ...config: string[]): Promise<ResolvedHost> {
  const configFile = join(directory, 'config');
  writeFileSync(configFile, `${config.join('\n')}\n`);
  return resolveTarget(target, { configFile, environment: environment() });
}

describe('through ssh -G', () => {
  test('the configuration fills in what the target leaves open', async () => {
    const host = await resolve(
      { host: 'gpu' },
      'Host gpu',
      'HostName %h.example.com',
      'User trainer',
      'Port 2200',
      'IdentityFile ~/.ssh/id_%r_%n',
      'IdentityFile "/with space/key"',
      'IdentitiesOnly yes',
      'IdentityAgent /run/%r-agent',
      'StrictHostKeyChecking accept-new',
      'UserKnownHostsFile "/with space/known" /other/known',
      'HashKnownHosts yes',
      'ServerAliveInterval 7',
      'ServerAliveCountMax 2',
      'ConnectTimeout 4',
    );
    expect(host).toMatchObject({
      name: 'gpu',
      hostname: 'gpu.example.com',
      user: 'trainer',
      port: 2200,
      identityFiles: ['/home/me/.ssh/id_trainer_gpu', '/with space/key'],
      identitiesOnly: true,
      agent: '/run/trainer-agent',
      unknownKey: 'add',
      userKnownHostsFiles: ['/with space/known', '/other/known'],
      hashKnownHosts: true,
      keepalive: { intervalMs: 7000, countMax: 2 },
      connectTimeoutMs: 4000,
      knownAs: '[gpu.example.com]:2200',
      knownWithoutPort: 'gpu.example.com',
    });
  });

  test('what the target says wins', async () => {
    const target = { host: 'gpu', user: 'root', port: 22, identityFile: '~/k', proxyJump: 'u@j:2,k' };
    const host = await resolve(target, 'Host gpu', 'User x', 'Port 9', 'ProxyCommand nc', 'IdentityFile /i');
    expect(host).toMatchObject({ user: 'root', port: 22, ownIdentity: '/home/me/k', identityFiles: ['/i'] });
    expect(host.proxyCommand).toBeUndefined();
    expect(host.jump).toEqual({ host: 'k', proxyJump: 'u@j:2' });
    expect(host.knownAs).toBe('gpu');
  });

  test('Match, user@host and tokens of a ProxyCommand', async () => {
    const host = await resolve(
      { host: 'bob@GPU' },
      'Match user bob',
      'HostName 10.1.1.1',
      'HostKeyAlias the-gpu',
      'ProxyCommand relay --to %h:%p --as %r%% --name %n --key %k',
    );
    expect(host.proxyCommand).toBe('relay --to 10.1.1.1:22 --as bob% --name GPU --key the-gpu');
    expect([host.user, host.knownAs, host.knownWithoutPort]).toEqual(['bob', 'the-gpu', undefined]);
  });

  test.each([
    ['none', undefined],
    ['SSH_AUTH_SOCK', '/run/agent'],
    ['$OTHER', '/run/other'],
    ['/run/%r', '/run/me'],
  ])('IdentityAgent %s', async (value, socket) => {
    const host = await resolve({ host: 'a', user: 'me' }, `IdentityAgent ${value}`);
    expect(host.agent).toBe(socket);
  });

  test('none switches a jump and a command off', async () => {
    const host = await resolve({ host: 'a' }, 'ProxyJump none', 'ProxyCommand none', 'IdentityFile none');
    expect([host.jump, host.proxyCommand, host.identityFiles]).toEqual([undefined, undefined, []]);
  });

  test('without ssh the usual files count; a configuration that cannot be read then is an error', async () => {
    const without = { ...environment(), sshProgram: join(directory, 'no-such-ssh') };
    const host = await resolveTarget({ host: 'a' }, { configFile: undefined, environment: without });
    expect(host).toMatchObject({
      hostname: 'a',
      port: 22,
      user: 'me',
      unknownKey: 'ask',
      agent: '/run/agent',
      userKnownHostsFiles: ['/home/me/.ssh/known_hosts', '/home/me/.ssh/known_hosts2'],
    });
    expect(host.identityFiles).toContain('/home/me/.ssh/id_ed25519');
    const refused = resolveTarget({ host: 'a' }, { configFile: '/some/config', environment: without });
    await expect(refused).rejects.toMatchObject({ code: 'ssh.unresolved', host: 'a' });
  });

  test('an isolated target runs no program', async () => {
    const without = { ...environment(), sshProgram: '/no/such/ssh' };
    const isolated = { knownHostsFile: '/state/known' };
    const target = { host: '127.0.0.1', port: 4022, user: 'p', identityFile: '/state/key', isolated };
    const host = await resolveTarget(target, { configFile: '/some/config', environment: without });
    expect(host).toMatchObject({
      ownIdentity: '/state/key',
      identityFiles: [],
      agent: undefined,
      userKnownHostsFiles: ['/state/known'],
      globalKnownHostsFiles: [],
      unknownKey: 'refuse',
    });
  });
});

describe('names from a config file that may be hostile', () => {
  test.each([
    '-oProxyCommand=x',
    '',
    'a b',
    'a;b',
    '$(id)',
    'a\nb',
    '`id`',
    'a|b',
    "a'b",
    'u;x@host',
    '-l@host',
    'a@-h',
  ])('%j is refused before any program runs', async (host) => {
    const missing = { ...environment(), sshProgram: '/no/such/ssh' };
    const error: unknown = await resolveTarget(
      { host },
      { configFile: undefined, environment: missing },
    ).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RankwiseError);
    expect(error).toMatchObject({ code: 'ssh.unresolved' });
  });

  test('users and jumps are checked as well', async () => {
    const options = { configFile: undefined, environment: environment() };
    await expect(resolveTarget({ host: 'a', user: '-oX' }, options)).rejects.toMatchObject({
      code: 'ssh.unresolved',
    });
    expect(() => parseJumps('good,-oBad=1')).toThrow('cannot be the name of a host');
    expect(() => parseJumps('a:99999')).toThrow('port 99999');
  });

  test('the host stands behind the end of options', () => {
    const query = { host: 'h', user: 'u', port: 7, configFile: '~/c' };
    const expected = ['-G', '-T', '-F', '/home/me/c', '-l', 'u', '-p', '7', '--', 'h'];
    expect(queryArguments(query, environment())).toEqual(expected);
  });
});

test('destinations are read as OpenSSH reads them', () => {
  expect(parseDestination('u@h')).toEqual({ user: 'u', host: 'h' });
  expect(parseDestination('ssh://u@h:22022/')).toEqual({ user: 'u', host: 'h', port: 22022 });
  expect(parseDestination('fe80::1')).toEqual({ host: 'fe80::1' });
  expect(parseDestination('a@b@c')).toEqual({ user: 'a@b', host: 'c' });
  const hops = parseJumps('u@a:2200, [::1]:22,c');
  expect(hops).toEqual([{ user: 'u', host: 'a', port: 2200 }, { host: '::1', port: 22 }, { host: 'c' }]);
  expect(parseJumps(formatJumps(hops))).toEqual(hops);
});

test('a list of files without quotes is split where a file starts', () => {
  expect(splitFiles('/a b/c /d ~/e none')).toEqual(['/a b/c', '/d', '~/e']);
  expect(splitFiles('C:\\Users\\me x\\known C:/b')).toEqual(['C:\\Users\\me x\\known', 'C:/b']);
});
