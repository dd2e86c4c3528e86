import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choose } from '../../scripts/vscode/page.mjs';
import { createLab, type Lab } from '../support/lab';
import { pictureFailures, VsCode } from '../support/vscode';

const yaml = (command: string): string => `version: 1
clusters:
  lab:
    hosts: [node1, node2]
launches:
  train:
    cluster: lab
    launcher: ssh
    command: ${command}
`;

/** What a person reads when a host cannot be used: the host, the reason, the next step. */
describe('a launch that cannot start', () => {
  let lab: Lab;
  let code: VsCode;

  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'each' });
    code = await VsCode.start({
      workspace: { 'rankwise.yaml': yaml('cd . && no-such-training --epochs 3') },
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

  /** Launches, and waits for the message that says this. */
  const launchTells = async (picture: string, text: string | RegExp, timeoutMs?: number): Promise<void> => {
    await code.run('Notifications: Clear All Notifications');
    await code.run('Rankwise: Launch…');
    await choose(code.page, 'train');
    await code.notification(text, timeoutMs);
    await code.picture(picture);
  };

  it('names the host that refuses', async () => {
    lab.stopSshd('node2');
    await launchTells('refused', /node2.*refused.*\. .+/s);
    await lab.startSshd('node2');
  });

  it('asks for the password of a host by its name, and says what to do when it is not given', async () => {
    await lab.requirePassword('node2');
    await code.run('Notifications: Clear All Notifications');
    await code.run('Rankwise: Launch…');
    await choose(code.page, 'train');
    const box = code.page.locator('.quick-input-widget').filter({ hasText: 'node2' });
    await box.locator('input[type=password]').waitFor();
    expect(await box.innerText()).toContain('trainer');
    await code.picture('password');
    await code.page.keyboard.press('Escape');
    await code.notification(/login to trainer@node2 was given up\. Sign in again/);
  });

  it('names the host whose key has changed, with file and line', async () => {
    await lab.changeHostKey('node2');
    await launchTells('key changed', `${lab.knownHostsFile}:2`);
  });

  it('names all hosts that stand in the way at once, each with its reason, and what to do', async () => {
    await lab.fillDisk('node1');
    lab.stopSshd('node2');
    const text = /node1 cannot be written: .*No space left on device · .*node2 refused/;
    await expect
      .poll(() => launchTells('disk full', text, 30_000).then(() => 'told', String), { timeout: 300_000 })
      .toBe('told');
    await code.answerNotification(text, 'Show All');
    const document = code.page.locator('.monaco-editor .view-lines').filter({ hasText: 'No space left' });
    await document.waitFor();
    expect((await document.innerText()).replaceAll('\u00a0', ' ')).toContain('Free space');
    await code.picture('disk full, all findings');
    await lab.freeDisk('node1');
  });
});

describe('a command that does not exist', () => {
  it('is named with its host in the dashboard and in the side bar', async () => {
    const lab = await createLab({ hosts: 2, homes: 'each' });
    const code = await VsCode.start({
      workspace: { 'rankwise.yaml': yaml('cd . && no-such-training --epochs 3') },
      settings: { 'rankwise.ssh.configFile': lab.sshConfigFile },
    });
    try {
      await code.openSideBar();
      await code.row(/^train/).waitFor();
      await code.run('Rankwise: Launch…');
      await choose(code.page, 'train');
      const frame = await code.webview('tr[data-worker]');
      await expect
        .poll(() => frame.innerText('body'))
        .toMatch(/exit 127 \(command not found\) on node[12]\/0.*no-such-training: command not found/s);
      await code.row(/train #1.*exit 127/).waitFor();
      await code.picture('no such command');
    } finally {
      await code.close();
      await lab.dispose();
    }
  });
});
