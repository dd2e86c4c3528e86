import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import sshScript from '../../../src/launch/remote/ssh.sh';

const directory = mkdtempSync(join(tmpdir(), 'rankwise-strict-'));
afterAll(() => rmSync(directory, { recursive: true }));
const real = join(directory, 'real');
const script = join(directory, 'ssh.sh');
writeFileSync(real, `#!/bin/sh\nprintf '%s\\0' "$@"\n`);
writeFileSync(script, sshScript);
chmodSync(real, 0o700);

describe.each([['dash'], ['bash'], ['busybox', 'sh']])('the ssh of a launcher under %s', (...shell) => {
  const words = (...args: string[]): string[] => {
    const [program = 'sh', ...rest] = shell;
    const env = { PATH: process.env['PATH'], RANKWISE_SSH: real, RANKWISE_RUN_ID: 'run-1' };
    return execFileSync(program, [...rest, script, ...args], { env })
      .toString()
      .split('\0')
      .slice(0, -1);
  };

  it('checks host keys whatever the launcher says, and marks what runs on the other host', () => {
    const args = words(
      '-o',
      'StrictHostKeyChecking=no',
      '-x',
      'node2',
      '-p',
      '22',
      "cd '/a b' ;",
      'env A=1',
      'true',
    );
    expect(args.slice(0, -1)).toEqual([
      '-o',
      'StrictHostKeyChecking=yes',
      '-o',
      'StrictHostKeyChecking=no',
      '-x',
      'node2',
      '-p',
      '22',
    ]);
    const remote = args.at(-1) ?? '';
    expect(remote).toMatch(/^exec env RANKWISE_RUN_ID=run-1 RANKWISE_ROLE=launcher sh -c '/);
  });

  it('gives the other host the very words', () => {
    const remote = words('node2', `printf '%s|' "it's" "$HOME"`, "'$x'").at(-1) ?? '';
    expect(
      execFileSync('sh', ['-c', remote], { env: { HOME: '/h', PATH: process.env['PATH'] } }).toString(),
    ).toBe("it's|/h|$x|");
  });

  it('passes a login without a command on', () => {
    expect(words('-p22', 'node2')).toEqual(['-o', 'StrictHostKeyChecking=yes', '-p22', 'node2']);
  });
});
