import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
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

const python = (program: string): string => `exec python3 -u -c '${program}'`;

describe.each(['dash', 'bash', 'busybox'])('the remote scripts under %s', (shell) => {
  let home: string;
  let directory: string;
  let env: Record<string, string>;
  const run = `run-${Math.random().toString(36).slice(2)}`;

  beforeEach(() => {
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
  const launch = (...ids: string[]): string =>
    // As sshd runs a command: in a session of its own.
    execFileSync(
      'setsid',
      ['-w', 'sh', '-c', `exec sh .rankwise/runs/${run}/node1/start.sh ${ids.join(' ')}`],
      { cwd: home, env },
    ).toString();
  const look = (...signal: string[]): Scan =>
    parseScan(
      execFileSync('sh', ['-s', '--', run, 'node1', ...signal], { input: scan, cwd: home, env }).toString(),
    );
  const until = async (what: string, condition: () => boolean): Promise<void> => {
    await expect.poll(() => (condition() ? what : 'not yet'), { timeout: 15_000, interval: 50 }).toBe(what);
  };
  const untilEmpty = (signal: string): Promise<void> =>
    until('empty', () => look(signal, 'worker', 'launcher').processes.length === 0);
  const exitOf = (id: string): Record<string, string> => Object.fromEntries(parseRecord(text(`${id}.exit`)));

  it('start once, keep each log apart, and write down how each worker ended', async () => {
    put('0.sh', 'echo "zero $RANKWISE_RUN_ID $RANKWISE_HOST ${RANKWISE_ROLE-none}"; exit 3');
    put('1.sh', 'echo one; echo err >&2');
    expect(launch('0', '1')).toBe('started\n');
    expect(launch('0', '1')).toBe('already\n');
    await until(
      'ended',
      () => existsSync(join(directory, '0.exit')) && existsSync(join(directory, '1.exit')),
    );
    expect(text('0.log')).toBe(`zero ${run} node1 none\n`);
    expect(text('1.log')).toBe('one\nerr\n');
    expect([exitOf('0')['code'], exitOf('1')['code']]).toEqual(['3', '0']);
    expect(text('clock')).toMatch(new RegExp(`^\\d{10} 0 ${text('0.log').length}$`, 'm'));
    await untilEmpty('TERM');
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
    put('0.sh', 'setsid sleep 600 & exec sleep 601');
    launch('0');
    await until('both', () => look().processes.filter(({ name }) => name === 'sleep').length >= 2);
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
    await until('watched', () => existsSync(join(directory, 'clock')));
    process.kill(-group.pid!, 'SIGKILL');
    await until('written', () => existsSync(join(directory, '0.exit')));
    expect(exitOf('0')['code']).toBe('137');
    await untilEmpty('TERM');
  });

  it('do not touch the processes of another run or of another host on the same machine', async () => {
    const stranger = spawn('sleep', ['605'], { env: { ...env, RANKWISE_RUN_ID: `${run}x` } });
    const neighbour = spawn('sleep', ['606'], {
      env: { ...env, RANKWISE_RUN_ID: run, RANKWISE_HOST: 'node2' },
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(look('KILL', 'worker', 'launcher', 'supervisor').processes).toEqual([]);
    expect([stranger.exitCode, neighbour.exitCode, stranger.signalCode, neighbour.signalCode]).toEqual([
      null,
      null,
      null,
      null,
    ]);
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

  /** Everything follow.sh says until the first heartbeat (or another kind). */
  async function followed(input: string, last: Frame['kind'] = 'heartbeat'): Promise<Frame[]> {
    const child = spawn('sh', [join(directory, 'follow.sh')], { env, cwd: home });
    const parser = new FrameParser();
    const frames: Frame[] = [];
    const done = new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        frames.push(...parser.push(chunk));
        if (frames.some(({ kind }) => kind === last)) resolve();
      });
    });
    child.stdin.write(input);
    await done;
    child.stdin.end();
    await new Promise((resolve) => child.once('exit', resolve));
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
