import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderTensorBoard } from '../../../../src/runs/leaves/tensorBoard';

/** Names itself to our search, says where it serves, and has a child that does not listen to TERM. */
const standIn = `#!/bin/sh
sh -c 'trap "" TERM; while :; do sleep 0.2; done' &
echo "$@" >"$HOME/arguments"
echo "TensorBoard 2.20.0 at http://127.0.0.1:6006/ (Press CTRL+C to quit)" >&2
wait
`;

describe.each(['dash', 'bash', 'busybox'])('TensorBoard started under %s', (shell) => {
  let home: string;
  let child: ChildProcess;
  let said: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'rankwise-board-'));
    mkdirSync(join(home, 'bin'));
    mkdirSync(join(home, 'work'));
    said = '';
  });
  afterEach(() => {
    child.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  });

  const start = (installed: boolean, directory = 'runs'): void => {
    if (installed) {
      writeFileSync(join(home, 'bin/tensorboard'), standIn);
      chmodSync(join(home, 'bin/tensorboard'), 0o755);
    }
    const setup = [`export PATH=${home}/bin:/usr/bin:/bin MARK=${home}`];
    const script = renderTensorBoard({ workdir: '~/work', directory, setup }, '@tag');
    const command = `eval "$(dd bs=1 count=${Buffer.byteLength(script)} 2>/dev/null)"`;
    const [program, ...before] = shell === 'busybox' ? ['busybox', 'sh'] : [shell];
    child = spawn(program, [...before, '-c', command], {
      env: { PATH: '/usr/bin:/bin', HOME: home },
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => (said += bytes.toString()));
    child.stdin?.write(script);
  };
  /** Command lines of the processes that its job has started. */
  const left = (): string[] =>
    execFileSync('ls', ['/proc'], { encoding: 'utf8' })
      .split('\n')
      .filter((pid) => /^\d+$/.test(pid))
      .flatMap((pid) => {
        try {
          const isOurs = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`MARK=${home}`);
          return isOurs ? [readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')] : [];
        } catch {
          return [];
        }
      });

  it('serves on loopback while standard input is open, and leaves nothing', async () => {
    start(true, "a dir/it's $(touch escaped)");
    await expect.poll(() => said).toMatch(/http:\/\/127\.0\.0\.1:6006\/[^]*@tag beat/);
    expect(readFileSync(join(home, 'arguments'), 'utf8').trim()).toBe(
      "--logdir ./a dir/it's $(touch escaped) --host 127.0.0.1 --port 0",
    );
    expect(left().length).toBeGreaterThan(1);
    const ended = once(child, 'exit');
    child.stdin?.end();
    await ended;
    await expect.poll(left).toEqual([]);
  });

  it('leaves nothing when nobody reads any more', async () => {
    start(true);
    await expect.poll(() => said).toContain('6006');
    child.stdout?.destroy();
    child.stderr?.destroy();
    await expect.poll(left).toEqual([]);
  });

  it('says that it is not installed', async () => {
    start(false);
    // Its end, and that of all it said.
    await once(child, 'close');
    expect(said).toMatch(/@tag missing=yes[^]*@tag end=127/);
    expect(left()).toEqual([]);
  });
});
