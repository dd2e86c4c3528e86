import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choose } from '../../scripts/vscode/page.mjs';
import { createLab, type Lab } from '../support/lab';
import { pictureFailures, VsCode } from '../support/vscode';

const produce = [
  'mkdir -p out/deep',
  '[ "$RANK" != 0 ] || head -c 12000000 /dev/urandom >out/deep/model.bin',
  'echo "from rank $RANK" >out/notes.txt',
  'while [ ! -e ~/go ]; do echo "tick $RANK" >>out/growing.log; sleep 0.5; done',
].join('; ');

describe('what a run produces on its hosts', () => {
  let lab: Lab;
  let code: VsCode;

  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'each' });
    code = await VsCode.start({
      workspace: {
        'rankwise.yaml': [
          'version: 1',
          'clusters:',
          '  lab: { hosts: [node1, node2], workdir: ~/work }',
          'launches:',
          '  train:',
          '    cluster: lab',
          '    launcher: ssh',
          `    command: ${JSON.stringify(produce)}`,
          '    outputs: ["out/**"]',
          '',
        ].join('\n'),
      },
      settings: {
        'rankwise.ssh.configFile': lab.sshConfigFile,
        // Only then a terminal has its text in the page.
        'terminal.integrated.gpuAcceleration': 'off',
      },
    });
    for (const { name } of lab.hosts) await lab.exec(name, 'mkdir -p work');
    await code.openSideBar();
    await code.row(/^train/).waitFor();
    await code.run('Rankwise: Launch…');
    await choose(code.page, 'train');
    await code.row(/^train #1.*running/).waitFor();
  });
  pictureFailures(() => code);
  afterAll(async () => {
    await code.close();
    await lab.dispose();
  });

  const editor = () => code.page.locator('.monaco-editor .view-lines').last();
  const terminal = () => code.page.locator('.terminal-wrapper.active .xterm-rows');

  it('is listed by host, with sizes', async () => {
    for (const { name } of lab.hosts) {
      // What each rank makes last.
      const made = async () => (await lab.exec(name, 'cat work/out/growing.log')).stdout;
      await expect.poll(made).toContain('tick');
    }
    await code.row(/^Outputs/).click();
    await code.row(/^node1.*3 files · 12 MB/).waitFor();
    await code.row(/^model\.bin12 MB · \d\d:\d\d · out\/deep/).waitFor();
    await code.row(/^node2.*2 files/).waitFor();
    await expect.poll(() => code.row(/^notes\.txt/).count()).toBe(2);
    await code.picture('outputs');
  });

  it('opens by a click, to be read only', async () => {
    await code
      .row(/^notes\.txt/)
      .first()
      .click();
    await expect.poll(() => editor().innerText()).toMatch(/from.rank.0/);
    const refusal = code.page.getByRole('paragraph').filter({ hasText: /Editor is read-only/ });
    // It is shown for some seconds.
    const isRefused = async (): Promise<boolean> => {
      await editor().click();
      await code.page.keyboard.type('x');
      return refusal.waitFor({ timeout: 15_000 }).then(
        () => true,
        () => false,
      );
    };
    await expect.poll(isRefused).toBe(true);
    await code.picture('output opened');
  });

  it('asks how to open what is large, and shows its beginning', async () => {
    await code.row(/^model\.bin/).click();
    const list = code.page.locator('.quick-input-list');
    await list.getByText('Show Its Beginning').waitFor();
    await code.picture('output is large');
    const labels = await list.locator('.label-name').allInnerTexts();
    expect(labels.map((label) => label.trim())).toEqual([
      'Open All of It',
      'Show Its Beginning',
      'Follow',
      'Download…',
    ]);
    await code.page.keyboard.press('Escape');
  });

  it('is downloaded byte for byte', async () => {
    const row = code.row(/^model\.bin/);
    await code.inline(row, 'Download Output…');
    const target = join(code.workspace, 'copy.bin');
    const input = code.page.locator('.quick-input-widget input[type="text"]').last();
    await input.waitFor();
    await expect.poll(() => input.inputValue()).toContain('model.bin');
    await input.fill(target);
    await code.picture('output download');
    await code.enter();
    await code.notification(`model.bin (12 MB) is at ${target}`);
    const { stdout } = await lab.exec('node1', 'sha256sum work/out/deep/model.bin');
    const hash = createHash('sha256')
      .update(await readFile(target))
      .digest('hex');
    expect(stdout).toContain(hash);
    await code.run('Notifications: Clear All Notifications');
  });

  it('is followed as it grows', async () => {
    const row = code.row(/^growing\.log/).last();
    await code.inline(row, 'Follow Output…');
    await expect.poll(() => terminal().innerText()).toMatch(/tick.1/);
    // The terminal shows its last lines, and the log grows.
    const afterwards = async (): Promise<string> => {
      await lab.exec('node2', 'echo "by hand" >>work/out/growing.log');
      return terminal().innerText();
    };
    await expect.poll(afterwards, { interval: 1000 }).toMatch(/by.hand/);
    await code.picture('output followed');
  });

  it('names a host that does not answer, and what is new once the run has ended', async () => {
    for (const { name } of lab.hosts) await lab.exec(name, 'echo last >work/out/last.txt; touch go');
    await code.row(/^train #1.*finished/).waitFor();
    await code
      .row(/^last\.txt/)
      .first()
      .waitFor();
    lab.stopSshd('node2');
    const row = code.row(/^Outputs/);
    await expect
      .poll(async () => {
        await code.inline(row, 'Refresh Outputs');
        return row.innerText();
      })
      .toMatch(/1 host did not answer/);
    await code.row(/^node2.*refused/).waitFor();
    await code.picture('outputs, silent host');
  });
});
