import { expect, test } from 'vitest';
import type { KeyState } from '../../../../src/cluster/keys/keyState';
import { planKeys } from '../../../../src/cluster/keys/planKeys';

const key = (letter: string): string => {
  const blob = Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from('ssh-ed25519'),
    Buffer.alloc(32, letter),
  ]);
  return `ssh-ed25519 ${blob.toString('base64')}`;
};

function state(host: string, more: Partial<KeyState> = {}): KeyState {
  return {
    host,
    fileSystem: host,
    peers: [host],
    port: 22,
    user: 'ada',
    hostKey: key(host),
    hasTools: true,
    homeMode: 0o755,
    directoryMode: 0o700,
    publicKey: undefined,
    nextPublicKey: undefined,
    files: { authorized_keys: undefined, known_hosts: undefined, config: undefined },
    ...more,
  };
}

test('says every file and line before anything is made', () => {
  const plan = planKeys('lab', 'apply', [
    state('a', {
      files: {
        authorized_keys: { text: 'ssh-rsa X me', mode: 0o644 },
        known_hosts: undefined,
        config: undefined,
      },
    }),
    state('b', { peers: ['10.0.0.2', 'b'], port: 2222, user: 'eve' }),
  ]);
  expect(plan.homes[0]).toEqual({
    host: 'a',
    hosts: ['a'],
    key: { action: 'make', path: '~/.ssh/rankwise_lab' },
    files: [
      {
        path: '~/.ssh/authorized_keys',
        action: 'change',
        add: ['ssh-ed25519 <new key of a> rankwise:lab:a', 'ssh-ed25519 <new key of b> rankwise:lab:b'],
        remove: [],
      },
      {
        path: '~/.ssh/known_hosts',
        action: 'create',
        add: [`a ${key('a')} rankwise:lab:a`, `[10.0.0.2]:2222,[b]:2222 ${key('b')} rankwise:lab:b`],
        remove: [],
      },
      {
        path: '~/.ssh/config',
        action: 'create',
        add: [
          '# rankwise:lab begin',
          'Host a',
          '  IdentityFile ~/.ssh/rankwise_lab',
          'Host 10.0.0.2 b',
          '  IdentityFile ~/.ssh/rankwise_lab',
          '  Port 2222',
          '  User eve',
          '# rankwise:lab end',
        ],
        remove: [],
      },
    ],
  });
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

test('a shared home gets one key and one set of lines', () => {
  const plan = planKeys('lab', 'apply', [state('a', { fileSystem: 'x' }), state('b', { fileSystem: 'x' })]);
  expect(plan.homes.map(({ host, hosts }) => [host, hosts])).toEqual([['a', ['a', 'b']]]);
  const [authorized, known] = plan.homes[0]?.files ?? [];
  expect(authorized?.add).toEqual(['ssh-ed25519 <new key of a> rankwise:lab:a']);
  expect(known?.add).toHaveLength(2);
});

test('a host key that the user already has under that name is left to them', () => {
  const known_hosts = { text: `a,b ${key('a')}\n`, mode: 0o600 };
  const [home] = planKeys('lab', 'apply', [
    state('a', { files: { authorized_keys: undefined, known_hosts, config: undefined } }),
    state('b'),
  ]).homes;
  const known = home?.files.find(({ path }) => path.endsWith('known_hosts'));
  expect(known?.add).toEqual([`b ${key('b')} rankwise:lab:b`]);
});

test('names what stands in the way', () => {
  const plan = planKeys('lab', 'apply', [
    state('a', { hasTools: false, hostKey: undefined }),
    state('b', { directoryMode: 0o770 }),
  ]);
  expect(plan.findings.map(({ host, blocks }) => [host, blocks])).toEqual([
    ['a', true],
    ['a', true],
    ['b', false],
  ]);
  expect(planKeys('lab', 'undo', [state('a', { hasTools: false })]).findings).toEqual([]);
});

test.each(['*', '!a', 'a b', 'a\nIdentityFile x', '-oProxyCommand=x', 'a,b', '"a"', '$HOME', '%h'])(
  'refuses %j as a name of a host',
  (peer) => {
    expect(() => planKeys('lab', 'apply', [state('a', { peers: [peer] })])).toThrow(/cannot be the name/);
  },
);

test('many hosts do not make lines that old versions of OpenSSH refuse', () => {
  const states = Array.from({ length: 200 }, (_, n) => state(`${'x'.repeat(100)}${n}`));
  const config = planKeys('lab', 'apply', states).homes[0]?.files.find(({ path }) => path.endsWith('config'));
  expect(Math.max(...(config?.add ?? []).map((line) => line.length))).toBeLessThan(1023);
});
