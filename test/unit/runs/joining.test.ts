import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planMpirun } from '../../../src/launch/mpirunLauncher';
import {
  type JoiningAnswer,
  joiningReason,
  notJoinedText,
  notStarted,
  parseJoining,
} from '../../../src/runs/joining';
import joiningScript from '../../../src/runs/remote/joining.sh';
import { hostsWith, specOf } from '../../support/launchSpecs';

const plan = planMpirun(specOf(hostsWith(2, 2), { launcher: 'mpirun' }));
const record = {
  id: '0',
  started: true,
  rank: 0,
  attempt: 1,
  exit: undefined,
  gone: false,
  logBytes: 0,
  incompleteSince: undefined,
};

describe('workers that have not come', () => {
  it('are those of the plan without a start', () => {
    const records = new Map([
      ['node1', [record, { ...record, id: '1' }]],
      ['node2', [{ ...record, id: '1' }]],
    ]);
    expect(notStarted(plan, records).map(({ id }) => id)).toEqual(['node2/0']);
    expect(notStarted({ ...plan, workers: [] }, new Map())).toEqual([]);
  });

  it('are told with what is there, who listens, and what the launcher says', () => {
    const nothing: JoiningAnswer = { processes: [], port: 'refused', last: undefined };
    const head: JoiningAnswer = { processes: ['mpirun'], port: 'answers', last: 'waiting' };
    expect(joiningReason('node2', nothing, 'node1', head, { address: '10.0.0.1', port: 29500 })).toBe(
      'no process of the run is on node2; nobody listens at 10.0.0.1:29500, asked from node2; the launcher says: waiting',
    );
    expect(joiningReason('node2', 'node2 refused', 'node1', head, undefined)).toBe('node2 refused');
    expect(
      joiningReason(
        'node2',
        { ...nothing, processes: ['orted'], port: undefined },
        'node1',
        'lost',
        undefined,
      ),
    ).toBe('on node2 runs orted, but the worker has not begun');
  });

  it('make one sentence, equal reasons once', () => {
    const late = ['node2/0', 'node2/1'].map((worker) => ({ worker, host: 'node2', reason: 'nothing there' }));
    expect(notJoinedText(plan, late)).toBe(
      '2 of 4 workers have not started within 120 s: node2/0, node2/1: nothing there',
    );
    expect(notJoinedText(plan, [])).toBeUndefined();
  });
});

describe.each([['dash'], ['bash'], ['busybox', 'sh']])(
  'the question to a host under %s',
  (shell, ...options) => {
    it('tells processes, port and last line', async () => {
      const home = mkdtempSync(join(tmpdir(), 'rankwise-joining-'));
      mkdirSync(join(home, '.rankwise/runs/r1/node1'), { recursive: true });
      writeFileSync(join(home, '.rankwise/runs/r1/node1/launcher.log'), 'one\ntwo words\n\n');
      const server = createServer();
      const port = await new Promise<number>((resolve) =>
        server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
      );
      const ask = (wanted: number): ReturnType<typeof parseJoining> =>
        parseJoining(
          execFileSync(shell, [...options, '-s', '--', 'r1', 'node1', '127.0.0.1', String(wanted)], {
            input: joiningScript,
            cwd: home,
            env: { ...process.env, RANKWISE_RUN_ID: 'r1' },
          }).toString(),
        );
      const answer = ask(port);
      server.close();
      expect(answer).toMatchObject({ port: 'answers', last: 'two words' });
      expect(answer.processes.length).toBeGreaterThan(0);
      expect(ask(1).port).toBe('refused');
      rmSync(join(home, '.rankwise'), { recursive: true });
      expect(ask(1).last).toBeUndefined();
      rmSync(home, { recursive: true });
    });
  },
);
