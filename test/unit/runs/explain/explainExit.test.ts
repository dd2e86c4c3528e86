import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseOom } from '../../../../src/runs/explain/askOom';
import type { OomEvidence } from '../../../../src/runs/explain/evidence';
import { explainExit, type Explanation } from '../../../../src/runs/explain/explainExit';
import oomScript from '../../../../src/runs/explain/remote/oom.sh';

let directory: string;
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'rankwise-explain-'))));
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs a real program that fails, and explains its end from what it printed. */
async function explain(
  command: string,
  oom?: OomEvidence,
  wasStopped = false,
): Promise<Explanation | undefined> {
  const log = join(directory, 'log');
  const { status, output } = spawnSync('bash', ['-c', `{ ${command}\n} 2>&1`], { cwd: directory });
  writeFileSync(log, Buffer.concat(output.flatMap((part) => (part === null ? [] : [Buffer.from(part)]))));
  const exit = { code: status ?? -1, process: 'node2/0' };
  return explainExit(exit, log, Date.now() / 1000, wasStopped, () => Promise.resolve(oom));
}

describe('the end of a real program', () => {
  it.each([
    [
      'addressInUse',
      'python3 -c "import socket; a=socket.socket(); a.bind((\'127.0.0.1\',0)); a.listen(); socket.socket().bind(a.getsockname())"',
    ],
    ['moduleMissing', 'python3 -c "import no_such_thing"'],
    ['moduleMissing', 'python3 -m no_such_thing'],
    ['importFailed', 'python3 -c "from os import no_such_name"'],
    ['commandNotFound', 'no-such-training --epochs 3'],
    ['notExecutable', 'touch plain; ./plain'],
    ['diskFull', "python3 -c \"open('/dev/full', 'w').write('x' * 100000)\""],
    ['segmentationFault', "sh -c 'kill -SEGV $$'"],
    ['busError', "sh -c 'kill -BUS $$'"],
    ['killedUnknown', "sh -c 'kill -KILL $$'"],
    ['connectionRefused', 'python3 -c "import socket; socket.create_connection((\'127.0.0.1\', 1))"'],
    [
      'notEnoughSlots',
      'OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun -np 9 -host localhost:2 true',
    ],
    ['pythonError', 'python3 -c "raise ValueError(\'batch size 0\')"'],
  ])('%s', async (code, command) => {
    const explanation = await explain(command);
    expect(explanation?.reason?.code, explanation?.text).toBe(code);
  });

  it('is told in one line, with at most 20 last lines and no escapes', async () => {
    const explanation = await explain('seq 1 50; printf "\\033[31mout of luck\\033[0m\\n"; exit 3');
    expect(explanation?.text).toBe('exit 3 on node2/0 · last line: out of luck');
    expect(explanation?.lastLines).toEqual([
      ...Array.from({ length: 19 }, (_, i) => String(i + 32)),
      'out of luck',
    ]);
  });

  it('names our own stop where that sent SIGKILL, and says nothing of memory', async () => {
    const kill = "sh -c 'kill -KILL $$'";
    const stopped = await explain(kill, undefined, true);
    expect(stopped?.reason?.code).toBe('killedByStop');
    expect(stopped?.text).toContain('Rankwise ended it by SIGKILL');
    expect(stopped?.text).not.toMatch(/memory|kernel/);
  });

  it('does not guess at memory where the kernel is known to have killed nothing', async () => {
    const killed = await explain("sh -c 'kill -KILL $$'", { killsSinceStart: 0, records: [] });
    expect(killed?.text).toMatch(/^exit 137 \(killed\) on node2\/0 · /);
    expect(killed?.reason?.code).toBe('killed');
  });

  it('is nothing to explain where all went well', async () => {
    expect(await explain('true')).toBeUndefined();
  });
});

describe.each(['dash', 'bash', 'busybox'])('the question to the kernel under %s', (shell) => {
  const ask = (since: number): string =>
    execFileSync(shell, [...(shell === 'busybox' ? ['sh'] : []), '-s', String(since)], {
      input: oomScript,
    }).toString();

  it('is answered with the counter and, where it may be read, the records', () => {
    const text = ask(0);
    const boot = /^boot=(.+)$/m.exec(text)?.[1] ?? '';
    const count = Number(/^oomkills=(\d+)$/m.exec(text)?.[1]);
    const oom = parseOom(text, { boot, oomKills: 0 });
    expect(oom.killsSinceStart).toBe(count);
    expect(parseOom(text, { boot: 'another', oomKills: 0 }).killsSinceStart).toBeUndefined();
    expect(parseOom(ask((Date.now() / 1000 + 1000) | 0), undefined).records ?? []).toEqual([]);
  });
});

it("reads the kernel's own words", () => {
  const text =
    'uid=4242\nboot=b\noomkills=3\nrecords=yes\nkill=1000 77 4242 python3 -u\nkill=1001 78 0 java\nkill=1002 79 ? old\n';
  expect(parseOom(text, { boot: 'b', oomKills: 1 })).toEqual({
    killsSinceStart: 2,
    records: [
      { at: 1000, pid: 77, isOurs: true, name: 'python3 -u' },
      { at: 1001, pid: 78, isOurs: false, name: 'java' },
      { at: 1002, pid: 79, isOurs: undefined, name: 'old' },
    ],
  });
});
