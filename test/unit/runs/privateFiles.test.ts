import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import rank from '../../../src/launch/remote/rank.sh';
import takeStart from '../../../src/runs/remote/takeStart.sh';
import signal from '../../../src/runs/slurm/remote/signal.sh';
import { writeRunDirectories } from '../../../src/runs/startRun';
import { renderClaim } from '../../../src/runs/sync/claimWorkdir';
import lock from '../../../src/runs/sync/remote/lock.sh';
import setup from '../../../src/runs/sync/remote/setup.sh';
import { thisMachinePlan, thisMachineSsh } from '../../support/thisMachineRuns';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rankwise-private-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const modeOf = (path: string): string => (statSync(join(home, path)).mode & 0o777).toString(8);
const ours = (): string[] =>
  readdirSync(join(home, '.rankwise'), { recursive: true, encoding: 'utf8' }).map((path) =>
    join('.rankwise', path),
  );
/** What others may read or write of all that is ours. */
const open = (): string[] => ours().filter((path) => (lstatSync(join(home, path)).mode & 0o077) !== 0);

describe.each(['dash', 'bash', 'busybox sh'])(
  'of an account whose files all may read, under %s,',
  (shell) => {
    const run = (script: string, ...args: string[]): string =>
      execFileSync('sh', ['-c', 'umask 022; exec "$@"', 'sh', ...shell.split(' '), '-s', '--', ...args], {
        input: script,
        cwd: home,
        env: { HOME: home, PATH: process.env['PATH'] },
      }).toString();

    it('the claim of a workdir is private, and the workdir is not', () => {
      const options = { run: 'run-1', workdir: '~/work', files: [], ignore: [], force: false };
      expect(run(renderClaim('node1', options, 'tag7'))).toContain('@tag7 claimed=yes');
      expect(ours()).toContain('.rankwise/runs/run-1/node1/workdir');
      expect([open(), modeOf('work')]).toEqual([[], '755']);
    });

    it('a lock is private', () => {
      mkdirSync(join(home, '.rankwise'), { mode: 0o700 });
      run(`tag=@t\n${lock}\ntake_lock "$root/a" 1 ''`);
      expect([ours().sort(), open()]).toEqual([['.rankwise/a', '.rankwise/a/owner'], []]);
    });

    it('the record of a set-up is private, and what it makes is not', () => {
      run(`tag=@t key=k job='echo made >~/own'\n${lock}\n${setup}`);
      expect([ours(), open()]).toEqual([['.rankwise/setup', '.rankwise/setup/k.done'], []]);
      expect(modeOf('own')).toBe('644');
    });

    it('the number of a rank is private, and the rank has the umask of the account', () => {
      const directory = join(home, '.rankwise/runs/run-1/node1');
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeFileSync(join(directory, 'worker.sh'), 'echo "$@" $(umask)', { mode: 0o600 });
      expect(run(`run=run-1 host=node1\nidentify() { claim w; }\n${rank}`)).toMatch(/^w0 attached 0*22\n$/);
      expect(ours()).toContain('.rankwise/runs/run-1/node1/w0.claim');
      expect(open().filter((path) => !lstatSync(join(home, path)).isSymbolicLink())).toEqual([]);
    });

    it('what a stop notes is private', () => {
      mkdirSync(join(home, '.rankwise/runs/run-1/login'), { recursive: true, mode: 0o700 });
      run(signal, 'run-1', 'login', 'INT', 'stop');
      run(takeStart, '.rankwise/runs/run-2', 'login');
      expect(ours()).toEqual(
        expect.arrayContaining(['run-1', 'run-2'].map((run) => `.rankwise/runs/${run}/login/stopped`)),
      );
      expect(open()).toEqual([]);
    });
  },
);

it('a run directory is private, and its workdir has the umask of the account', async () => {
  const ssh = thisMachineSsh(home);
  await writeRunDirectories(ssh, {
    ...thisMachinePlan('run-1'),
    files: [{ host: 'node1', path: 'node1/0.sh', mode: 0o700, content: 'true' }],
    workdir: '~/work/deep',
  });
  ssh.dispose();
  mkdirSync(join(home, 'another'));
  expect(ours()).toContain('.rankwise/runs/run-1/node1/0.sh');
  expect([open(), modeOf('work'), modeOf('work/deep')]).toEqual([[], modeOf('another'), modeOf('another')]);
});
