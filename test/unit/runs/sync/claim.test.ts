import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseClaim, renderClaim, type Claim } from '../../../../src/runs/sync/claimWorkdir';
import type { LocalFile } from '../../../../src/runs/sync/localFiles';

describe.each(['dash', 'bash', 'busybox'])('the claim of a workdir under %s', (shell) => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'rankwise-claim-'));
    mkdirSync(join(home, 'work'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const file = (remote: string, content: string, isLarge = false): LocalFile => ({
    local: `/nowhere/${remote}`,
    remote,
    bytes: content.length,
    mode: 0o644,
    changedAt: 1000,
    hash: isLarge ? undefined : createHash('sha256').update(content).digest('hex'),
  });
  const claim = (...files: LocalFile[]): Claim => {
    const options = { run: 'mine', workdir: '~/work', files, ignore: [], force: false };
    const text = execFileSync(shell, [...(shell === 'busybox' ? ['sh'] : []), '-s'], {
      input: renderClaim('node1', options, 'tag7'),
      cwd: home,
      env: { HOME: home, PATH: process.env['PATH'] },
    }).toString();
    return parseClaim(text, 'tag7');
  };
  const put = (name: string, content: string): void => writeFileSync(join(home, 'work', name), content);
  /** Another run uses the workdir: this process is one of its own. */
  const useByAnother = (): void => {
    const directory = join(home, '.rankwise/runs/other/node1');
    mkdirSync(directory, { recursive: true });
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    writeFileSync(join(directory, '0.start'), `pid=${process.pid}\nstart=${start}\nboot=${boot}\n`);
    const now = Math.floor(Date.now() / 1000);
    writeFileSync(join(directory, 'workdir'), `${hostname()}\n${now}\n${join(home, 'work')}\n`);
  };

  it('lets files in that are not there yet, while another run uses it', () => {
    put('train.py', 'same');
    useByAnother();
    const found = claim(file('train.py', 'same'), file('fmt.py', 'new'), file('big.bin', 'large', true));
    expect(found).toEqual({
      differing: [1, 2],
      changing: [],
      users: [{ state: 'running', run: 'other' }],
      refused: false,
    });
    expect(existsSync(join(home, '.rankwise/runs/mine/node1/changes'))).toBe(true);
  });

  it('is refused where a file that is there would change, a dangling link too', () => {
    put('train.py', 'old');
    symlinkSync('/no/such/file', join(home, 'work/link.py'));
    useByAnother();
    const found = claim(file('train.py', 'new'), file('fmt.py', 'new'), file('link.py', 'new'));
    expect(found).toMatchObject({ differing: [0, 1, 2], changing: [0, 2], refused: true });
    expect(existsSync(join(home, '.rankwise/runs/mine/node1/workdir'))).toBe(false);
  });

  it('waits for another run that brings its files, not for one whose start was given up', () => {
    put('train.py', 'old');
    useByAnother();
    const directory = join(home, '.rankwise/runs/other/node1');
    rmSync(join(directory, '0.start'));
    writeFileSync(join(directory, 'changes'), '');
    const users = [{ state: 'copying', run: 'other' }];
    expect(claim(file('train.py', 'new'))).toMatchObject({ users, refused: true });
    writeFileSync(join(directory, 'stopped'), 'stop\n');
    expect(claim(file('train.py', 'new'))).toMatchObject({ users: [], refused: false });
  });
});
