import { describe, expect, it } from 'vitest';
import { describeError } from '../../../../src/base/errors';
import { parseAnswer, type Answer } from '../../../../src/cluster/preflight/answer';
import type { Finding } from '../../../../src/cluster/preflight/checks';
import { commandWords } from '../../../../src/cluster/preflight/commandWords';
import { findingLines, PreflightError } from '../../../../src/cluster/preflight/findingText';
import { judgeHost } from '../../../../src/cluster/preflight/judgeHost';
import { judgeTogether } from '../../../../src/cluster/preflight/judgeTogether';
import { mayBeBrought, preflightRequest } from '../../../../src/cluster/preflight/request';
import type { LaunchModel } from '../../../../src/config/model';
import { planLaunch } from '../../../../src/launch/planLaunch';
import { hostsWith, specOf } from '../../../support/launchSpecs';

const fine: Answer = parseAnswer(
  ['start=1000', 'stop=1001', 'homefree=90000000', 'workdirfree=90000000', 'ready=yes', 'end=0', 'orted=yes']
    .map((line) => `@t ${line}\n`)
    .join(''),
  't',
);
const request = (launch: Partial<LaunchModel>, bytes = 0): ReturnType<typeof preflightRequest> => {
  const spec = specOf(hostsWith(1, 1, 1), launch);
  return preflightRequest(spec.launch, spec.cluster, planLaunch(spec), bytes);
};
const judged = (launch: Partial<LaunchModel>, answer: Partial<Answer>, bytes = 0): Finding[] => {
  const asked = request(launch, bytes);
  return judgeHost(asked, asked.hosts[0]!, { ...fine, ...answer });
};

describe('the words of a command', () => {
  it.each([
    ['python3 train.py --lr 1', 'python3', 'train.py'],
    ['A=1 B=$HOME/x exec /usr/bin/python3 ~/ddp.py --x', '/usr/bin/python3', '~/ddp.py'],
    ['cd src && python train.py', 'cd', undefined],
    ['./train.sh; echo', './train.sh', undefined],
    ['"$PYTHON" train.py', undefined, undefined],
    ['$PYTHON train.py', undefined, undefined],
    ['train() { :; }; train', undefined, undefined],
    ['A="x y" python t.py', undefined, undefined],
    ['# a comment\npython t.py', undefined, undefined],
    ['python -m torch.distributed.launch train.py', 'python', undefined],
    ['', undefined, undefined],
  ])('%j', (text, program, script) => {
    expect(commandWords(text)).toEqual({ program, script });
  });
});

describe('what is looked for', () => {
  it('is mpirun and the other hosts on the head alone', () => {
    const { hosts, needsOrted } = request({ launcher: 'mpirun' });
    expect(hosts.map(({ programs }) => programs)).toEqual([['python', 'mpirun'], ['python'], ['python']]);
    expect(hosts.map(({ peers }) => peers)).toEqual([['10.0.0.2', '10.0.0.3'], [], []]);
    expect(needsOrted).toBe(true);
  });

  it('is the port that the workers meet at, on the host that has it', () => {
    expect(request({}).hosts.map(({ ports }) => ports)).toEqual([[23456], [], []]);
    expect(request({ env: { MASTER_PORT: '29500' } }).hosts.map(({ ports }) => ports)).toEqual([
      [29500],
      [],
      [],
    ]);
  });

  it('is sbatch alone on a login node', () => {
    const spec = specOf(hostsWith(1), { launcher: 'slurm' }, { setup: ['module load x'] });
    const [login] = spec.cluster.hosts;
    const asked = preflightRequest(
      spec.launch,
      { ...spec.cluster, slurm: { login: login!, options: {} } },
      undefined,
      0,
    );
    expect(asked.setup).toEqual([]);
    expect(asked.hosts).toMatchObject([{ programs: ['sbatch'], ports: [], peers: [] }]);
  });
});

