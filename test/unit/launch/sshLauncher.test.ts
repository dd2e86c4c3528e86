import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { planSsh } from '../../../src/launch/sshLauncher';
import { hostsWith, specOf } from '../../support/launchSpecs';

const home = mkdtempSync(join(tmpdir(), 'rankwise-home-'));
mkdirSync(join(home, 'work'));
afterAll(() => rmSync(home, { recursive: true }));

/** Runs a job script as a host would. */
function runJob(script: string): string {
  return execFileSync('bash', ['-c', script], { env: { HOME: home, PATH: process.env['PATH'] } }).toString();
}

describe('the ssh launcher', () => {
  it('fills the slots host by host and tells each worker its place', () => {
    const plan = planSsh(specOf(hostsWith(2, undefined, 1), {}));
    expect(plan.workers.map(({ id, rank }) => [id, rank])).toEqual([
      ['node1/0', 0],
      ['node1/1', 1],
      ['node2/0', 2],
      ['node3/0', 3],
    ]);
    expect(plan.processes[1]?.env).toMatchObject({
      RANK: '1',
      LOCAL_RANK: '1',
      WORLD_SIZE: '4',
      LOCAL_WORLD_SIZE: '2',
      MASTER_ADDR: '10.0.0.1',
      MASTER_PORT: '23456',
      PYTHONUNBUFFERED: '1',
    });
  });

  it('leaves out hosts that get no worker, and refuses more workers than slots', () => {
    expect(planSsh(specOf(hostsWith(2, 2), { np: 2 })).hosts.map(({ name }) => name)).toEqual(['node1']);
    const refused = (): unknown => planSsh(specOf(hostsWith(2, 2), { np: 5 }));
    expect(refused).toThrow('launch "train" wants 5 processes, cluster "lab" has 4 slots');
  });

  it('is plain data: the same after a round trip through JSON', () => {
    const plan = planSsh(specOf(hostsWith(1), { files: ['train.py', '../lib/util.py'] }));
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(plan.sync).toEqual([
      { local: '/ws/train.py', remote: 'train.py' },
      { local: '/lib/util.py', remote: 'util.py' },
    ]);
  });

  it('shows placeholders where nothing was asked of any host', () => {
    const plan = planSsh({ ...specOf(hostsWith(1), {}), facts: undefined });
    expect(plan.processes[0]?.env['MASTER_PORT']).toBe('<free port>');
  });

  it('lets the user override what it would set', () => {
    const plan = planSsh(specOf(hostsWith(1), { env: { PYTHONUNBUFFERED: '', MASTER_PORT: '1' } }));
    expect(plan.processes[0]?.env).toMatchObject({ PYTHONUNBUFFERED: '', MASTER_PORT: '1' });
    expect(plan.notes.join()).not.toContain('PYTHONUNBUFFERED');
  });

  it('writes a job script that runs by hand: set-up and a string command in one shell', () => {
    const spec = specOf(
      hostsWith(1),
      { command: 'echo "$A" $B $(echo $RANK) ~ "$PWD"' },
      { setup: ['B=from-setup'], env: { A: `it's $(id) "x"` } },
    );
    const script = planSsh(spec).files[0]?.content ?? '';
    expect(runJob(script)).toBe(`it's $(id) "x" from-setup 0 ${home} ${join(home, 'work')}\n`);
  });

  it('takes a list command literally', () => {
    const words = ['printf', '%s\n', '$HOME', '$(id)', '-n', "it's", '*'];
    const script = planSsh(specOf(hostsWith(1), { command: words })).files[0]?.content ?? '';
    expect(runJob(script)).toBe(`${words.slice(2).join('\n')}\n`);
  });
});
