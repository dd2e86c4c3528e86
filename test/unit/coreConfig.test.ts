import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { silentLogger } from '../../src/base/logger';
import { CoreConfig } from '../../src/coreConfig';
import { PracticeClient } from '../../src/practice/practiceClient';

const folder = mkdtempSync(join(tmpdir(), 'rankwise-config-'));
const practice = new PracticeClient({ stateDir: folder, extensionPath: folder, logger: silentLogger });
afterAll(() => {
  practice.dispose();
  rmSync(folder, { recursive: true });
});

it('does not read pipes and devices', async () => {
  const config = new CoreConfig(practice);
  const file = join(folder, 'rankwise.yaml');
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  for (const hosts of ['pipe', '/dev/zero']) {
    writeFileSync(file, `version: 1\nclusters:\n  lab: { hosts: ${hosts} }\n`);
    await config.reload(file);
    expect(config.current?.problems.map(({ code, message }) => [code, message])).toEqual([
      ['rankwise.hostfileUnreadable', expect.stringContaining('it is not a file')],
    ]);
  }
  config.dispose();
});
