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

  it('names the host that wants a password', async () => {
    await lab.requirePassword('node2');
    expect(await messageOfLaunch('password')).toMatch(/node2.*password.*\. .+/s);
  });

  it('names the host whose key has changed, with file and line', async () => {
    await lab.changeHostKey('node2');
    expect(await messageOfLaunch('key changed')).toContain(`${lab.knownHostsFile}:2`);
  });

  it('names the hosts of which one has a full disk, and tells the reasons as details', async () => {
    await lab.fillDisk('node1');
    lab.stopSshd('node2');
    await expect
      .poll(() => messageOfLaunch('disk full'), { timeout: 60_000 })
      .toContain('2 hosts cannot be used: node1, node2');
    await code.page.locator('.notifications-center').getByRole('button', { name: 'Details' }).click();
    const details = code.page.locator('.monaco-dialog-box');
    await details.waitFor();
    expect(await details.innerText()).toMatch(/node1.*No space left.*Free space/s);
    await code.picture('disk full, details');
    await code.page.keyboard.press('Escape');
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
