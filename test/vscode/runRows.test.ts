import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DashboardReader } from '../../scripts/start/dashboard.mjs';
import { practiceRecord } from '../../scripts/start/practice.mjs';
import { choose } from '../../scripts/vscode/page.mjs';
import { pictureFailures, VsCode } from '../support/vscode';

const launch = (name: string, command: string, interruptSeconds = 6): string[] => [
  `  ${name}:`,
  '    cluster: practice',
  '    launcher: ssh',
  `    command: ${command}`,
  `    stop: { interruptSeconds: ${interruptSeconds}, terminateSeconds: 4 }`,
];

/** What a person is told about runs outside of the dashboard. */
describe('runs beside the dashboard', () => {
  let code: VsCode;
  let directory: string;
  /** A file that lets the stubborn run end. */
  let go: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rankwise-'));
    go = join(directory, 'go');
    code = await VsCode.start({
      workspace: {
        'rankwise.yaml': [
          'version: 1',
          'launches:',
          ...launch('digits', 'practice-training --epochs 1000'),
          ...launch('failing', "'sleep 2; test $RANK != 2 || exit 3; sleep 100'"),
          ...launch(
            'stubborn',
            `'trap "" INT; echo step=1 loss=1; until [ -e ${go} ]; do sleep 1; done'`,
            600,
          ),
          '',
        ].join('\n'),
      },
    });
    await code.openSideBar();
    await code.row(/^digits/).waitFor();
  });
  pictureFailures(() => code);
  afterAll(async () => {
    await code.close();
    await rm(directory, { recursive: true, force: true });
  });

  const start = async (name: string): Promise<DashboardReader> => {
    await code.run('Rankwise: Launch…');
    await choose(code.page, name);
    return DashboardReader.find(code.page, `${name} #1`);
  };

  it('open the line of a launch by a click, and are named by more than their tooltip', async () => {
    await code.row(/^failing/).click();
    await code.page.locator('.statusbar').getByText('Ln 8, Col').waitFor();
    expect(await code.row(/^failing/).getAttribute('aria-label')).toMatch(/^failing, ssh · practice/);
  });

  it('tell a failure with its cause, and which worker it was', async () => {
    await start('failing');
    await code.row(/^failing #1.*exit 3 on rank 2 \(practice3\)/).waitFor();
    await code.run('View: Close All Editors');
    const text = /failing #1 failed: exit 3 on practice3\/0.*the others were stopped/;
    await code.notification(text);
    await code.picture('run failed');
    await code.answerNotification(text, 'Open Dashboard');
    await DashboardReader.find(code.page, 'failing #1');
  });

  it('count down while a stop waits, and offer no second one', async () => {
    await start('stubborn');
    await code.row(/^stubborn #1.*running/).waitFor();
    await code.run('Rankwise: Stop Run…');
    await code.notification(/Stopping stubborn #1.*[1-9]\d* s left/);
    const row = code.row(/^stubborn #1.*stopping/);
    await row.hover();
    await row.getByRole('button', { name: 'Open Dashboard' }).waitFor();
    expect(await row.getByRole('button', { name: 'Stop Run…' }).count()).toBe(0);
    await code.picture('stopping');
    await writeFile(go, '');
    await code.notification(/stubborn #1 is stopped: no process of it is left/);
    await code.run('Notifications: Clear All Notifications');
  });

  it('keep a tooltip open while numbers come in', async () => {
    await start('digits');
    const row = code.row(/^digits #1.*running.*\/s/);
    await row.waitFor();
    const hover = code.page.locator('.monaco-hover:not(.hidden)').filter({ hasText: 'samples/s' });
    // The row may move while the mouse comes to it, and a new state or a host that is late may take the tooltip away;
    // if numbers did, it would never stay that long.
    let timeout = 5000;
    const isKept = async (): Promise<boolean> => {
      await code.page.mouse.move(700, 500);
      await row.hover();
      timeout *= 2;
      const isShown = await hover.waitFor({ timeout }).then(
        () => true,
        () => false,
      );
      if (isShown) await code.page.waitForTimeout(6000);
      return isShown && hover.isVisible();
    };
    await expect.poll(isKept, { timeout: 240_000 }).toBe(true);
    await code.picture('tooltip');
    await code.page.mouse.move(700, 500);
  });

  it('open their dashboard by a click', async () => {
    await code.run('View: Close All Editors');
    await code.row(/^digits #1/).click();
    await DashboardReader.find(code.page, 'digits #1');
  });

  it('are asked about before the practice cluster takes them with it', async () => {
    const dialog = code.page
      .locator('.monaco-dialog-box')
      .filter({ hasText: '1 run is using the practice cluster' });
    await code.run('Rankwise: Stop Practice Cluster');
    await dialog.waitFor();
    await code.picture('practice cluster in use');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await code.row(/^digits #1.*running/).waitFor();

    await code.run('Rankwise: Stop Practice Cluster');
    await dialog.getByRole('button', { name: 'Stop Run and Cluster' }).click();
    await code.row(/^digits #1.*stopped after/).waitFor();
    await expect.poll(() => practiceRecord(code.stateDirectory)).toBeUndefined();
  });
});
