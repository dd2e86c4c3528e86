import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchContext } from '../../../src/launch/launchContext';
import { shimCommand, shimFiles, type RankShim } from '../../../src/launch/rankShim';
import { hostsWith, specOf } from '../../support/launchSpecs';

/** In place of the recorder: says what it was started with. */
const recorder = `echo "$@"; env | grep -E "^(RANK|LOCAL_RANK|WORLD_SIZE|LOCAL_WORLD_SIZE|RANKWISE_[A-Z_]*)=" | sort`;

describe.each(['dash', 'bash', 'busybox'])('the shim of a rank under %s', (shell) => {
  let home: string;
  let directory: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'rankwise-shim-'));
    directory = join(home, '.rankwise/runs/run-1/node1');
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'worker.sh'), recorder);
  });
  afterEach(() => rmSync(home, { recursive: true }));

  /** What the recorder was told; the words of `sh` are run by the shell under test. */
  function start(shim: Partial<RankShim>, env: Record<string, string>): { code: number; said: string[] } {
    const spec = specOf(hostsWith(2), {});
    const facts = { ...spec.facts, node1: { ...spec.facts!['node1']!, nodeName: hostname() } };
    const context = launchContext({ ...spec, facts });
    const file = shimFiles(context, { by: ['openmpi'], host: 'nodeName', meeting: false, ...shim })[0]!;
    const path = join(home, '.rankwise/runs/run-1', file.path);
    writeFileSync(path, file.content);
    chmodSync(path, file.mode);
    const [, , line = ''] = shimCommand('run-1');
    const result = spawnSync(
      shell === 'busybox' ? 'busybox' : shell,
      [
        ...(shell === 'busybox' ? ['sh'] : []),
        '-c',
        line.replace('exec sh', `exec ${shell === 'busybox' ? 'busybox sh' : shell}`),
      ],
      { env: { HOME: home, PATH: process.env['PATH'], ...env } },
    );
    return {
      code: result.status ?? -1,
      said: (result.stdout.toString() + result.stderr.toString()).trim().split('\n'),
    };
  }

  it('names the worker by what its launcher tells, and marks it as part of the run', () => {
    const { said } = start(
      {},
      {
        OMPI_COMM_WORLD_RANK: '3',
        OMPI_COMM_WORLD_LOCAL_RANK: '1',
        OMPI_COMM_WORLD_SIZE: '4',
        OMPI_COMM_WORLD_LOCAL_SIZE: '2',
        RANKWISE_HOST: 'head',
        RANKWISE_ROLE: 'launcher',
      },
    );
    expect(said).toEqual([
      '1 attached',
      'LOCAL_RANK=1',
      'LOCAL_WORLD_SIZE=2',
      'RANK=3',
      'RANKWISE_HOST=node1',
      'RANKWISE_ROLE=supervisor',
      'RANKWISE_RUN_ID=run-1',
      'WORLD_SIZE=4',
    ]);
    expect(readlinkSync(join(directory, '1.sh'))).toBe('rank-job.sh');
  });

  it('takes the first family of variables that is there', () => {
    const torch = {
      RANK: '2',
      LOCAL_RANK: '0',
      WORLD_SIZE: '4',
      LOCAL_WORLD_SIZE: '2',
      RANKWISE_HOST: 'node1',
    };
    expect(start({ by: ['horovod', 'torch'], host: 'supervisor' }, torch).said[0]).toBe('0 attached');
    const deepspeed = {
      RANK: '2',
      LOCAL_RANK: '1',
      WORLD_SIZE: '4',
      LOCAL_SIZE: '2',
      RANKWISE_HOST: 'node1',
    };
    expect(start({ by: ['torchOld'], host: 'supervisor' }, deepspeed).said).toContain('LOCAL_WORLD_SIZE=2');
  });

  it('takes free numbers where the launcher numbers nobody, apart for each role', () => {
    const numbers = ['worker', 'server', 'worker', 'scheduler', 'server'].map(
      (role) => start({ by: 'dmlc' }, { DMLC_ROLE: role }).said,
    );
    expect(numbers.map(([first]) => first)).toEqual([
      '0 attached',
      'server-0 attached',
      '1 attached',
      'scheduler-0 attached',
      'server-1 attached',
    ]);
    expect(numbers[0]?.join()).not.toContain('RANK=');
  });

  it('refuses where nothing tells the rank, and starts nobody anew in a run that was stopped', () => {
    const nobody = start({}, { OMPI_COMM_WORLD_RANK: '$(touch x)', OMPI_COMM_WORLD_LOCAL_RANK: '0' });
    expect(nobody).toEqual({
      code: 1,
      said: ['rankwise: nothing in the environment tells which rank this is'],
    });
    writeFileSync(join(directory, 'stopped'), 'stop\n');
    expect(start({}, { OMPI_COMM_WORLD_RANK: '0', OMPI_COMM_WORLD_LOCAL_RANK: '0' }).code).toBe(143);
  });

  it("keeps a value of the head's environment under a name that a login profile does not replace", () => {
    const spec = specOf(hostsWith(1), { command: ['printenv', 'LD_LIBRARY_PATH'] });
    const files = shimFiles(launchContext(spec), {
      by: ['openmpi'],
      host: 'nodeName',
      meeting: false,
      forwarded: ['LD_LIBRARY_PATH'],
    });
    const job = files.find(({ path }) => path === 'node1/rank-job.sh')!.content.replace('"$HOME"/work', '/');
    const result = spawnSync('bash', ['-c', job], {
      env: {
        HOME: home,
        PATH: process.env['PATH'],
        LD_LIBRARY_PATH: 'of the profile',
        RANKWISE_X_LD_LIBRARY_PATH: 'of the head',
      },
    });
    expect(result.stdout.toString()).toBe('of the head\n');
  });
});
