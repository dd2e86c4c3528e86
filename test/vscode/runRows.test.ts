import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DashboardReader } from '../../scripts/start/dashboard.mjs';
import { practiceRecord } from '../../scripts/start/practice.mjs';
import { choose } from '../../scripts/vscode/page.mjs';
import { pictureFailures, VsCode } from '../support/vscode';

const launch = (name: string, command: string): string[] => [
  `  ${name}:`,
  '    cluster: practice',
  '    launcher: ssh',
  `    command: ${command}`,
  '    stop: { interruptSeconds: 6, terminateSeconds: 4 }',
];

/** What a person is told about runs outside of the dashboard. */
describe('runs beside the dashboard', () => {
  let code: VsCode;

  beforeAll(async () => {
    code = await VsCode.start({
      workspace: {
        'rankwise.yaml': [
          'version: 1',
          'launches:',
          ...launch('digits', 'practice-training --epochs 1000'),
          ...launch('failing', "'sleep 2; test $RANK != 2 || exit 3; sleep 100'"),
          ...launch('stubborn', '\'trap "" INT; echo step=1 loss=1; while :; do sleep 1; done\''),
          '',
        ].join('\n'),
      },
    });
    await code.openSideBar();
    await code.row(/^digits/).waitFor({ timeout: 60_000 });
  });
  pictureFailures(() => code);
  afterAll(() => code.close());

  const start = async (name: string): Promise<DashboardReader> => {
    await code.run('Rankwise: Launch…');
    await choose(code.page, name);
    return DashboardReader.find(code.page, `${name} #1`, 60_000);
  };

  it('open the line of a launch by a click, and are named by more than their tooltip', async () => {
    await code.row(/^failing/).click();
    await code.page.locator('.statusbar').getByText('Ln 8, Col').waitFor();
    expect(await code.row(/^failing/).getAttribute('aria-label')).toMatch(/^failing, ssh · practice/);
  });

  it('tell a failure with its cause, and which worker it was', async () => {
    await start('failing');
    await code.row(/^failing #1.*exit 3 on rank 2 \(practice3\)/).waitFor({ timeout: 60_000 });
    await code.run('View: Close All Editors');
    const told = await code.notification(
      /failing #1 failed: exit 3 on practice3\/0.*the others were stopped/,
    );
    await code.picture('run failed');
    await told.getByRole('button', { name: 'Open Dashboard' }).click();
    await DashboardReader.find(code.page, 'failing #1', 30_000);
  });

  it('count down while a stop waits, and offer no second one', async () => {
    await start('stubborn');
    await code.row(/^stubborn #1.*running/).waitFor();
    await code.run('Rankwise: Stop Run…');
    await code.notification(/Stopping stubborn #1.*[1-6] s left/, 10_000);
    const row = code.row(/^stubborn #1.*stopping/);
    await row.hover();
    await row.getByRole('button', { name: 'Open Dashboard' }).waitFor();
    expect(await row.getByRole('button', { name: 'Stop Run…' }).count()).toBe(0);
    await code.picture('stopping');
    await code.notification(/stubborn #1 is stopped: no process of it is left/);
    await code.run('Notifications: Clear All Notifications');
  });

  it('keep a tooltip open while numbers come in', async () => {
    await start('digits');
    const row = code.row(/^digits #1.*running.*\/s/);
    await row.waitFor({ timeout: 60_000 });
    await code.page.mouse.move(700, 500);
    await row.hover();
    const hover = code.page.locator('.monaco-hover:not(.hidden)').filter({ hasText: 'samples/s' });
    await hover.waitFor({ timeout: 10_000 });
    await code.page.waitForTimeout(6000);
    expect(await hover.isVisible()).toBe(true);
    await code.picture('tooltip');
    await code.page.mouse.move(700, 500);
  });

  it('open their dashboard by a click', async () => {
    await code.run('View: Close All Editors');
    await code.row(/^digits #1/).click();
    await DashboardReader.find(code.page, 'digits #1', 30_000);
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
    await code.row(/^digits #1.*stopped after/).waitFor({ timeout: 60_000 });
    await expect.poll(() => practiceRecord(code.stateDirectory), { timeout: 20_000 }).toBeUndefined();
  });
});
