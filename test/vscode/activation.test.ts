import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureFailures, VsCode } from '../support/vscode';

describe('in a workspace with a rankwise.yaml', () => {
  let code: VsCode;

  beforeAll(async () => {
    code = await VsCode.start({
      workspace: {
        hosts: 'node1 slots=2\nnode2 slots=2\n',
        'rankwise.yaml':
          'version: 1\nclusters:\n  lab:\n    hosts: hosts\nlaunches:\n' +
          '  train:\n    cluster: lab\n    launcher: mpirun\n    command: python3 train.py\n',
      },
    });
  });
  pictureFailures(() => code);
  afterAll(() => code.close());

  it('activates and shows launches and clusters', async () => {
    await code.openSideBar();
    await code.row(/^train.*mpirun · lab · 4 workers/).waitFor();
    await code.row(/^lab.*2 hosts · 4 slots/).waitFor();
    expect(await code.page.locator('.notification-list-item.error').count()).toBe(0);
  });

  it('offers the commands that make sense here', async () => {
    const input = code.page.locator('.quick-input-widget input').first();
    const label = code.page.locator('.quick-input-list .monaco-list-row .label-name');
    // The list is made when it opens, and draws only the rows it has room for: each command is looked for by its own title.
    const offers = async (title: string): Promise<boolean> => {
      await code.page.keyboard.press('Escape');
      await code.page.keyboard.press('F1');
      await input.fill(`>Rankwise: ${title}`);
      const found = label.getByText(`Rankwise: ${title}`, { exact: true });
      return found.waitFor({ timeout: 15_000 }).then(
        () => true,
        () => false,
      );
    };
    for (const title of [
      'Launch…',
      'Launch With…',
      'Preview Plan…',
      'Check Cluster',
      'Start Practice Cluster',
    ]) {
      await expect.poll(() => offers(title), { message: title }).toBe(true);
    }
    await input.fill('>Rankwise: Stop Run…');
    await label.getByText('Rankwise: Start Practice Cluster').waitFor({ state: 'hidden' });
    expect(await label.getByText('Rankwise: Stop Run…', { exact: true }).count()).toBe(0);
    for (const title of ['Submit Slurm Script…', 'Open Output…', 'Open TensorBoard…', 'Stop TensorBoard…']) {
      await input.fill(`>Rankwise: ${title}`);
      await label.getByText(`Rankwise: ${title}`, { exact: true }).waitFor({ state: 'hidden' });
    }
    await code.page.keyboard.press('Escape');
  });

  it('previews a plan without asking any host', async () => {
    await code.run('Rankwise: Preview Plan…');
    await code.page.locator('.quick-input-list').getByText('train', { exact: true }).click();
    await code.page.locator('.monaco-editor .view-line').filter({ hasText: 'mpirun' }).first().waitFor();
    await code.picture('plan');
  });
});
