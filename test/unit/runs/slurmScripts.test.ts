import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import queue from '../../../src/runs/slurm/remote/queue.sh';
import signal from '../../../src/runs/slurm/remote/signal.sh';

const root = mkdtempSync(join(tmpdir(), 'rankwise-slurm-'));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;

describe.each(['dash', 'bash', 'busybox sh'])('asking Slurm, under %s', (shell) => {
  let home = '';
  beforeEach(() => {
    home = join(root, String(count++));
    mkdirSync(join(home, 'bin'), { recursive: true });
    mkdirSync(join(home, '.rankwise/runs/run-1/login'), { recursive: true });
    for (const name of ['squeue', 'scontrol', 'sacct', 'scancel']) command(name, 'exit 1');
  });
  /** A stand-in that answers; every call is noted. */
  const command = (name: string, text: string): void => {
    writeFileSync(join(home, 'bin', name), `#!/bin/sh\necho "${name} $*" >>${home}/calls\n${text}\n`);
    chmodSync(join(home, 'bin', name), 0o755);
  };
  const calls = (): string[] => readFileSync(join(home, 'calls'), 'utf8').trim().split('\n');
  const run = (script: string, ...args: string[]): string[] => {
    const [program = '', ...own] = shell.split(' ');
    const env = { HOME: home, PATH: process.env['PATH'], SQUEUE_FORMAT: 'evil', SQUEUE_STATES: 'all' };
    const done = spawnSync(program, [...own, '-s', '--', ...args], { input: script, cwd: home, env });
    expect(done.stderr.toString()).toBe('');
    return done.stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => line.trimEnd());
  };
  const bin = (): string => join(home, 'bin');

  it('asks once for all jobs, then only about those the queue no longer has', () => {
    const record = [
      'JobId=9 JobName=x JobState=COMPLETED',
      '   JobState=FAILED Reason=NonZeroExitCode Dependency=(null)',
      '   Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=3:0',
      '   StartTime=5 EndTime=17 Deadline=N/A',
      '   Comment=   JobState=COMPLETED Reason=',
    ];
    command(
      'squeue',
      'printf "%s\\n" "squeue: warning" "Q 7 RUNNING 12 None" "Q 8_[1-2] PENDING N/A Priority"',
    );
    command('scontrol', `printf '%s\\n' ${record.map((line) => `'${line}'`).join(' ')}`);
    expect(run(queue, bin(), '/etc/s.conf', '-', '7', '8', '9')).toEqual([
      'Q 7 RUNNING 12 None',
      'Q 8_[1-2] PENDING N/A Priority',
      'C 9 - - FAILED 3:0 17 5',
      'E',
    ]);
    expect(calls()).toEqual(['squeue --noheader --jobs=7,8,9 --format=Q %i %T %S %r', 'scontrol show job 9']);
  });

  it('asks the accounting last, and says when nobody knows a job', () => {
    for (const name of ['squeue', 'scontrol'])
      command(name, 'echo "x: Invalid job id specified" >&2; exit 1');
    command('sacct', 'case $* in *jobs=5*) echo "5|CANCELLED by 42|0:15|99|90" ;; esac');
    expect(run(queue, bin(), '-', 'blue', '5', '6')).toEqual(['S 5 CANCELLED_by_42 0:15 99 90', 'U 6', 'E']);
    expect(calls()[0]).toMatch(/^squeue --clusters=blue /);
  });

  it('gives up at once when the controller is silent', () => {
    command('squeue', 'echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1');
    expect(run(queue, bin(), '-', '-', '5', '6')).toEqual([
      'X slurm_load_jobs error: Unable to contact slurm controller',
      'E',
    ]);
    expect(calls()).toHaveLength(1);
  });

  it('signals the steps of a job, everything of one without steps, and cancels in the end', () => {
    const directory = join(home, '.rankwise/runs/run-1/login');
    writeFileSync(join(directory, 'job'), `id=7\ncluster=\nbin=${bin()}\nconf=\n`);
    command('squeue', 'echo 7.batch; echo 7.0');
    expect(run(signal, 'run-1', 'login', 'INT', 'stop')).toEqual([`job 7 ${bin()} - -`]);
    command('squeue', 'echo 7.batch');
    run(signal, 'run-1', 'login', 'TERM', 'stop');
    run(signal, 'run-1', 'login', 'KILL', 'workerExit');
    expect(calls().filter((call) => call.startsWith('scancel'))).toEqual([
      'scancel --state=PENDING 7',
      'scancel --signal=INT 7',
      'scancel --state=PENDING 7',
      'scancel --state=RUNNING --full --signal=TERM 7',
      'scancel --state=PENDING 7',
      'scancel 7',
    ]);
    expect(readFileSync(join(directory, 'stopped'), 'utf8')).toBe('stop\n');
  });

  it('waits for a submission under way, and finds a job whose submission left no record', () => {
    const directory = join(home, '.rankwise/runs/run-1/login');
    const path = `PATH=${bin()}:$PATH\n`;
    const start = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    writeFileSync(join(directory, 'submit.start'), `pid=${process.pid}\nstart=${start}\nboot=${boot}\n`);
    expect(run(path + signal, 'run-1', 'login', 'INT', 'stop').at(-1)).toBe('submitting');
    writeFileSync(join(directory, 'submit.start'), `pid=${process.pid}\nstart=1\nboot=${boot}\n`);
    command('squeue', 'echo "3 /home/x/other.sh"');
    expect(run(path + signal, 'run-1', 'login', 'NONE', 'stop').at(-1)).toBe('none');
    command(
      'squeue',
      'echo "3 /home/x/.rankwise/runs/run-10/login/job.sbatch"; echo "9 /h x/.rankwise/runs/run-1/login/job.sbatch"',
    );
    expect(run(path + signal, 'run-1', 'login', 'NONE', 'stop').at(-1)).toBe('job 9 - - -');
    expect(readFileSync(join(directory, 'job'), 'utf8')).toMatch(/^id=9\n/);
    expect(calls().some((call) => call.startsWith('scancel'))).toBe(false);
  });
});
