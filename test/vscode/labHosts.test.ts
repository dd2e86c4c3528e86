import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choose } from '../../scripts/vscode/page.mjs';
import { createLab, type Lab } from '../support/lab';
import { pictureFailures, VsCode } from '../support/vscode';

const password = 'correct horse';

describe('hosts that do not reach each other yet', () => {
  let lab: Lab;
  let code: VsCode;

  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'each', passwordless: false });
    code = await VsCode.start({
      workspace: {
        'rankwise.yaml': [
          'version: 1',
          'clusters:',
          '  lab: { hosts: [{ host: node1, slots: 1 }, { host: node2, slots: 1 }] }',
          'launches:',
          '  train: { cluster: lab, launcher: mpirun, command: [no-such-training] }',
          '',
        ].join('\n'),
      },
      settings: { 'rankwise.ssh.configFile': lab.sshConfigFile },
    });
    await code.openSideBar();
    await code.row(/^train/).waitFor();
  });
  pictureFailures(() => code);
  afterAll(async () => {
    await code.close();
    await lab.dispose();
  });

  const document = async (text: RegExp): Promise<string> => {
    const lines = code.page.locator('.monaco-editor .view-lines');
    const plain = async (): Promise<string> =>
      (await lines.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
    await expect.poll(plain).toMatch(text);
    return plain();
  };
  const keyLines = async (host: string): Promise<number> =>
    Number((await lab.exec(host, 'cat .ssh/authorized_keys .ssh/known_hosts | grep -ci rankwise')).stdout);

  it('are told of with everything else that stands in the way, and each check can be left out', async () => {
    await code.run('Rankwise: Launch…');
    await choose(code.page, 'train');
    await code.notification(/cannot log in|passwordless|no-such-training/);
    await code.picture('findings');
    await code.answerNotification(/cannot log in|passwordless|no-such-training/, 'Show All');
    const text = await document(/Checks before the start of train/);
    expect(text).toMatch(/In the way[^]*### command[^]*no-such-training[^]*### passwordless/);
    await code.picture('findings, all');

    await code.run('Notifications: Clear All Notifications');
    await code.run('Rankwise: Launch…');
    await choose(code.page, 'train');
    await code.answerNotification(/no-such-training/, 'Skip These Checks…');
    const list = code.page.locator('.quick-input-list .monaco-list-row');
    await list.filter({ hasText: 'passwordless' }).click();
    await code.picture('findings, skip');
    await code.run('Notifications: Clear All Notifications');
  });

  it('are set up for each other: shown, done, proved', async () => {
    await code.menu(code.row(/^lab/), 'Set Up Passwordless SSH…');
    await choose(code.page, 'Set Up or Repair');
    expect(await document(/Passwordless SSH between the hosts of lab/)).toMatch(
      /Nothing has been done yet[^]*--- node1:[^]*\+/,
    );
    await code.picture('keys, preview');
    expect(await keyLines('node1')).toBe(0);
    await code.answerNotification(/The document shows every change on 2 home directories of lab/, 'Apply');
    await code.notification(/Proved: each host of lab reaches each other/);
    await document(/2 of 2 pairs reach each other/);
    await code.picture('keys, proved');
    expect(await keyLines('node1')).toBeGreaterThan(0);
  });

  it('are as they were after an undo', async () => {
    await code.menu(code.row(/^lab/), 'Set Up Passwordless SSH…');
    await choose(code.page, 'Undo');
    await document(/Taking back passwordless SSH/);
    await code.answerNotification(/The document shows every change on 2 home directories of lab/, 'Undo');
    await code.notification(/What was set up on the hosts of lab is taken back/);
    expect([await keyLines('node1'), await keyLines('node2')]).toEqual([0, 0]);
    await code.run('Notifications: Clear All Notifications');
  });

  it('say that a person has to sign in, and let one', async () => {
    const hash = `hash=$(openssl passwd -6 '${password}')`;
    const change =
      'sed "s|^trainer:[^:]*:|trainer:$hash:|" /etc/shadow >/run/shadow && cat /run/shadow >/etc/shadow';
    await lab.exec('node2', `${hash} && ${change}`, { user: 'root' });
    await lab.requirePassword('node2');
    await code.row(/^lab/).click();
    await code.run('Rankwise: Check Cluster');
    await code.page.getByText('Sign in to trainer@node2').waitFor();
    await code.page.keyboard.press('Escape');
    const row = code.row(/^node2.*sign in again/);
    await row.waitFor();
    await code.picture('sign in again');
    await code.inline(row, 'Sign In Again');
    await code.answer('Sign in to trainer@node2', password);
    await code.row(/^node2.*load/).waitFor();
  });
});
