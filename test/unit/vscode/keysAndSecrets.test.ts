import { describe, expect, it } from 'vitest';
import { keyPlanText, reachText } from '../../../src/text/keyPlanText';
import { Secrets, wantedSecrets } from '../../../src/vscode/secrets';
import { secretKey } from '../../../src/vscode/ids';
import { hostRow } from '../../../src/vscode/text/hostText';
import { clusterModel, configModel, hostModel, launchModel } from './samples';

describe('the preview of keys', () => {
  const text = keyPlanText({
    cluster: 'lab',
    purpose: 'rotate',
    homes: [
      {
        host: 'node1',
        hosts: ['node1', 'node2'],
        key: { action: 'replace', path: '~/.ssh/rankwise_lab' },
        files: [{ path: '~/.ssh/config', action: 'change', add: ['Host node2'], remove: ['Host node3'] }],
      },
    ],
    findings: [{ host: 'node1', message: 'others may write', nextStep: 'Run chmod.', blocks: false }],
  });

  it('shows each line that comes and goes, whose home it is, and what to know before', () => {
    expect(text.split('\n')).toEqual([
      '# New keys for SSH between the hosts of lab',
      '# Nothing has been done yet. Private keys are made on their hosts and never leave them.',
      '# Note: others may write. Run chmod.',
      '',
      '# node1, the home that node1, node2 share',
      '# replace the key pair ~/.ssh/rankwise_lab and ~/.ssh/rankwise_lab.pub',
      '--- node1:~/.ssh/config',
      '+++ node1:~/.ssh/config (change)',
      '-Host node3',
      '+Host node2',
      '',
    ]);
  });
});

describe('the proof', () => {
  const names = ['a', 'b', 'c'];
  const reaches = names.flatMap((from) =>
    names
      .filter((to) => to !== from)
      .map((to) => ({ from, to, ok: to !== 'c', reason: to === 'c' ? 'Permission denied' : undefined })),
  );

  it('is a table of who reaches whom, with a reason for each failure', () => {
    const text = reachText('lab', reaches);
    expect(text).toContain('4 of 6 pairs reach each other');
    expect(text).toMatch(/^\| c +\| ok +\| ok +\| – +\|$/m);
    expect(text).toMatch(/^\| a +\| – +\| ok +\| FAILS +\|$/m);
    expect(text).toContain('* a → c: Permission denied\n* b → c: Permission denied\n');
  });

  it('lists only failures where the table would be too wide', () => {
    const many = Array.from({ length: 30 }, (_, n) => ({
      from: `n${n}`,
      to: 'x',
      ok: n > 0,
      reason: undefined,
    }));
    expect(reachText('lab', many)).not.toContain('|');
    expect(reachText('lab', many)).toContain('* n0 → x: failed');
  });
});

describe('the row of a host that wants a person', () => {
  const reason = 'node1 accepts none of the keys (id) and asks for a password (password)';

  it.each(['ssh.needsPerson', 'ssh.cancelledLogin', 'ssh.denied'])('says so for %s', (code) => {
    const row = hostRow(hostModel('node1'), { kind: 'unreachable', reason, code }, false);
    expect(row).toMatchObject({ contextValue: 'signInHost', icon: { id: 'key' } });
    expect(row.description).toMatch(/^sign in again: accepts none/);
  });

  it('is another one than that of a host which is away', () => {
    const row = hostRow(hostModel('node1'), { kind: 'unreachable', reason, code: 'ssh.refused' }, false);
    expect(row).toMatchObject({ contextValue: 'unreachableHost', icon: { id: 'error' } });
  });
});

describe('secrets', () => {
  it('are those that launches and clusters take from the store, not from the environment', () => {
    const token = { variable: 'TOKEN', source: 'secret:wandb' };
    const config = configModel({
      clusters: [clusterModel({ secrets: [token] })],
      launches: [launchModel({ secrets: [token, { variable: 'X', source: 'env:X' }] })],
    });
    expect([...wantedSecrets(config)]).toEqual([['wandb', ['resnet50', 'lab']]]);
  });

  it('leave only their names outside the store', async () => {
    const stored = new Map<string, string>();
    const state = new Map<string, unknown>();
    const secrets = new Secrets({
      secrets: {
        get: (key: string) => Promise.resolve(stored.get(key)),
        store: (key: string, value: string) => Promise.resolve(void stored.set(key, value)),
        delete: (key: string) => Promise.resolve(void stored.delete(key)),
      },
      globalState: {
        get: (key: string): unknown => state.get(key),
        update: (key: string, value: unknown) => Promise.resolve(void state.set(key, value)),
      },
    });
    await secrets.set('wandb', 'hunter2');
    await secrets.set('wandb', 'hunter3');
    expect(await secrets.get('wandb')).toBe('hunter3');
    expect([...stored]).toEqual([[secretKey('wandb'), 'hunter3']]);
    expect(JSON.stringify([...state])).not.toContain('hunter');
    await secrets.delete('wandb');
    expect([secrets.names(), stored.size]).toEqual([[], 0]);
  });
});
