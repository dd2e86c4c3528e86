import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAnswer, type Answer } from '../../../../src/cluster/preflight/answer';
import { judgeHost } from '../../../../src/cluster/preflight/judgeHost';
import { renderPreflight } from '../../../../src/cluster/preflight/probeScript';
import { preflightRequest, type HostRequest } from '../../../../src/cluster/preflight/request';
import type { ClusterModel, LaunchModel } from '../../../../src/config/model';
import { hostsWith, specOf } from '../../../support/launchSpecs';

const shells = ['dash', 'bash', 'busybox'] as const;

describe.each(shells)('the preflight script under %s', (shell) => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'rankwise preflight-'));
    mkdirSync(join(home, 'bin'));
    const path = execFileSync('sh', ['-c', `command -v ${shell}`])
      .toString()
      .trim();
    symlinkSync(path, join(home, 'bin/sh'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  function ask(
    launch: Partial<LaunchModel>,
    cluster: Partial<ClusterModel> = {},
    changes: Partial<HostRequest> = {},
  ): { answer: Answer; reasons: string[]; nextSteps: string[] } {
    const spec = specOf(hostsWith(1), launch, { workdir: '~', ...cluster });
    const request = preflightRequest(spec.launch, spec.cluster, undefined, 0);
    const asked = { ...request.hosts[0]!, ...changes };
    const text = execFileSync('sh', ['-s'], {
      input: renderPreflight(request, asked, 'tag7'),
      cwd: home,
      env: { HOME: home, PATH: `${join(home, 'bin')}:/usr/bin:/bin:/usr/sbin:/sbin` },
    }).toString();
    const answer = parseAnswer(text, 'tag7');
    const errors = judgeHost(request, asked, answer).filter(
      ({ check, severity }) => check !== 'disk' && severity === 'error',
    );
    return {
      answer,
      reasons: errors.map(({ reason }) => reason),
      nextSteps: errors.flatMap(({ nextStep }) => nextStep ?? []),
    };
  }

  it('finds nothing to say where all is well', () => {
    const before = Date.now() / 1000;
    const { answer, reasons } = ask(
      { command: 'echo hello' },
      { setup: ['export WORD=well', '[ -e /none ] && false'] },
    );
    expect(reasons).toEqual([]);
    expect(answer.startedAt).toBeGreaterThan(before - 2);
    expect(answer.startedAt).toBeLessThan(Date.now() / 1000 + 2);
    expect(answer.homeFree).toBeGreaterThan(0);
    expect(answer.limits.openFiles).toBeGreaterThan(0);
    expect(answer.boot).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.setup).toMatchObject({ ready: true, status: 0, failed: [] });
  });

  it('names a command that is not there, after the setup lines', () => {
    expect(ask({ command: 'A=1 exec no-such-training --epochs 3' }).reasons).toEqual([
      'no-such-training: command not found',
    ]);
    expect(ask({ command: 'train.py --epochs 3' }).nextSteps).toEqual([
      'Write the interpreter before it: `command: python train.py`.',
    ]);
    expect(ask({ command: ['no such; thing', 'x'] }).reasons).toEqual(['no such; thing: command not found']);
    writeFileSync(join(home, 'bin/own-training'), '#!/bin/sh\n');
    chmodSync(join(home, 'bin/own-training'), 0o755);
    mkdirSync(join(home, 'tools'));
    writeFileSync(join(home, 'tools/hidden'), '#!/bin/sh\n');
    chmodSync(join(home, 'tools/hidden'), 0o755);
    expect(ask({ command: 'hidden' }).reasons).toEqual(['hidden: command not found']);
    expect(ask({ command: 'hidden' }, { setup: ['PATH=$PATH:~/tools'] }).reasons).toEqual([]);
  });

  it('names a script that is not in the workdir', () => {
    expect(ask({ command: 'python3 train.py --lr 1' }).reasons).toEqual(['train.py is not in the workdir ~']);
    writeFileSync(join(home, 'train.py'), '');
    expect(ask({ command: 'python3 train.py --lr 1' }).reasons).toEqual([]);
  });

  it('names the setup line that fails, with what it said', () => {
    const { reasons } = ask(
      {},
      { setup: ['export A=1', "echo 'no such module: cuda/99' >&2; false", 'export B=2'] },
    );
    expect(reasons[0]).toBe('the setup line `false` failed with exit 1: no such module: cuda/99');
  });

  it('gives each of two failing setup lines its own words', () => {
    const { reasons } = ask(
      {},
      {
        setup: [
          "echo 'no such module: cuda/99' >&2; false",
          "echo 'no such environment: derm' >&2; (exit 4)",
        ],
      },
    );
    expect(reasons.slice(0, 2)).toEqual([
      'the setup line `false` failed with exit 1: no such module: cuda/99',
      'the setup line `( exit 4 )` failed with exit 4: no such environment: derm',
    ]);
  });

  it('names setup lines that end the shell or are no shell text', () => {
    expect(ask({}, { setup: ['echo leaving', 'exit 3'] }).reasons).toEqual([
      'the setup lines ended the shell (exit 3): leaving',
    ]);
    expect(ask({}, { setup: ['if true'] }).reasons[0]).toMatch(
      /setup lines ended the shell \(exit \d+\): .*syntax error/i,
    );
  });

  it('does not take words of a setup line for an answer', () => {
    const { reasons } = ask(
      { command: 'no-such' },
      { setup: ['echo "@tag8 program=0 yes"; echo "program=0 yes"'] },
    );
    expect(reasons).toEqual(['no-such: command not found after the setup lines']);
  });

  it('gives text with quotes, dollars and newlines to nobody else', () => {
    const nasty = `'; touch ${join(home, 'escaped')}; $(touch ${join(home, 'escaped')})\n"`;
    ask({ command: [nasty], env: { WORD: nasty } }, { workdir: `~/${nasty}` });
    expect(() => execFileSync('test', ['!', '-e', join(home, 'escaped')])).not.toThrow();
  });

  it('names a workdir that is a file, or whose parent is one', () => {
    writeFileSync(join(home, 'data'), '');
    expect(ask({}, { workdir: '~/data' }).reasons.join()).toMatch(
      /workdir ~\/data cannot be written: .*data is not a directory/,
    );
    expect(ask({}, { workdir: '~/data/deep' }).reasons.join()).toMatch(
      /workdir ~\/data\/deep cannot be written/,
    );
    expect(ask({}, { workdir: '~/new/deep' }).answer).toMatchObject({
      workdirAbsent: true,
      workdirRefused: undefined,
    });
  });

  it('names a port that somebody listens on', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    const { reasons } = ask({ command: 'true' }, {}, { ports: [port, 1] });
    server.close();
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(new RegExp(`^port ${port} is in use`));
  });

  it('takes the words of nvidia-smi for GPUs that are in use', () => {
    const words =
      '#!/bin/sh\ncase $1 in *index*) echo "0, GPU-a"; echo "1, GPU-b" ;; *) echo "GPU-b, 1, 8123" ;; esac\n';
    writeFileSync(join(home, 'bin/nvidia-smi'), words);
    chmodSync(join(home, 'bin/nvidia-smi'), 0o755);
    const { answer } = ask({ command: 'true' });
    expect(answer.gpus).toEqual([
      { index: 0, uuid: 'GPU-a' },
      { index: 1, uuid: 'GPU-b' },
    ]);
    expect(answer.gpuProcesses).toEqual([{ uuid: 'GPU-b', pid: 1, mebibytes: 8123, owner: 'root' }]);
  });
});
