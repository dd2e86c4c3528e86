import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/base/logger';
import { applyKeys, previewKeys, rotateKeys, undoKeys } from '../../src/cluster/keys/applyKeys';
import { keyNames } from '../../src/cluster/keys/keyNames';
import type { KeySetup } from '../../src/cluster/keys/keyState';
import { proveEachToEach } from '../../src/cluster/keys/proveEachToEach';
import type { SshPool } from '../../src/ssh/connection';
import { createSshPool } from '../../src/ssh/sshPool';
import { createLab, type Lab } from '../support/lab';
import { failureOf } from '../support/sshRig';

// One test after the other on the same hosts, as a person would go on.
describe.each(['each', 'shared'] as const)('SSH between 3 hosts, homes: %s', (homes) => {
  let lab: Lab;
  let ssh: SshPool;
  let setup: KeySetup;
  const before = new Map<string, string>();
  // A name that could do harm as shell text, a path or an option.
  const cluster = `my lab's $(touch ~/escaped); "x"`;

  const { keyFile } = keyNames(cluster);

  beforeAll(async () => {
    lab = await createLab({ hosts: 3, homes, passwordless: false });
    ssh = createSshPool({
      ask: { hostKey: () => Promise.resolve('reject'), secret: () => Promise.resolve(undefined) },
      logger: silentLogger,
      configFile: () => lab.sshConfigFile,
    });
    setup = {
      cluster,
      hosts: lab.hosts.map(({ name, address }) => ({
        name,
        target: lab.target(name),
        peers: [name, address],
      })),
      fileSystems: homes === 'shared' ? Object.fromEntries(lab.hosts.map(({ name }) => [name, 'node1'])) : {},
    };
    // Files as people have them: a last line without an end, a mode of its own, bytes of no encoding, a link.
    await must(
      'node1',
      `cd ~/.ssh && printf '%s' "$(cat authorized_keys)" >x && cat x >authorized_keys && rm x &&
       printf 'Host elsewhere\\n  User me\\377\\r\\n  # the end' >../config.mine && chmod 640 ../config.mine && ln -s ../config.mine config`,
    );
    for (const { name } of lab.hosts) before.set(name, await files(name));
  });
  afterAll(async () => {
    ssh.dispose();
    await lab.dispose();
  });

  const must = async (host: string, command: string): Promise<string> => {
    const { code, stdout, stderr } = await lab.exec(host, command);
    if (code !== 0) throw new Error(`${host}: ${command}: ${stderr}`);
    return stdout;
  };
  /** Names, kinds, permissions and bytes of all that is in ~/.ssh. */
  const files = (host: string): Promise<string> =>
    must(
      host,
      'cd ~/.ssh && for f in . * ../config.mine; do [ -e $f ] || continue; stat -c "%n %F %a" $f; [ -d $f ] || base64 $f; done',
    );
  const failing = async (): Promise<string[]> =>
    (await proveEachToEach(ssh, setup.hosts)).filter(({ ok }) => !ok).map(({ from, to }) => `${from}→${to}`);

  it('fails at first, and says why', async () => {
    const reaches = await proveEachToEach(ssh, setup.hosts);
    expect(reaches.map(({ from, to, ok }) => [from, to, ok])).toEqual(
      ['12', '13', '21', '23', '31', '32'].map(([a, b]) => [`node${a}`, `node${b}`, false]),
    );
    for (const { reason } of reaches) expect(reason).toContain('Host key verification failed');
  });

  it('changes nothing by a preview, then does exactly what it showed', async () => {
    const plan = await previewKeys(ssh, setup, 'apply');
    for (const { name } of lab.hosts) expect(await files(name)).toBe(before.get(name));
    expect(plan.homes.map(({ host, hosts }) => [host, hosts.length])).toEqual(
      homes === 'shared'
        ? [['node1', 3]]
        : [
            ['node1', 1],
            ['node2', 1],
            ['node3', 1],
          ],
    );
    await applyKeys(ssh, setup, plan);
    expect(await failing()).toEqual([]);
    const had = await must('node1', 'cat ~/.ssh/authorized_keys');
    for (const line of plan.homes[0]?.files[0]?.add ?? []) {
      const [, comment = ''] = /> (.*)$/.exec(line) ?? [];
      expect(had).toMatch(new RegExp(`^ssh-ed25519 \\S+ ${comment.replaceAll('.', '\\.')}( \\+\\w+)?$`, 'm'));
    }
  });

  it('lets mpirun start its daemons', async () => {
    const hosts = lab.hosts.map(({ name }) => `${name}:1`).join(',');
    const { code, stdout } = await lab.exec(
      'node1',
      `mpirun -np 3 --host ${hosts} -mca btl_tcp_if_include eth0 -mca oob_tcp_if_include eth0 uname -n`,
    );
    expect({ code, stdout: stdout.split('\n').sort().join(' ').trim() }).toEqual({
      code: 0,
      stdout: 'node1 node2 node3',
    });
  });

  it('keeps private keys where they were made, and everything readable by nobody else', async () => {
    const modes = await must(
      'node1',
      `cd ~/.ssh && stat -c "%a" . authorized_keys known_hosts ${keyFile}; stat -Lc %a config`,
    );
    expect(modes.trim().split('\n')).toEqual(['700', '600', '600', '600', '640']);
    const keys = await Promise.all(lab.hosts.map(({ name }) => must(name, `cat ~/.ssh/${keyFile}`)));
    expect(new Set(keys).size).toBe(homes === 'shared' ? 1 : 3);
    expect((await lab.exec('node1', 'ls ~/escaped')).code).not.toBe(0);
    expect(await must('node1', 'grep -ri stricthostkeychecking ~/.ssh || true')).toBe('');
  });

  it('changes nothing when done again', async () => {
    const now = await files('node1');
    expect((await previewKeys(ssh, setup, 'apply')).homes).toEqual([]);
    expect((await applyKeys(ssh, setup)).homes).toEqual([]);
    expect(await files('node1')).toBe(now);
  });

  it('does nothing where another plan was shown', async () => {
    const shown = await previewKeys(ssh, setup, 'undo');
    await must(
      'node2',
      'echo "# mine" >>~/.ssh/known_hosts; sed -i "/:node3/d" ~/.ssh/authorized_keys ~/.ssh/known_hosts',
    );
    const now = await files('node2');
    expect((await failureOf(undoKeys(ssh, setup, shown))).code).toBe('keys.changed');
    expect(await files('node2')).toBe(now);
  });

  it('repairs what was deleted, and only that', async () => {
    expect(await failing()).toEqual(
      homes === 'shared' ? ['node1→node3', 'node2→node3'] : ['node2→node3', 'node3→node2'],
    );
    const plan = await previewKeys(ssh, setup, 'apply');
    const lines = plan.homes.flatMap(({ files: edits }) =>
      edits.flatMap(({ add, remove }) => [...add, ...remove]),
    );
    expect(plan.homes).toHaveLength(1);
    expect(lines.length).toBe(homes === 'shared' ? 1 : 2);
    for (const line of lines) expect(line).toMatch(/:node3$/);
    await applyKeys(ssh, setup, plan);
    expect(await failing()).toEqual([]);
    await must('node2', 'sed -i "/^# mine$/d" ~/.ssh/known_hosts');
  });

  it('rotates: new keys open, old ones do not', async () => {
    await must('node1', `cp ~/.ssh/${keyFile} ~/old`);
    const tryOld =
      'ssh -F none -i ~/old -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=yes node2 true';
    expect((await lab.exec('node1', tryOld)).code).toBe(0);
    const plan = await rotateKeys(ssh, setup, await previewKeys(ssh, setup, 'rotate'));
    expect(plan.homes.map(({ key }) => key?.action)).toEqual(plan.homes.map(() => 'replace'));
    expect(await failing()).toEqual([]);
    const denied = await lab.exec('node1', tryOld);
    expect([denied.code, denied.stderr]).toEqual([255, expect.stringContaining('Permission denied')]);
    expect((await previewKeys(ssh, setup, 'apply')).homes).toEqual([]);
    expect(await must('node1', 'ls ~/.ssh | grep -c rankwise_')).toBe('2\n');
    await must('node1', 'rm ~/old');
  });

  it('is finished by the next attempt where a rotation broke off', async () => {
    // As far as it comes when the connection goes in the middle: new keys lie beside the old ones.
    await must('node1', `cd ~/.ssh && ssh-keygen -q -t ed25519 -N "" -C x -f ${keyFile}.next`);
    await applyKeys(ssh, setup);
    expect(await failing()).toEqual([]);
    await rotateKeys(ssh, setup);
    expect(await failing()).toEqual([]);
    expect(await must('node1', 'ls -A ~/.ssh | grep -c rankwise')).toBe('2\n');
  });

  it('names the pair that fails and why', async () => {
    lab.stopSshd('node3');
    const row = await proveEachToEach(ssh, setup.hosts, undefined, ['node1']);
    expect(row).toEqual([
      { from: 'node1', to: 'node2', ok: true, reason: undefined },
      {
        from: 'node1',
        to: 'node3',
        ok: false,
        reason: expect.stringContaining('Connection refused') as string,
      },
    ]);
    const all = await proveEachToEach(ssh, setup.hosts);
    expect(all.filter(({ ok }) => !ok).map(({ from, to }) => `${from}→${to}`)).toEqual([
      'node1→node3',
      'node2→node3',
      'node3→node1',
      'node3→node2',
    ]);
    await lab.startSshd('node3');
    expect(await failing()).toEqual([]);
  });

  it('is undone byte for byte', async () => {
    await undoKeys(ssh, setup, await previewKeys(ssh, setup, 'undo'));
    for (const { name } of lab.hosts) expect(await files(name)).toBe(before.get(name));
    expect((await undoKeys(ssh, setup)).homes).toEqual([]);
    expect(await failing()).toHaveLength(6);
  });
});
