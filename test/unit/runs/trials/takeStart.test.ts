import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import startScript from '../../../../src/runs/remote/start.sh';
import { ALL_SENT } from '../../../../src/runs/startRun';
import takeStartScript from '../../../../src/runs/remote/takeStart.sh';

describe.each([['dash'], ['bash'], ['busybox', 'sh']])('taking a start away, by %s', (...shell: string[]) => {
  let home: string;
  const part = (): string => join(home, 'run/node1');
  const run = (script: string, ...args: string[]): string => {
    const [program = '', ...words] = shell;
    return execFileSync(program, [...words, '-s', '--', ...args], {
      input: script,
      cwd: home,
      encoding: 'utf8',
    });
  };
  const take = (): string => run(takeStartScript, 'run', 'node1').trim();
  /** The start of a run whose supervisor only says that it ran. */
  const start = (): string => {
    mkdirSync(part(), { recursive: true });
    writeFileSync(join(part(), 'start.sh'), startScript);
    writeFileSync(join(part(), 'supervise.sh'), `echo once >>"${part()}/ran"\n`);
    const [program = '', ...words] = shell;
    return execFileSync(program, [...words, join(part(), 'start.sh'), 'worker:0'], {
      input: ALL_SENT,
      encoding: 'utf8',
    });
  };
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'rankwise-take-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('leaves nothing for a start that comes later, however often it is asked', () => {
    expect([take(), take()]).toEqual(['taken', 'taken']);
    expect(start()).toContain('already');
    expect(existsSync(join(part(), 'ran'))).toBe(false);
    expect(readFileSync(join(part(), 'stopped'), 'utf8')).toBe('stop\n');
  });

  it('leaves a start alone that was made', async () => {
    expect(start()).toContain('started');
    expect([take(), take()]).toEqual(['started', 'started']);
    expect(existsSync(join(part(), 'stopped'))).toBe(false);
    await expect.poll(() => readFileSync(join(part(), 'ran'), 'utf8')).toBe('once\n');
  });
});
