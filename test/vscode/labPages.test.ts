import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choose } from '../../scripts/vscode/page.mjs';
import { createLab, type Lab } from '../support/lab';
import { pictureFailures, VsCode } from '../support/vscode';

// Ray and TensorBoard take seconds of several cores to start: on a busy machine a minute.
const starting = 180_000;

/** As Ray Train prints: who is who, then lines of two workers. */
const driverLog = `(TrainController pid=1) - (ip=10.0.0.1, pid=7) world_rank=0, local_rank=0, node_rank=0
(TrainController pid=1) - (ip=10.0.0.1, pid=8) world_rank=1, local_rank=1, node_rank=0
(RayTrainWorker pid=7, ip=10.0.0.1) Epoch 0 step 0 loss 1.0000 100 samples/s
(RayTrainWorker pid=8, ip=10.0.0.1) Epoch 0 step 0 loss 0.5000 101 samples/s
`;

describe('pages that a run serves on its host', () => {
  let lab: Lab;
  let code: VsCode;

  beforeAll(async () => {
    lab = await createLab({ hosts: 1, homes: 'each' });
    code = await VsCode.start({
      workspace: {
        'rankwise.yaml': [
          'version: 1',
          'clusters:',
          `  lab: { hosts: [node1], workdir: ~/work, setup: ["export PATH=${lab.python('field')}/bin:$PATH"] }`,
          '  bare: { hosts: [node1], workdir: ~/work }',
          'launches:',
          '  ray: { cluster: lab, launcher: ray, command: "cat driver.log; sleep 600", files: [driver.log], outputs: ["tb/**"] }',
          '  plain: { cluster: bare, launcher: ssh, command: "true" }',
          '',
        ].join('\n'),
        'driver.log': driverLog,
      },
      settings: {
        'rankwise.ssh.configFile': lab.sshConfigFile,
        // Only then a terminal has its text in the page.
        'terminal.integrated.gpuAcceleration': 'off',
      },
    });
    await lab.exec('node1', 'mkdir -p work/tb/run1 && touch work/tb/run1/events.out.tfevents.1.node1');
    await code.openSideBar();
    await code.row(/^ray/).waitFor();
  });
  pictureFailures(() => code);
  afterAll(async () => {
    await code.close();
    await lab.dispose();
  });

  const boards = async (): Promise<string> => (await lab.exec('node1', 'pgrep -af [t]ensorboard')).stdout;

  /** The forwarded port of a page that was opened; code-server would show it through a proxy, which its server alone lacks. */
  const addressOf = async (page: Page): Promise<string> => {
    await page.waitForURL(/:\d+\//, { waitUntil: 'commit' });
    const port = /\/proxy\/(\d+)\//.exec(page.url())?.[1] ?? new URL(page.url()).port;
    await page.close();
    return `http://127.0.0.1:${port}`;
  };

  it('opens Ray’s dashboard through a forward', async () => {
    await code.run('Rankwise: Launch…');
    await choose(code.page, 'ray');
    const row = code.row(/^ray #1.*running/);
    await row.waitFor({ timeout: starting });
    const opened = code.page.waitForEvent('popup', { timeout: starting });
    await code.menu(row, 'Open Page of Run (Ray Dashboard)…');
    const address = await addressOf(await opened);
    // Ray's head serves it some seconds after it has begun.
    await expect
      .poll(
        () =>
          fetch(address)
            .then((response) => response.text())
            .catch(String),
        { timeout: starting },
      )
      .toContain('<title>Ray Dashboard</title>');
  });

  it('has the lines of one worker alone, though all stand in the log of its driver', async () => {
    const row = code.row(/^rank 1/);
    await code.inline(row, 'Show Logs…');
    const terminal = code.page.locator('.terminal-wrapper.active .xterm-rows');
    await expect
      .poll(async () => (await terminal.innerText()).replaceAll('\u00a0', ' '))
      .toContain('Epoch 0 step 0 loss 0.5000');
    expect((await terminal.innerText()).replaceAll('\u00a0', ' ')).not.toMatch(/1\.0000|RayTrainWorker/);
    await code.picture('tagged worker');
    await code.run('View: Toggle Terminal');
  });

  it('opens TensorBoard on the event files, and ends it by a command', async () => {
    const row = code.row(/^Outputs/);
    const opened = code.page.waitForEvent('popup', { timeout: starting });
    await code.inline(row, 'Open TensorBoard…');
    const address = await addressOf(await opened);
    expect(await boards()).toContain('--logdir ./tb/run1 --host 127.0.0.1 --port 0');
    const { data_location } = (await (await fetch(`${address}/data/environment`)).json()) as Record<
      string,
      string
    >;
    expect(data_location).toBe('./tb/run1');
    await code.notification(/TensorBoard of ray #1 \(tb\/run1 on node1\) is at http:\/\/127\.0\.0\.1:\d+/);
    await code.picture('tensorboard');
    await code.run('Rankwise: Stop TensorBoard…');
    await expect.poll(boards).toBe('');
    await expect(fetch(address)).rejects.toThrow();
    await code.run('Notifications: Clear All Notifications');
  });

  it('says where TensorBoard is missing', async () => {
    await code.run('Rankwise: Launch…');
    await choose(code.page, 'plain');
    const row = code.row(/^plain #1.*finished/);
    await row.waitFor({ timeout: starting });
    await code.menu(row, 'Open TensorBoard…');
    await code.answer('Directory of the event files on node1', 'tb');
    await code.notification(/TensorBoard is not installed on node1\. Install it there/);
    await code.picture('tensorboard missing');
  });

  it('leaves nothing when the window is closed', async () => {
    const row = code.row(/^Outputs/);
    const opened = code.page.waitForEvent('popup', { timeout: starting });
    await code.inline(row, 'Open TensorBoard…');
    await (await opened).close();
    expect(await boards()).not.toBe('');
    await code.closePage();
    await expect.poll(boards).toBe('');
  });
});
