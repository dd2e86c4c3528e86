import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSshHosts } from '../../../src/vscode/language/sshHosts';

describe('readSshHosts', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sshHosts-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('answers where a pipe is included, which nobody writes to', async () => {
    const config = join(folder, 'config');
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    writeFileSync(join(folder, 'more'), 'Host more\n');
    writeFileSync(config, `Host one\nInclude ${folder}/pipe ${folder}/more ${folder}\n`);
    const hosts = await readSshHosts(config);
    expect(hosts.map(({ name }) => name)).toEqual(['one', 'more']);
  });
});
