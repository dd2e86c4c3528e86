import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FrameParser, type Frame } from '../../../src/runs/frames';
import { parseRecord } from '../../../src/runs/hostRecord';
import { parseScan, type Scan } from '../../../src/runs/scan';
import follow from '../../../src/runs/remote/follow.sh';
import scan from '../../../src/runs/remote/scan.sh';
import start from '../../../src/runs/remote/start.sh';
import supervise from '../../../src/runs/remote/supervise.sh';
import worker from '../../../src/runs/remote/worker.sh';
import { ALL_SENT } from '../../../src/runs/startRun';

const python = (program: string): string => `exec python3 -u -c '${program}'`;

describe.each(['dash', 'bash', 'busybox'])('the remote scripts under %s', (shell) => {
  let home: string;
  let directory: string;
  let env: Record<string, string>;
  const run = `run-${Math.random().toString(36).slice(2)}`;

  beforeEach(() => {
    sessions = [];
    home = mkdtempSync(join(tmpdir(), 'rankwise-remote-'));
    directory = join(home, '.rankwise/runs', run, 'node1');
    mkdirSync(directory, { recursive: true });
    mkdirSync(join(home, 'bin'));
    symlinkSync(
      execFileSync('sh', ['-c', `command -v ${shell}`])
        .toString()
        .trim(),
      join(home, 'bin/sh'),
    );
    env = { HOME: home, PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}` };
    for (const [name, text] of Object.entries({ start, supervise, worker, follow })) put(`${name}.sh`, text);
  });
  afterEach(async () => {
    await untilEmpty('KILL');
    rmSync(home, { recursive: true });
  });

  const put = (name: string, text: string): void => {
    writeFileSync(join(directory, name), text);
    chmodSync(join(directory, name), 0o700);
  };
  const text = (name: string): string => readFileSync(join(directory, name), 'utf8');
  /** Starts processes: `0` is a worker, else `role:id`. `secrets`: what stands on standard input before the end. */
  let secrets = '';
  let umask = '022';
  const launch = (...ids: string[]): string =>
    // As sshd runs a command: in a session of its own.
    execFileSync(
      'setsid',
      [
        '-w',
        'sh',
        '-c',
        `umask ${umask}; exec sh .rankwise/runs/${run}/node1/start.sh ${ids.map((id) => (id.includes(':') ? id : `worker:${id}`)).join(' ')}`,
      ],
      { cwd: home, env, input: secrets + ALL_SENT },
    ).toString();
  /** Looks, trusting the sessions of the look before, as a stop does; `signal` for the given roles. */
  let sessions: string[] = [];
  const look = (signal?: string, ...roles: string[]): Scan => {
    const args = [
      '@tag',
      run,
      'node1',
      sessions.join(',') || '-',
      ...(signal === undefined ? [] : [signal, 'stop', ...roles]),
    ];
    const found = parseScan(
      execFileSync('sh', ['-s', '--', ...args], { input: scan, cwd: home, env }).toString(),
      '@tag',
    );
    sessions = found.sessions;
    return found;
  };
  const until = async (what: string, condition: () => boolean): Promise<void> => {
    await expect.poll(() => (condition() ? what : 'not yet'), { interval: 50 }).toBe(what);
  };
  const untilEmpty = (signal: string): Promise<void> =>
    until('empty', () => look(signal, 'worker', 'launcher').processes.length === 0);
  /** A file of `/proc/PID`; empty where the process has just ended. */
  const processFile = (pid: number, name: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'latin1').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  };
  /** A process that has been killed may stay as a zombie until it is collected. */
  const isRunning = (pid: number): boolean => /^\d+ \(.*\) [^ZX] /s.test(processFile(pid, 'stat'));
  const exitOf = (id: string): Record<string, string> => Object.fromEntries(parseRecord(text(`${id}.exit`)));

  it('start once, keep each log apart, and write down how each worker ended', async () => {
    put('0.sh', 'echo "zero $RANKWISE_RUN_ID $RANKWISE_HOST ${RANKWISE_ROLE-none}"; exit 3');
    put('1.sh', 'echo one; echo err >&2');
    expect(launch('0', '1')).toBe('\nstarted\n');
    expect(launch('0', '1')).toBe('\nalready\n');
    await until(
      'ended',
      () => existsSync(join(directory, '0.exit')) && existsSync(join(directory, '1.exit')),
    );
    expect(text('0.log')).toBe(`zero ${run} node1 none\n`);
    expect(text('1.log')).toBe('one\nerr\n');
    expect([exitOf('0')['code'], exitOf('1')['code']]).toEqual(['3', '0']);
    expect(text('0.clock')).toMatch(new RegExp(`^\\d{10} 0 ${text('0.log').length}$`, 'm'));
    await untilEmpty('TERM');
  });

  it('end the services of a host when its other processes are over, not before', async () => {
    const up = '[ -s service.up ] && [ -e stubborn.up ]';
    put('0.sh', `sleep 2; until ${up}; do sleep 0.1; done; echo "worker done, $(cat service.up)"`);
    put('ns.sh', "trap 'echo asked; exit 0' TERM\necho serving >service.up; while :; do sleep 0.1; done");
    put('stubborn.sh', "trap '' TERM\n: >stubborn.up\nwhile :; do sleep 0.1; done");
    launch('0', 'service:ns:0', 'service:stubborn:0');
    await until('worker ended', () => existsSync(join(directory, '0.exit')));
    expect(text('0.log')).toBe('worker done, serving\n');
    await until('asked', () => /^asked$/m.test(text('ns.log')));
    for (const id of ['ns', 'stubborn'])
      await until(`end of ${id}`, () => existsSync(join(directory, `${id}.exit`)));
    expect([exitOf('ns')['code'], exitOf('stubborn')['code']]).toEqual(['0', '137']);
    await until('empty', () => look().processes.length === 0);
  });

  it('name services as such, and leave those of a host without workers alone', async () => {
    put('node.sh', 'exec sleep 605');
    launch('service:node:0');
    await until('up', () =>
      look().processes.some(({ role, name }) => role === 'service' && name === 'sleep'),
    );
    expect(look('KILL', 'worker', 'launcher').processes).not.toEqual([]);
    await until('empty', () => look('KILL', 'service').processes.length === 0);
  });

  it('count attempts of one worker, and keep its log whole', () => {
    const record = (name: string): Map<string, string> => parseRecord(text(name));
    const again = (): number =>
      spawnSync('sh', [join(directory, 'worker.sh'), '0', 'attached'], {
        cwd: directory,
        env: { ...env, RANKWISE_RUN_ID: run, RANKWISE_HOST: 'node1', RANK: '5' },
      }).status ?? -1;
    put('0.sh', 'echo first; exit 9');
    expect(again()).toBe(9);
    put('0.sh', 'test ! -e 0.exit && echo second');
    expect(again()).toBe(0);
    expect(text('0.log')).toBe('first\nsecond\n');
    expect([record('0.start').get('attempt'), record('0.exit').get('attempt')]).toEqual(['2', '2']);
    expect([record('0.start').get('rank'), record('0.exit').get('code')]).toEqual(['5', '0']);
  });

  it('record the job of a task and do not look for its process here', async () => {
    put('3.sh', 'echo task; sleep 600');
    const task = spawn('setsid', ['sh', join(directory, 'worker.sh'), '3', 'task'], {
      cwd: directory,
      env: { ...env, RANKWISE_RUN_ID: run, SLURM_JOB_ID: '42', SLURMD_NODENAME: 'c7', SLURM_PROCID: '3' },
      stdio: 'ignore',
    });
    await until('recorded', () => existsSync(join(directory, '3.start')));
    const record = parseRecord(text('3.start'));
    expect([record.get('job'), record.get('node'), record.get('rank')]).toEqual(['42', 'c7', '3']);
    writeFileSync(join(directory, '3.start'), text('3.start').replace(/^start=.*$/m, 'start=1'));
    // A process that is gone is told of with the fourth heartbeat.
    const frames = await followed('\n', 'heartbeat', 4);
    expect(frames.filter(({ kind }) => kind === 'gone')).toEqual([]);
    process.kill(-task.pid!, 'SIGKILL');
  });

  it("leave files alone whose names are the job's own", async () => {
    for (const name of ['a b.log', ' 0.log', '-n.log', 'a\nb.log', 'ä.log']) put(name, `of the job: ${name}`);
    put('a b.start', 'pid=999999999\nstart=1\nboot=other\n');
    put('0.log', 'zero');
    put('0-a.log', 'one');
    put('0_a.log', 'other');
    put('9.start', 'pid=999999999\nstart=1\nboot=other\n');
    const frames = await followed('0.log 1 4\n a b.log 1 4\n\n', 'gone');
    expect(dataOf(frames)).toMatchObject({ '0.log': 'zero', '0-a.log': 'one', '0_a.log': 'other' });
    expect(Object.keys(dataOf(frames)).sort()).toEqual(['0-a.log', '0.log', '0_a.log', '9.start']);
    expect(frames.filter(({ kind }) => kind === 'gone')).toEqual([{ kind: 'gone', id: '9' }]);
  });

  it('follow a link to a log elsewhere', async () => {
    writeFileSync(join(home, 'slurm-7.out'), 'from elsewhere\n');
    symlinkSync(join(home, 'slurm-7.out'), join(directory, 'out.log'));
    expect(dataOf(await followed('\n'))).toEqual({ 'out.log': 'from elsewhere\n' });
  });

  it('hand secrets on by standard input alone', async () => {
    secrets = `export TOKEN='it'"'"'s $(touch injected)'\n`;
    put('0.sh', 'printf %s "$TOKEN"');
    launch('0');
    secrets = '';
    await until('ended', () => existsSync(join(directory, '0.exit')));
    expect(text('0.log')).toBe("it's $(touch injected)");
    // Nobody renames or removes a file while the search reads it.
    await until('empty', () => look().processes.length === 0);
    expect(execFileSync('grep', ['-rlF', 'touch injected', home]).toString()).toBe(`${directory}/0.log\n`);
  });

  it('start nothing when the sender died before all was sent', () => {
    put('0.sh', 'echo must not run');
    for (const input of ['', "export TOKEN='half", "export TOKEN='whole'\n", ALL_SENT.slice(0, -3)]) {
      const said = spawnSync('sh', [join(directory, 'start.sh'), 'worker:0'], { cwd: home, env, input });
      expect([said.status, said.stdout.toString()]).toEqual([1, '\n']);
      expect(said.stderr.toString()).toBe('the start was cut off on its way, nothing was started\n');
      expect(existsSync(join(directory, 'started'))).toBe(false);
    }
  });

  it('write their records whatever the umask is, which the job keeps', async () => {
    put('0.sh', 'umask');
    umask = '777';
    launch('0');
    umask = '022';
    await until('ended', () => existsSync(join(directory, '0.exit')));
    expect(text('0.log')).toBe('0777\n');
    const modes = ['started', '0.log', '0.start', '0.exit', '0.attempt'].map(
      (name) => statSync(join(directory, name)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600, 0o600]);
  });

  it('let a training hear SIGINT and save', async () => {
    put(
      '0.sh',
      python(
        'import time\ntry:\n  print("up"); time.sleep(60)\nexcept KeyboardInterrupt:\n  time.sleep(1); print("saved"); raise SystemExit(7)',
      ),
    );
    launch('0');
    await until('up', () => text('0.log').includes('up'));
    expect(look('INT', 'worker').processes.map(({ role }) => role)).toContain('worker');
    await until('ended', () => existsSync(join(directory, '0.exit')));
    expect([text('0.log'), exitOf('0')['code']]).toEqual(['up\nsaved\n', '7']);
  });

  it('wait for the training when its shell is signalled too', async () => {
    put(
      '0.sh',
      `trap 'exit 143' TERM\npython3 -u -c 'import signal, time, sys\ndef save(*_):\n  time.sleep(1); print("saved"); sys.exit(0)\nsignal.signal(signal.SIGTERM, save); print("up"); time.sleep(60)'\necho not reached`,
    );
    launch('0');
    await until('up', () => text('0.log').includes('up'));
    look('TERM', 'worker');
    await until('ended', () => existsSync(join(directory, '0.exit')));
    expect([text('0.log'), exitOf('0')['code']]).toEqual(['up\nsaved\n', '143']);
  });

  it('find what left its session and hides its title, and kill it', async () => {
    put('0.sh', `ODD=$(printf 'a\\377\\200') && export ODD && setsid sleep 600 & exec sleep 601`);
    launch('0');
    // The recorder sleeps, too.
    const job = (): Scan['processes'] => look().processes.filter(({ role }) => role !== 'supervisor');
    await until('both', () => job().filter(({ name }) => name === 'sleep').length === 2);
    await untilEmpty('KILL');
    expect(exitOf('0')['code']).toBe('137');
  });

  it('find children whose environment was emptied, by the recorded session', async () => {
    put('0.sh', 'env -i /bin/sleep 602 & exec sleep 603');
    launch('0');
    await until(
      'both',
      () => look().processes.filter(({ role, name }) => role === 'worker' && name === 'sleep').length === 2,
    );
    await untilEmpty('KILL');
  });

  it('write the end down even when the recorder is killed with the job', async () => {
    put('rank.sh', 'unused');
    put('0.sh', 'echo up; exec sleep 604');
    const group = spawn('setsid', ['sh', join(directory, 'worker.sh'), '0', 'attached'], {
      cwd: directory,
      env: { ...env, RANKWISE_RUN_ID: run, RANKWISE_HOST: 'node1', RANKWISE_ROLE: 'launcher' },
      stdio: 'ignore',
    });
    await until('up', () => existsSync(join(directory, '0.log')) && text('0.log').includes('up'));
    await until('watched', () => existsSync(join(directory, '0.clock')));
    process.kill(-group.pid!, 'SIGKILL');
    await until('written', () => existsSync(join(directory, '0.exit')));
    expect(exitOf('0')['code']).toBe('137');
    await untilEmpty('TERM');
  });

  it('do not call an end killed that nobody saw', async () => {
    put('0.sh', 'echo up; for n in 1 2 3; do until [ -e go$n ]; do sleep 0.1; done; echo $n; done');
    launch('0');
    await until('up', () => existsSync(join(directory, '0.log')) && text('0.log').includes('up'));
    // What a shell forks has its command line until it runs another program: the recorder is the parent of the job.
    const { pid } = Object.fromEntries(parseRecord(text('0.start')));
    const recorder = Number(/^PPid:\s*(\d+)$/m.exec(processFile(Number(pid), 'status'))?.[1]);
    expect(processFile(recorder, 'cmdline')).toContain('worker.sh 0 session');
    process.kill(recorder, 'SIGKILL');
    // The watcher notes the clock before it looks for the recorder: at the second new line it has looked once.
    for (const [go, size] of [
      ['go1', 5],
      ['go2', 7],
    ] as const) {
      put(go, '');
      await until(go, () => new RegExp(` 0 ${size}$`, 'm').test(text('0.clock')));
    }
    put('go3', '');
    await until('written', () => existsSync(join(directory, '0.exit')));
    expect([text('0.log'), exitOf('0')['code']]).toEqual(['up\n1\n2\n3\n', 'unknown']);
    await untilEmpty('TERM');
  });

  it('find a recorded process although its environment was overwritten', async () => {
    put('0.sh', 'exec env -i /bin/sleep 607');
    const shim = spawn('setsid', ['sh', join(directory, 'worker.sh'), '0', 'attached'], {
      cwd: directory,
      env,
      stdio: 'ignore',
    });
    await until('started', () => existsSync(join(directory, '0.start')));
    await until('found', () => look().processes.some(({ name }) => name === 'sleep'));
    await untilEmpty('KILL');
    expect(shim.pid).toBeGreaterThan(0);
  });

  it('do not signal a stranger who was given the number of a session that is over', async () => {
    const stranger = spawn('setsid', ['sh', '-c', 'sleep 608 & exec sleep 608'], { env, stdio: 'ignore' });
    const children = (): string =>
      processFile(stranger.pid!, `task/${stranger.pid}/children`).trim().split(' ').join();
    await until('up', () => processFile(stranger.pid!, 'comm') === 'sleep\n' && children() !== '');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    put('0.start', `pid=999999999\nstart=1\nboot=${boot}\nsession=${stranger.pid}\n`);
    await until('seen', () => look('KILL', 'worker', 'launcher', 'supervisor').unreadable.length >= 1);
    expect(look().processes).toEqual([]);
    expect([stranger.pid!, Number(children())].map(isRunning)).toEqual([true, true]);
    process.kill(-stranger.pid!, 'SIGKILL');
  });

  it('end the whole group of a leader that is gone in one go, at the last', async () => {
    put('0.sh', 'sleep 609 & env -i /bin/sleep 609 & exit 0');
    launch('0');
    await until('ended', () => existsSync(join(directory, '0.exit')));
    const group = Number(Object.fromEntries(parseRecord(text('0.start')))['session']);
    const isAlive = (): boolean => {
      try {
        return process.kill(-group, 0);
      } catch {
        return false;
      }
    };
    expect(isAlive()).toBe(true);
    expect(look('KILL', 'worker', 'launcher', 'service', 'supervisor').processes).not.toEqual([]);
    await until('dead', () => !isAlive());
  });

  it("believe the names of login daemons only of the system's own programs", async () => {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    copyFileSync('/bin/sleep', join(home, 'sshd'));
    symlinkSync('/bin/sleep', join(home, 'systemd'));
    const agent = ['/usr/bin/ssh-agent', '-D', '-a', join(home, 'agent')];
    const children = [[join(home, 'sshd'), '703'], [join(home, 'systemd'), '703'], agent].map(
      (words, index) => {
        const child = spawn('setsid', words, { env, stdio: 'ignore' });
        put(`${index}.start`, `pid=999999999\nstart=1\nboot=${boot}\nsession=${child.pid}\n`);
        return child;
      },
    );
    try {
      for (const [index, name] of ['sshd', 'systemd', 'ssh-agent'].entries()) {
        const comm = `/proc/${children[index]!.pid}/comm`;
        await until('up', () => readFileSync(comm, 'utf8') === `${name}\n`);
      }
      const named = look().unreadable.map(({ name }) => name);
      expect(named.sort()).toEqual(['sshd', 'systemd']);
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
  });

  it('tell the name of a process as it is', async () => {
    const odd = join(home, 'a\\c b\\n');
    copyFileSync('/bin/sleep', odd);
    const child = spawn(odd, ['704'], { env: { ...env, RANKWISE_RUN_ID: run }, stdio: 'ignore' });
    await until('up', () => look().processes.some(({ name }) => name === 'a\\c b\\n'));
    child.kill('SIGKILL');
  });

  it('let a stop take the start away that is still under way', () => {
    put('0.sh', 'echo must not run');
    look('INT', 'worker');
    expect(launch('0')).toBe('\nalready\n');
    expect(existsSync(join(directory, '0.log'))).toBe(false);
    expect(text('stopped')).toBe('stop\n');
  });

  it('stop following when the directory is removed', async () => {
    const child = spawn('sh', [join(directory, 'follow.sh')], {
      env,
      cwd: home,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const code = new Promise((resolve) => child.once('exit', resolve));
    child.stdin.write('\n');
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until('following', () => /^H /m.test(said));
    rmSync(directory, { recursive: true });
    expect(await code).toBe(3);
    mkdirSync(directory);
  });

  it('do not touch the processes of another run or of another host on the same machine', async () => {
    const stranger = spawn('sleep', ['605'], { env: { ...env, RANKWISE_RUN_ID: `${run}x` } });
    const neighbour = spawn('sleep', ['606'], {
      env: { ...env, RANKWISE_RUN_ID: run, RANKWISE_HOST: 'node2' },
    });
    const pids = [stranger.pid!, neighbour.pid!];
    await until('up', () => pids.every((pid) => processFile(pid, 'environ').includes('RANKWISE_RUN_ID')));
    expect(look('KILL', 'worker', 'launcher', 'supervisor').processes).toEqual([]);
    expect(pids.map(isRunning)).toEqual([true, true]);
    stranger.kill('SIGKILL');
    neighbour.kill('SIGKILL');
  });

  it('send what is new from the byte where the reader stopped, and what was cut short anew', async () => {
    writeFileSync(join(directory, '0.log'), 'hello world');
    const first = await followed('\n');
    const { inode } = first.find((frame) => frame.kind === 'data')!;
    expect(dataOf(first)).toEqual({ '0.log': 'hello world' });
    expect(dataOf(await followed(`0.log ${inode} 6\n\n`))).toEqual({ '0.log': 'world' });
    expect(dataOf(await followed(`0.log ${inode} 11\n\n`))).toEqual({});
    const cut = await followed(`0.log ${inode} 99\n\n`);
    expect(cut.find((frame) => frame.kind === 'data')).toMatchObject({ inode: `${inode}-1`, offset: 0 });
  });

  it('say that a process is gone without a record', async () => {
    put('0.start', 'pid=999999999\nstart=1\nboot=other\n');
    expect(await followed('\n', 'gone')).toContainEqual({ kind: 'gone', id: '0' });
  });

  it('do not call a process gone whose recorder has not come to writing its end down', async () => {
    put('0.sh', 'until [ -e go ]; do sleep 0.1; done');
    launch('0');
    await until('recorded', () => existsSync(join(directory, '0.start')));
    const recorder = Number(parseRecord(text('0.start')).get('recorder'));
    process.kill(recorder, 'SIGSTOP');
    put('go', '');
    const frames = await followed('\n', 'heartbeat', 5);
    expect(frames.filter(({ kind }) => kind === 'gone')).toEqual([]);
    expect(existsSync(join(directory, '0.exit'))).toBe(false);
    process.kill(recorder, 'SIGCONT');
    await until('ended', () => existsSync(join(directory, '0.exit')));
  });

  /** Everything follow.sh says until the first heartbeat (or that many of another kind). */
  async function followed(input: string, last: Frame['kind'] = 'heartbeat', count = 1): Promise<Frame[]> {
    const child = spawn('sh', [join(directory, 'follow.sh')], { env, cwd: home });
    const parser = new FrameParser();
    const frames: Frame[] = [];
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const done = new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        frames.push(...parser.push(chunk));
        if (frames.filter(({ kind }) => kind === last).length >= count) resolve();
      });
      child.once('close', () => reject(new Error(`follow.sh ended without ${last}: ${errors}`)));
    });
    child.stdin.write(input);
    await done;
    child.stdin.end();
    await ended;
    return frames;
  }
  function dataOf(frames: readonly Frame[]): Record<string, string> {
    const out: Record<string, string> = {};
    for (const frame of frames) {
      if (frame.kind === 'data') out[frame.name] = (out[frame.name] ?? '') + frame.bytes.toString();
    }
    return out;
  }

  it('parse', () => {
    for (const name of ['start', 'supervise', 'worker', 'follow']) {
      expect(
        spawnSync(shell, [...(shell === 'busybox' ? ['sh'] : []), '-n', join(directory, `${name}.sh`)])
          .status,
      ).toBe(0);
    }
  });
});
