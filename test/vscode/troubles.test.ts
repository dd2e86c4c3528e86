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

  /** Launches, and reads the newest message in the notification centre. */
  const messageOfLaunch = async (picture: string): Promise<string> => {
    await code.run('Notifications: Clear All Notifications');
    await code.run('Rankwise: Launch…');
    await choose(code.page, 'train');
    await code.run('Notifications: Show Notifications');
    const message = code.page
      .locator('.notifications-center .notification-list-item-message')
      .filter({ hasText: /node\d/ });
    await message.first().waitFor({ timeout: 60_000 });
    await code.picture(picture);
    return (await message.allInnerTexts()).join('\n');
  };

  it('names the host that refuses', async () => {
    lab.stopSshd('node2');
    expect(await messageOfLaunch('refused')).toMatch(/node2.*refused.*\. .+/s);
    await lab.startSshd('node2');
  });

  it('asks for the password of a host by its name, and says what to do when it is not given', async () => {
    await lab.requirePassword('node2');
    await code.run('Notifications: Clear All Notifications');
    await code.run('Rankwise: Launch…');
    await choose(code.page, 'train');
    const box = code.page.locator('.quick-input-widget').filter({ hasText: 'node2' });
    await box.locator('input[type=password]').waitFor({ timeout: 60_000 });
    expect(await box.innerText()).toContain('trainer');
    await code.picture('password');
    await code.page.keyboard.press('Escape');
    await code.run('Notifications: Show Notifications');
    const message = code.page
      .locator('.notifications-center .notification-list-item-message')
      .filter({ hasText: 'trainer@node2' });
    await message.first().waitFor({ timeout: 60_000 });
    expect(await message.first().innerText()).toMatch(/login to trainer@node2 was given up\. Sign in again/);
  });

  it('names the host whose key has changed, with file and line', async () => {
    await lab.changeHostKey('node2');
    expect(await messageOfLaunch('key changed')).toContain(`${lab.knownHostsFile}:2`);
  });

  it('names all hosts that stand in the way at once, each with its reason, and what to do', async () => {
    await lab.fillDisk('node1');
    lab.stopSshd('node2');
    await expect
      .poll(() => messageOfLaunch('disk full'), { timeout: 60_000 })
      .toMatch(/node1 cannot be written: .*No space left on device · .*node2 refused/);
    await code.page.locator('.notifications-center').getByRole('button', { name: 'Show All' }).click();
    const document = code.page.locator('.monaco-editor .view-lines').filter({ hasText: 'No space left' });
    await document.waitFor({ timeout: 30_000 });
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
      const frame = await code.webview('tr[data-worker]', 60_000);
      await expect
        .poll(() => frame.innerText('body'), { timeout: 30_000 })
        .toMatch(/exit 127 \(command not found\) on node[12]\/0.*no-such-training: command not found/s);
      await code.row(/train #1.*exit 127/).waitFor();
      await code.picture('no such command');
    } finally {
      await code.close();
      await lab.dispose();
    }
  });
});
