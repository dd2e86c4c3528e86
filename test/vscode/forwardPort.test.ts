import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choose } from '../../scripts/vscode/page.mjs';
import { pictureFailures, VsCode } from '../support/vscode';

describe('a port of a practice host', () => {
  let code: VsCode;

  beforeAll(async () => {
    code = await VsCode.start({
      workspace: {
        'rankwise.yaml':
          'version: 1\nlaunches:\n  digits: { cluster: practice, launcher: ssh, command: practice-training }\n',
      },
    });
    await code.openSideBar();
    await code.row(/^digits/).waitFor();
    await code.run('Rankwise: Start Practice Cluster');
    await code.row(/^practice4.*load/).waitFor();
  });
  pictureFailures(() => code);
  afterAll(() => code.close());

  it('is reached on this machine until that is ended', async () => {
    const server = createServer((_, response) => response.end('from the host')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      await code.run('Rankwise: Forward Port…');
      await choose(code.page, 'practice2');
      await code.answer('Forward a port of practice2', String((server.address() as AddressInfo).port));
      const row = code.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'practice2:' });
      const isListed = async (): Promise<boolean> => {
        await code.run('Rankwise: Stop Forwarding Port…');
        return row.waitFor({ timeout: 15_000 }).then(
          () => true,
          () => false,
        );
      };
      await expect.poll(isListed).toBe(true);
      const address = /127\.0\.0\.1:\d+/.exec(await row.innerText())?.[0] ?? '';
      expect(await (await fetch(`http://${address}/`)).text()).toBe('from the host');
      await row.click();
      await expect.poll(() => fetch(`http://${address}/`).catch(() => 'refused')).toBe('refused');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
