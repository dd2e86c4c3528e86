import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pendingReason } from '../../../src/cluster/slurm/pendingReason';
import { parseSlurmCluster } from '../../../src/cluster/slurm/readSlurmCluster';
import { parseSlurmTest } from '../../../src/cluster/slurm/testSlurmScript';
import { withSlurm } from '../../../src/cluster/slurm/findSlurm';
import script from '../../../src/cluster/slurm/remote/cluster.sh';

const root = mkdtempSync(join(tmpdir(), 'rankwise-slurm-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('a Slurm cluster', () => {
  it('adds up the kinds of nodes of a partition and says why jobs wait', () => {
    const text = [
      'Welcome!',
      'P gpu up 1-00:00:00 1/2/0/3 gpu:a100:4',
      'P gpu up 1-00:00:00 0/0/5/5 gpu:v100:2',
      'P old down infinite 0/0/1/1 (null)',
      'J 7_[1-3%1] gpu PENDING 2 1795384340 0:00 1:00:00 ReqNodeNotAvail, UnavailableNodes:node[1-3]',
      'J 8 gpu RUNNING 1 1795384340 5:12 UNLIMITED None',
      'E',
    ].join('\n');
    expect(parseSlurmCluster(text, 'login')).toEqual({
      partitions: [
        {
          name: 'gpu',
          isUp: true,
          timeLimit: '1-00:00:00',
          nodes: { allocated: 1, idle: 2, other: 5, total: 8 },
          gres: ['gpu:a100:4', 'gpu:v100:2'],
        },
        {
          name: 'old',
          isUp: false,
          timeLimit: 'infinite',
          nodes: { allocated: 0, idle: 0, other: 1, total: 1 },
          gres: [],
        },
      ],
      jobs: [
        {
          id: '7_[1-3%1]',
          partition: 'gpu',
          state: 'PENDING',
          nodes: 2,
          reason:
            'ReqNodeNotAvail, UnavailableNodes:node[1-3]: a node it asks for is not available (down, drained or reserved)',
          start: 1795384340000,
          used: '0:00',
          timeLimit: '1:00:00',
        },
        {
          id: '8',
          partition: 'gpu',
          state: 'RUNNING',
          nodes: 1,
          reason: undefined,
          start: 1795384340000,
          used: '5:12',
          timeLimit: 'UNLIMITED',
        },
      ],
    });
  });

  it('gives the words of a controller that does not answer, and takes no half answer', () => {
    expect(() => parseSlurmCluster('X slurm_load_partitions: down\nE\n', 'login')).toThrow(
      'Slurm does not answer on login: slurm_load_partitions: down',
    );
    expect(() => parseSlurmCluster('P gpu up 1 1/2/0/3 x\n', 'login')).toThrow(/cut short/);
  });

  it('reads what sbatch says of a script, and takes no half answer', () => {
    expect(parseSlurmTest('Welcome\nD 2\nS sbatch: error: a\nS sbatch: error: b\nR 1\nE\n', 'login')).toEqual(
      {
        accepted: false,
        said: 'sbatch: error: a\nsbatch: error: b',
        existing: [2],
      },
    );
    expect(() => parseSlurmTest('S R 0\nE\n', 'login')).toThrow(/cut short/);
    expect(() => parseSlurmTest('R 0\n', 'login')).toThrow(/cut short/);
    expect(() => parseSlurmTest('X the workdir /x does not exist\nE\n', 'login')).toThrow(
      'Slurm does not answer on login: the workdir /x does not exist',
    );
  });

  it('leaves a reason it does not know as Slurm says it', () => {
    expect(pendingReason('SomethingNew')).toBe('SomethingNew');
    expect(pendingReason('QOSMaxGRESPerUser')).toMatch(/already use as much/);
  });

  it('reads an answer without end', () => {
    const reason = 'node '.repeat(1_000_000);
    expect(pendingReason(reason).length).toBeLessThan(10_000);
    const kinds = Array.from({ length: 200_000 }, (_, one) => `P gpu up 1:00 0/1/0/1 gpu:a${one}:1`);
    const { partitions } = parseSlurmCluster([...kinds, 'E'].join('\n'), 'login');
    expect(partitions[0]?.gres.length).toBe(200_000);
  });

  it.each(['dash', 'bash', 'busybox sh'])('finds Slurm behind the setup lines, under %s', (shell) => {
    const bin = join(root, 'slurm bin');
    mkdirSync(bin, { recursive: true });
    for (const [name, text] of [
      ['sinfo', 'echo "P main up infinite 0/2/0/2 $SLURM_CONF"'],
      ['squeue', 'echo "J 5 main RUNNING 1 N/A 0:01 1:00 None"; echo noise'],
    ] as const) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    const tools = join(root, 'tools');
    mkdirSync(tools, { recursive: true });
    const setup = `echo talkative; PATH='${bin}':$PATH\nexport SLURM_CONF=/etc/'a b'`;
    // A PATH without this machine's own Slurm, as an SSH command has where a module brings it.
    for (const tool of ['bash', 'sed', 'grep', 'tr', 'head', 'id']) {
      rmSync(join(tools, tool), { force: true });
      symlinkSync(`/usr/bin/${tool}`, join(tools, tool));
    }
    const [program = '', ...args] = shell.split(' ');
    const run = spawnSync(`/usr/bin/${program}`, [...args, '-s', '--', setup], {
      input: withSlurm(script),
      env: { PATH: tools, HOME: root },
    });
    expect(run.stdout.toString()).toBe(
      'P main up infinite 0/2/0/2 /etc/a b\nJ 5 main RUNNING 1 N/A 0:01 1:00 None\nE\n',
    );
  });
});
