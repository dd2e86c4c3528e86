import { describe, expect, it } from 'vitest';
import { planText } from '../../../src/text/planText';
import { plan } from './samples';

const text = planText(
  plan({
    run: '<run>',
    notes: ['PYTHONUNBUFFERED=1: Python prints each line at once.'],
    sync: [{ local: '/w/train.py', remote: 'train.py' }],
    workdir: '~/project/',
    files: ['node1', 'node2'].map((host) => ({
      host,
      path: 'run.sh',
      mode: 0o700,
      content: '#!/bin/sh\necho hi\n',
    })),
    processes: [
      {
        id: '0',
        host: 'node1',
        role: 'worker',
        argv: ['python', 'train.py', '--name', "it's me"],
        env: { RANK: '0' },
        cwd: '~/project',
      },
      { id: 'launcher', host: 'node1', role: 'launcher', argv: ['mpirun'], env: {}, cwd: '~' },
    ],
    workers: [{ id: 'node1/0', host: 'node1', localIndex: 0, rank: 0 }],
    stop: [
      { signal: 'INT', graceSeconds: 10 },
      { signal: 'KILL', graceSeconds: 5 },
    ],
  }),
);

describe('a plan as text', () => {
  it('comes in the order in which things happen', () => {
    const order = [
      'A preview',
      'Python prints each line at once.',
      '/w/train.py  →  ~/project/train.py',
      '# node1:~/.rankwise/runs/<run>/run.sh',
      "python train.py --name 'it'\\''s me'",
      '# rank 0 (node1/0): node1:~/.rankwise/runs/<run>/node1/0.log',
      'SIGINT',
      'SIGKILL',
    ].map((part) => text.indexOf(part));
    expect(order.every((at) => at >= 0)).toBe(true);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('shows a file that is the same on two hosts once, with its mode', () => {
    expect(text.match(/echo hi/g)).toHaveLength(1);
    expect(text).toContain('# node2:~/.rankwise/runs/<run>/run.sh\n# mode 0700');
  });

  it('shows the log of the launcher and what happens when a worker fails', () => {
    expect(text).toContain(
      '# output of the launcher launcher: node1:~/.rankwise/runs/<run>/node1/launcher.log',
    );
    expect(text).toContain('When a worker fails');
    expect(planText(plan({ onWorkerExit: 'keep' }))).toContain('the others go on');
  });

  it('says of a run that it was started', () => {
    expect(planText(plan())).toContain('As it was started: run 20260101-digits-ab12');
  });

  it('keeps everything that is not a command in comments', () => {
    const outside = text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('    '));
    expect(outside).toEqual([
      'cd "$HOME"/project',
      'export RANK=0',
      "python train.py --name 'it'\\''s me'",
      'cd "$HOME"',
      'mpirun',
    ]);
  });

  it('says what is put into the workdir, handed over, watched and stopped beside the workers', () => {
    const full = planText(
      plan({
        checkout: { repository: 'https://example.com/r.git', ref: 'v2' },
        setupScripts: [{ local: '/w/setup.sh', remote: 'setup.sh' }],
        secrets: [{ variable: 'WANDB_API_KEY', source: 'secret:wandb' }],
        processes: [{ id: 'ray-head', host: 'node1', role: 'service', argv: ['ray'], env: {}, cwd: '~' }],
        pages: [{ label: 'Ray dashboard', host: 'node1', port: 8265 }],
        outputs: ['*.pt'],
        signalled: 'all',
      }),
    );
    for (const part of [
      'git checkout of v2 from https://example.com/r.git',
      '/w/setup.sh  →  ~/setup.sh, run there once',
      'WANDB_API_KEY: ${secret:wandb}, handed over on standard input',
      'output of the service ray-head',
      'Ray dashboard: http://127.0.0.1:8265/ on node1',
      'files it produces: ~/*.pt',
      'SIGINT to every worker and launcher',
      'SIGTERM to the services',
    ]) {
      expect(full).toContain(part);
    }
    const slurm = { script: 'login/job.sbatch', hasRecords: true, pollSeconds: 30 };
    expect(planText(plan({ slurm }))).toContain('scancel --signal=INT');
  });

  it('names the scripts of Rankwise itself where they are not asked for, and shows the job whole', () => {
    const files = ['node1', 'node2'].flatMap((host) => [
      { host, path: `${host}/worker.sh`, mode: 0o700, content: 'own machinery\n'.repeat(100) },
      { host, path: `${host}/0.sh`, mode: 0o700, content: `echo job on ${host}` },
    ]);
    const named = planText(plan({ files }), 'named');
    expect(named).not.toContain('own machinery');
    expect(named).toContain('# node1, node2: worker.sh (1.4 KB)\n');
    expect(named).toContain('    echo job on node2\n');
    expect(planText(plan({ files }))).toContain('own machinery');
  });
});