describe('the judge of one host', () => {
  it('has nothing to say of a host that is well', () => {
    expect(judged({}, {})).toEqual([]);
  });

  it('counts the files that will be copied', () => {
    const free = { homeFree: 90_000_000, workdirFree: 200 << 10 };
    expect(judged({}, free, 300 << 20)).toMatchObject([
      { check: 'disk', severity: 'error', reason: 'the workdir ~/work has 200 MiB free, 316 MiB are needed' },
    ]);
    expect(judged({}, free, 1 << 20)).toMatchObject([{ check: 'disk', severity: 'warning' }]);
  });

  it('warns of small limits, and notes locked memory only beside InfiniBand', () => {
    const limits = { openFiles: 256, processes: 100, lockedBytes: 65536 };
    expect(judged({}, { limits }).map(({ severity }) => severity)).toEqual(['warning', 'warning']);
    expect(
      judged({}, { limits: { ...limits, openFiles: Infinity, processes: Infinity }, hasInfiniband: true }),
    ).toMatchObject([{ severity: 'note' }]);
  });

  it('leaves out what was skipped', () => {
    const bad = { workdirRefused: 'Permission denied', busy: [{ port: 23456, owner: '' }] };
    expect(judged({}, bad)).toHaveLength(2);
    expect(judged({ skipChecks: ['ports'] }, bad).map(({ check }) => check)).toEqual(['workdir']);
  });

  it('offers passwordless SSH where the head cannot reach a peer', () => {
    const peers = [{ peer: '10.0.0.2', said: 'Permission denied (publickey).' }];
    const [finding] = judged({ launcher: 'mpirun' }, { peers });
    expect(finding).toMatchObject({
      check: 'passwordless',
      severity: 'error',
      code: 'cluster.noPasswordlessSsh',
    });
    expect(finding?.nextStep).toContain('Set Up Passwordless SSH…');
  });

  it('waits with what the launch may still bring', () => {
    const lacking = { programs: new Map([[0, false]]) };
    const asked = request({ setupScript: 'setup.sh' });
    const [finding] = judgeHost(asked, asked.hosts[0]!, { ...fine, ...lacking });
    expect(mayBeBrought(asked, finding!)).toBe(true);
    const plain = request({});
    expect(mayBeBrought(plain, judgeHost(plain, plain.hosts[0]!, { ...fine, ...lacking })[0]!)).toBe(false);
  });

  it('does not miss a script that is copied by the launch', () => {
    const missing = { scripts: new Map([[0, undefined]]) };
    const command = 'python train.py';
    expect(judged({ command }, missing)).toHaveLength(1);
    expect(judged({ command, files: ['train.py'] }, missing)).toEqual([]);
    expect(judged({ command: 'python src/train.py', files: ['src'] }, missing)).toEqual([]);
  });
});

describe('the judge of all hosts', () => {
  const heard = (
    host: string,
    clock: number,
    tookSeconds = 1,
  ): Parameters<typeof judgeTogether>[1][number] => ({
    host,
    askedAt: 1000,
    heardAt: 1000 + tookSeconds,
    answer: { ...fine, startedAt: clock, stoppedAt: clock + tookSeconds },
  });

  it('names the one clock that is wrong, by what no delay can explain', () => {
    const findings = judgeTogether(request({}), [heard('a', 1000), heard('b', 1030), heard('c', 999)]);
    expect(findings).toMatchObject([{ check: 'clock', severity: 'warning', host: 'b' }]);
    expect(findings[0]?.reason).toMatch(/at least (28|29) s ahead of a/);
    expect(
      judgeTogether(request({}), [heard('a', 1000), heard('b', 900), heard('c', 1000)])[0]?.reason,
    ).toMatch(/behind/);
  });

  it('says nothing of 5 s, nor of a slow answer', () => {
    expect(judgeTogether(request({}), [heard('a', 1000), heard('b', 1005)])).toEqual([]);
    const slow = {
      ...heard('b', 1008),
      heardAt: 1020,
      answer: { ...fine, startedAt: 1008, stoppedAt: 1009 },
    };
    expect(judgeTogether(request({}), [heard('a', 1000), slow])).toEqual([]);
  });

  it('warns of a script that is not the same everywhere, unless it is copied', () => {
    const command = 'python train.py';
    const with_ = (host: string, sum: string): ReturnType<typeof heard> => {
      const one = heard(host, 1000);
      return { ...one, answer: { ...one.answer, scripts: new Map([[0, sum]]) } };
    };
    const all = [with_('node1', '1 2'), with_('node2', '1 2'), with_('node3', '9 2')];
    expect(judgeTogether(request({ command }), all)).toMatchObject([
      { check: 'files', severity: 'warning', host: 'node3', reason: 'train.py is not the same as on node1' },
    ]);
    expect(judgeTogether(request({ command, files: ['train.py'] }), all)).toEqual([]);
  });
});

describe('the words of a launch that cannot start', () => {
  const finding = (host: string, reason: string, severity: Finding['severity'] = 'error'): Finding => ({
    check: 'command',
    severity,
    host,
    reason,
    nextStep: 'Install it.',
  });

  it('group equal reasons and name the hosts', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map((host) => finding(host, 'no python'));
    expect(findingLines([...many, finding('f', 'no disk')])).toEqual(['5 hosts: no python', 'f: no disk']);
    expect(findingLines(many.slice(0, 2))).toEqual(['2 hosts (a, b): no python']);
    expect(findingLines([finding('node1', 'node1 refused')])).toEqual(['node1 refused']);
  });

  it('are an error with the findings as data, warnings left out of the words', () => {
    const error = new PreflightError('train', [
      finding('a', 'no python'),
      finding('a', 'small disk', 'warning'),
    ]);
    expect(describeError(error)).toBe('launch "train" cannot start: a: no python. Install it.');
    expect(error).toMatchObject({ code: 'preflight.failed', host: 'a' });
    expect(error.findings).toHaveLength(2);
  });
});
