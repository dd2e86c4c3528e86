import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { LaunchModel, SlurmOptions } from '../../../src/config/model';
import { optionDefaults } from '../../../src/config/launchModel';
import type { Plan } from '../../../src/launch/plan';
import { planLaunch } from '../../../src/launch/planLaunch';
import { ownScriptLaunch } from '../../../src/launch/slurmOwnScript';
import type { LaunchSpec } from '../../../src/launch/spec';
import { hostsWith, specOf } from '../../support/launchSpecs';

const root = mkdtempSync(join(tmpdir(), 'rankwise-slurm-'));
afterAll(() => rmSync(root, { recursive: true }));

/** A home with the run's directory and stand-ins for Slurm's commands, which note how they were called. */
let home = '';
let count = 0;
beforeEach(() => {
  home = join(root, String(count++));
  for (const part of ['work', 'bin', '.rankwise/runs/run-1/node1'])
    mkdirSync(join(home, part), { recursive: true });
});

function command(name: string, script: string): void {
  writeFileSync(join(home, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(home, 'bin', name), 0o755);
}

function slurmSpec(
  launch: Partial<LaunchModel>,
  slurm: Partial<SlurmOptions> = {},
  defaults: Partial<SlurmOptions> = {},
): LaunchSpec {
  const [login] = hostsWith(1);
  return specOf(
    [],
    { launcher: 'slurm', ...launch, slurm: { ...optionDefaults.slurm, ...slurm } },
    { slurm: { login: login!, options: defaults } },
  );
}

function planOn(spec: LaunchSpec): Plan {
  const facts = specOf(hostsWith(1), {}).facts!;
  return planLaunch({ ...spec, facts: { node1: { ...facts['node1']!, home } } });
}

function fileOf(plan: Plan, name: string): string {
  return plan.files.find(({ path }) => path === `node1/${name}`)!.content;
}

/** What sbatch makes of directives: quotes group, a backslash takes the next character as it is. */
function directivesOf(script: string): string[] {
  return script
    .split('\n')
    .filter((line) => line.startsWith('#SBATCH '))
    .map((line) => {
      const text = line.slice('#SBATCH '.length);
      return text.startsWith('"') ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text;
    });
}

function put(plan: Plan): string {
  for (const { path, content, mode } of plan.files) {
    const file = join(home, '.rankwise/runs/run-1', path);
    writeFileSync(file, content);
    chmodSync(file, mode);
  }
  return join(home, '.rankwise/runs/run-1/node1');
}

const modeOf = (path: string): number => statSync(path).mode & 0o777;

/** Runs a script of the plan as a host would. */
function run(file: string, env: Record<string, string> = {}): { status: number | null; output: string } {
  const path = `${join(home, 'bin')}:${process.env['PATH']}`;
  const done = spawnSync('bash', [file], { env: { HOME: home, PATH: path, ...env } });
  return { status: done.status, output: `${done.stdout.toString()}${done.stderr.toString()}` };
}

describe('a Slurm job', () => {
  it('asks for what the launch says, over the defaults of the cluster, and lets the own arguments win', () => {
    const plan = planOn(
      slurmSpec(
        { nodes: 2, gpus: 4 },
        { time: '1-0', args: ['--mem=8G', '-p', 'own part'], requeue: true, constraint: 'a100&ib #1' },
        { partition: 'gpu', time: '10', account: 'me', mem: '1G' },
      ),
    );
    expect(directivesOf(fileOf(plan, 'job.sbatch'))).toEqual([
      '--job-name=train',
      '--account=me',
      '--constraint=a100&ib #1',
      '--nodes=2',
      '--ntasks-per-node=4',
      '--gres=gpu:4',
      '--time=1-0',
      '--requeue',
      `--output=${home}/.rankwise/runs/run-1/node1/batch.log`,
      '--open-mode=append',
      '--mem=8G',
      '-p',
      'own part',
    ]);
    expect(plan.np).toBe(8);
    expect(plan.workers.map(({ id, rank }) => [id, rank]).at(-1)).toEqual(['node1/7', 7]);
    expect(plan.slurm).toEqual({ script: 'node1/job.sbatch', hasRecords: true, pollSeconds: 30 });
    expect(plan.hosts.map(({ name }) => name)).toEqual(['node1']);
  });

  it('expects no fixed workers where an array or own arguments decide', () => {
    expect(planOn(slurmSpec({ np: 2 }, { array: '1-3' })).workers).toEqual([]);
    expect(planOn(slurmSpec({ np: 2 }, { args: ['-n8'] })).np).toBe(0);
  });

  it('refuses what no directive can hold, and a cluster without a login node', () => {
    expect(() => planOn(slurmSpec({}, { constraint: 'a\n#SBATCH --uid=0' }))).toThrow(
      /no #SBATCH line can hold/,
    );
    expect(() => planLaunch(specOf(hostsWith(1), { launcher: 'slurm' }))).toThrow(/is not a Slurm cluster/);
  });

  it('keeps records of the job script, whatever ends it', () => {
    const plan = planOn(slurmSpec({ np: 2 }, { array: '1-3' }));
    const directory = put(plan);
    command('srun', 'exit 7');
    const slurm = {
      SLURM_JOB_ID: '42',
      SLURMD_NODENAME: 'c1',
      SLURM_ARRAY_TASK_ID: '3',
      SLURM_RESTART_COUNT: '1',
    };
    expect(run(join(directory, 'job.sbatch'), slurm)).toEqual({ status: 7, output: '' });
    expect(readFileSync(join(directory, 'batch-3.start'), 'utf8')).toMatch(
      /^pid=\d+\njob=42\nnode=c1\nattempt=2\n/,
    );
    expect(readFileSync(join(directory, 'batch-3.exit'), 'utf8')).toMatch(
      /^code=7\nepoch=\d+\.\d+\nattempt=2\n/,
    );
    expect(['batch-3.start', 'batch-3.exit'].map((name) => modeOf(join(directory, name)))).toEqual([
      0o600, 0o600,
    ]);
  });

  it('tells each task its place and takes environment and command literally', () => {
    const nasty = 'a b\'"$(touch escaped)\n`touch escaped`;é -x';
    const plan = planOn(slurmSpec({ np: 3, command: ['printf', '%s|', nasty], env: { NASTY: nasty } }));
    const directory = put(plan);
    // The recorder has tests of its own: here only what it is told.
    writeFileSync(
      join(directory, 'worker.sh'),
      'echo "$@" $RANK $LOCAL_RANK $WORLD_SIZE $LOCAL_WORLD_SIZE; exec bash ./$1.sh',
    );
    // srun with one task, the second of the third node.
    command('srun', 'while [ "$1" != sh ]; do shift; done; exec "$@"');
    const slurm = { SLURM_JOB_ID: '1', SLURM_PROCID: '5', SLURM_LOCALID: '0', SLURM_NODEID: '2' };
    const step = { SLURM_STEP_NUM_TASKS: '6', SLURM_STEP_TASKS_PER_NODE: '2(x2),1,1' };
    const { status, output } = run(join(directory, 'job.sbatch'), { ...slurm, ...step });
    expect(output).toBe(`5 task 5 0 6 1\n${nasty}|`);
    expect(status).toBe(0);
    expect(existsSync(join(home, 'work/escaped'))).toBe(false);
  });

  it('says so when a node does not see the directory', () => {
    const directory = put(planOn(slurmSpec({})));
    rmSync(join(directory, 'rank.sh'));
    command('srun', 'while [ "$1" != sh ]; do shift; done; exec "$@"');
    const { status, output } = run(join(directory, 'job.sbatch'));
    expect(status).toBe(1);
    expect(output).toMatch(/does not see .*run-1\/node1\. Compute nodes and login node must share/);
  });

  it('submits once, notes where Slurm is, and gives its refusal on', () => {
    const directory = put(planOn(slurmSpec({})));
    command('sbatch', 'echo "sbatch: error: Batch job submission failed: no" >&2; exit 1');
    const refused = run(join(directory, 'submit.sh'));
    expect(refused).toEqual({ status: 1, output: 'sbatch: error: Batch job submission failed: no\n' });
    expect(existsSync(join(directory, 'job'))).toBe(false);
    command('sbatch', `echo "$@" >>${home}/calls; echo "77;blue"`);
    expect(run(join(directory, 'submit.sh'), { SLURM_CONF: '/etc/s.conf' }).output).toBe(
      'Submitted job 77.\n',
    );
    expect(readFileSync(join(directory, 'job'), 'utf8')).toBe(
      `id=77\ncluster=blue\nbin=${home}/bin\nconf=/etc/s.conf\n`,
    );
    expect(run(join(directory, 'submit.sh')).status).toBe(0);
    expect(readFileSync(join(home, 'calls'), 'utf8')).toBe(`--parsable ${directory}/job.sbatch\n`);
  });
});

describe("the user's own script", () => {
  const text = '#!/bin/bash\n#SBATCH --error=%j.err # é\necho\r\n';
  const own = (script = text, slurm: Partial<SlurmOptions> = {}): Plan =>
    planOn({
      ...slurmSpec({ name: 'mine' }, { script: 'jobs/my run.sh', ...slurm }, { partition: 'default' }),
      script: { path: '/ws/jobs/my run.sh', text: script },
    });

  it('is submitted byte for byte from the workdir, under its own name, with a log for each task', () => {
    const plan = own(text, { partition: 'p2' });
    expect(fileOf(plan, 'job.sbatch')).toBe(text);
    expect(plan.slurm?.hasRecords).toBe(false);
    const directory = put(plan);
    command('sbatch', 'echo "$PWD $* $SLURM_STDOUTMODE" >&2; echo 5');
    command('scontrol', 'true');
    expect(run(join(directory, 'submit.sh')).output).toBe(
      `Submitted job 5.\n${home}/work --parsable --partition=p2 --export=ALL ${directory}/script/my_run.sh ${directory}/%s-%t.log\n`,
    );
    expect(readlinkSync(join(directory, 'script/my_run.sh'))).toBe('../job.sbatch');
    expect([modeOf(join(directory, 'script')), modeOf(join(directory, 'job'))]).toEqual([0o700, 0o600]);
  });

  it('needs no launch when it is chosen by hand', () => {
    const { cluster } = slurmSpec({}, {}, { partition: 'default' });
    const launch = ownScriptLaunch(cluster, '/ws/a.sbatch');
    const plan = planOn({
      run: 'run-1',
      cluster,
      launch,
      facts: undefined,
      script: { path: '/ws/a.sbatch', text },
    });
    expect(plan.launch).toBe('a.sbatch');
    expect(fileOf(plan, 'submit.sh')).toContain(`sbatch --parsable '--export=ALL' "$script"`);
    expect(plan.stop.map(({ graceSeconds }) => graceSeconds)).toEqual([10, 10, 5]);
  });

  it('keeps its own --export, knows an array, and must begin with #!', () => {
    const plan = own('#!/bin/sh\n#SBATCH --export=NONE -a 1-3\ntrue\n#SBATCH --late\n');
    expect(fileOf(plan, 'submit.sh')).not.toContain('--export');
    expect(fileOf(plan, 'submit.sh')).toContain('%a-%s-%t.log');
    expect(() => own('echo')).toThrow(/does not begin with #!/);
  });

  it('links what the job writes elsewhere, for each task of an array', () => {
    const directory = put(own());
    const answer = [
      'JobId=8 ArrayJobId=8 ArrayTaskId=3,5-6,10-14:2%1 ArrayTaskThrottle=1 JobName=x ArrayTaskId=99 ',
      '   StdErr=/e/8_4294967294.err',
      '   StdOut=/o u/8_4294967294.out',
      '',
      'JobId=9 ArrayJobId=8 ArrayTaskId=1 JobName=x',
      '   StdErr=/e/8_1.err',
      '   StdOut=/e/8_1.err',
    ];
    writeFileSync(join(home, 'answer'), `${answer.join('\n')}\n`);
    command('scontrol', `cat ${home}/answer`);
    run(join(directory, 'link.sh'));
    const links = execFileSync('find', [
      directory,
      '-maxdepth',
      '1',
      '-type',
      'l',
      '-printf',
      '%f %l\n',
    ]).toString();
    const both = (task: number): string[] => [
      `batch-${task}-err.log /e/8_${task}.err`,
      `batch-${task}.log /o u/8_${task}.out`,
    ];
    const expected = [...[3, 5, 6, 10, 12, 14].flatMap(both), 'batch-1.log /e/8_1.err'];
    expect(links.trim().split('\n').sort()).toEqual(expected.sort());
  });
});

it('says that a secret lies with Slurm while the job does, and only then', () => {
  const secrets = [{ variable: 'WANDB_API_KEY', source: 'secret:wandb' }];
  expect(planOn(slurmSpec({ secrets })).notes.join('\n')).toContain(
    'WANDB_API_KEY travels with the environment of sbatch: Slurm keeps it in its spool directories',
  );
  expect(planOn(slurmSpec({})).notes.join('\n')).not.toContain('spool');
});

it("reads the log of the user's own script by the tags it finds there", () => {
  const spec = slurmSpec({}, { script: 'job.sh' });
  const plan = planOn({ ...spec, script: { path: '/ws/job.sh', text: '#!/bin/bash\nsrun train\n' } });
  expect(plan.processes).toMatchObject([{ id: 'submit', tags: 'auto' }]);
});
