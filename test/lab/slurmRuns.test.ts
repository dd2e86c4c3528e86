import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseSlurmCluster } from '../../src/cluster/slurm/readSlurmCluster';
import { withSlurm } from '../../src/cluster/slurm/findSlurm';
import clusterScript from '../../src/cluster/slurm/remote/cluster.sh';
import type { PointJson } from '../../src/cli/points';
import type { RunJson } from '../../src/cli/runTable';
import { createCli } from '../support/cli';
import { createLab, type Lab } from '../support/lab';
import { createTestCore, isOver, runReaches, type TestCore } from '../support/testCore';
import type { RunView } from '../../src/runs/model';

const say = (): undefined => undefined;

describe('jobs of Slurm on 2 nodes', () => {
  let lab: Lab;
  let test: TestCore;
  let truth = 0;
  let looking: { dispose(): void };

  beforeAll(async () => {
    lab = await createLab({
      hosts: 2,
      homes: 'shared',
      slurm: { gpus: 2, partitions: [{ name: 'short', nodes: ['node1'], maxTime: '1:00' }] },
    });
  });
  afterAll(() => lab.dispose());
  beforeEach(async () => {
    test = await createTestCore(lab.sshConfigFile);
    looking = test.core.runs.watchQueues();
    truth++;
  });
  afterEach(async () => {
    looking.dispose();
    // Also what a test has switched off that failed.
    await lab.powerOn('head');
    await lab.powerOn('node2');
    await lab.slurm.startController();
    await lab.slurm.clear();
    await lab.exec('head', 'rm -f ~/go');
    await test.dispose();
  });

  const clusters =
    'version: 1\nclusters:\n  site:\n    login: head\n    slurm: { pollSeconds: 10 }\nlaunches:\n';
  const launch = (name: string, command: string, options: string): string =>
    `  ${name}:\n    cluster: site\n    launcher: slurm\n    command: ${JSON.stringify(command)}\n    env: { TRUTH: "${lab.truth.inside}/${truth}" }\n    ${options}\n`;
  const ddp = (options: string): string =>
    `mkdir -p $TRUTH; RANKWISE_TRUTH_DIR=$TRUTH exec /usr/bin/python3 ~/ddp.py ${options}`;
  const configure = async (...launches: string[]): Promise<void> => {
    await test.configure(clusters + launches.join(''));
    expect(test.core.config.current?.problems).toEqual([]);
  };
  const start = async (name: string): Promise<string> => (await test.core.runs.launch(name, {}, say)).id;
  const logOf = (id: string, process: string): Promise<string> =>
    readFile(test.core.runs.logFile(id, `head/${process}`), 'utf8');
  const onHead = async (command: string): Promise<string> => (await lab.exec('head', command)).stdout.trim();
  const jobOf = (id: string): Promise<string> => onHead(`sed -n 's/^id=//p' ~/.rankwise/runs/${id}/head/job`);
  /** Its tasks run and have printed, and the id of its job is known here: whoever submitted has all its answers. */
  const runs = (id: string, least = 1): Promise<RunView> =>
    runReaches(
      test,
      id,
      ({ state, workers }) => state.kind === 'running' && workers.every(({ logBytes }) => logBytes >= least),
      120_000,
    );
  const endsWell = async (id: string): Promise<RunView> => {
    // A controller or login node that was away is asked ever more rarely.
    const view = await runReaches(test, id, isOver, 240_000);
    expect(view.state).toEqual({
      kind: 'ended',
      exit: { code: 0, process: undefined },
      by: 'itself',
      proven: true,
    });
    return view;
  };

  it('trains 2 × 2 ranks: truth, remote log, cache and points agree for each', async () => {
    await configure(
      launch('train', ddp('--epochs 2 --steps 20'), 'nodes: 2\n    slurm: { ntasksPerNode: 2 }'),
    );
    const id = await start('train');
    const view = await endsWell(id);
    expect(view.workers.map((worker) => [worker.id, worker.node, worker.rank, worker.state.kind])).toEqual([
      ['head/0', 'node1', 0, 'exited'],
      ['head/1', 'node1', 1, 'exited'],
      ['head/2', 'node2', 2, 'exited'],
      ['head/3', 'node2', 3, 'exited'],
    ]);
    const metrics = await test.core.openMetrics(id);
    for (const worker of view.workers) {
      const written = await readFile(
        join(lab.truth.outside, String(truth), `rank-${worker.rank}.log`),
        'utf8',
      );
      const told = written
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(line.indexOf('\t') + 1));
      expect(told).toHaveLength(40);
      const cached = await logOf(id, String(worker.rank));
      expect(cached).toBe((await lab.exec('node1', `cat ~/.rankwise/runs/${id}/${worker.id}.log`)).stdout);
      expect(cached.split('\n').filter((line) => line.startsWith('Epoch'))).toEqual(told);
      expect(metrics.points(worker.id, 'throughput')).toHaveLength(40);
    }
    metrics.dispose();
    expect(await lab.processesWith(id)).toEqual([]);
  });

  it("runs the user's own script byte for byte, with a log per task and its .err file", async () => {
    await mkdir(join(test.folder, 'jobs'));
    const script = [
      '#!/bin/bash',
      '#SBATCH --nodes=2 --ntasks-per-node=1',
      '#SBATCH --error=%j.err',
      'echo from the script; echo to its error file >&2',
      "srun bash -c 'echo task $SLURM_PROCID of $RANKWISE_RUN_ID; echo bad >&2'",
      'srun -N1 -n1 echo second step é',
    ].join('\n');
    await writeFile(join(test.folder, 'jobs/own.sbatch'), script);
    await configure(
      launch('own', 'unused', 'slurm: { script: jobs/own.sbatch }').replace(/ {4}command:.*\n/, ''),
    );
    const id = await start('own');
    const view = await endsWell(id);
    expect(await onHead(`cat ~/.rankwise/runs/${id}/head/job.sbatch`)).toBe(script);
    expect(view.workers.map((worker) => [worker.id, worker.state.kind])).toEqual([
      ['head/0-0', 'exited'],
      ['head/0-1', 'exited'],
      ['head/1-0', 'exited'],
    ]);
    expect(await logOf(id, '0-1')).toBe(`task 1 of ${id}\nbad\n`);
    expect(await logOf(id, '1-0')).toBe('second step é\n');
    expect(await logOf(id, 'batch')).toBe('from the script\n');
    // On a busy node srun says there that it tries again.
    expect(await logOf(id, 'batch-err')).toMatch(/^to its error file\n(srun: .*\n)*$/);
    expect(await onHead(`ls ~/slurm-${await jobOf(id)}.out`)).not.toBe('');
  });

  it('reads the last lines of a job that has ended before the login node came to send them', async () => {
    await writeFile(
      join(test.folder, 'own.sbatch'),
      '#!/bin/bash\necho first\nuntil [ -e ~/go ]; do sleep 0.2; done\nfor i in $(seq 1000); do echo line $i; done\n',
    );
    await configure(launch('own', 'unused', 'slurm: { script: own.sbatch }').replace(/ {4}command:.*\n/, ''));
    const id = await start('own');
    await runReaches(test, id, ({ state, workers }) => state.kind === 'running' && workers.length === 1);
    await onHead('pkill -STOP -f follow.sh');
    await lab.exec('head', 'touch ~/go');
    await expect.poll(() => onHead('squeue -h --me')).toBe('');
    // Slurm is asked at once, as by somebody who looks.
    await test.core.runs.caughtUp(id, 60_000);
    await endsWell(id);
    await onHead('pkill -CONT -f follow.sh');
    expect(await logOf(id, 'batch')).toMatch(/^first\nline 1\n[^]*\nline 1000\n$/);
  });

  it("shows what the user's own script prints without srun, in an array of each task, by the command line", async () => {
    const cli = await createCli(lab.sshConfigFile);
    try {
      const body = 'for i in 1 2; do echo "step=$i loss=0.$i"; sleep 1; done\n';
      await writeFile(join(cli.folder, 'one.sbatch'), `#!/bin/bash\n#SBATCH --output=%j.txt\n${body}`);
      await writeFile(join(cli.folder, 'many.sbatch'), `#!/bin/bash\n#SBATCH --array=2,10\n${body}`);
      const own = (name: string): string =>
        `  ${name}: { cluster: site, launcher: slurm, slurm: { script: ${name}.sbatch } }\n`;
      const srun = launch('tasks', 'echo hello', 'nodes: 2\n    slurm: { array: "1-2" }');
      await cli.configure(clusters + own('one') + own('many') + srun);
      const losses = (points: PointJson[], worker: string): (number | null)[] =>
        points.filter((point) => point.worker === worker).map(({ value }) => value);

      const one = await cli.launchAndWait('one');
      expect([one.code, one.stderr]).toEqual([0, expect.stringContaining('ended')]);
      const shown = await cli.run('follow', one.id);
      expect(shown.stdout.match(/^\[0 head\] step=\d loss=0\.\d$/gm)).toHaveLength(2);
      expect(losses(await cli.points(one.id), 'head/batch')).toEqual([0.1, 0.2]);
      expect((await cli.inspect(one.id)).workers).toMatchObject([
        { id: 'head/batch', rank: 0, state: 'exited 0', points: 2 },
      ]);

      const many = await cli.launchAndWait('many');
      const lines = (await cli.run('follow', many.id)).stdout;
      for (const task of ['2', '10']) {
        expect(lines).toContain(`[batch-${task} head] step=2 loss=0.2`);
        expect(losses(await cli.points(many.id), `head/batch-${task}`)).toEqual([0.1, 0.2]);
      }
      const ranks = (await cli.inspect(many.id)).workers.map(({ id, rank }) => [id, rank]);
      expect(ranks).toEqual([
        ['head/batch-2', 0],
        ['head/batch-10', 1],
      ]);

      const tasks = await cli.launchAndWait('tasks');
      const workers = (await cli.inspect(tasks.id)).workers.map(({ id, rank, host }) => [id, rank, host]);
      expect(workers.map(([id, rank]) => [id, rank])).toEqual([
        ['head/1-0', 0],
        ['head/1-1', 1],
        ['head/2-0', 2],
        ['head/2-1', 3],
      ]);
      expect(workers.every(([, , host]) => host === 'node1' || host === 'node2')).toBe(true);
      const said = (await cli.run('follow', tasks.id)).stdout;
      for (const [id, , host] of workers) expect(said).toContain(`[${String(id).slice(5)} ${host}] hello`);
    } finally {
      await cli.dispose();
    }
  });

  it('knows by one look of the command line that jobs have ended, and tells who follows why a job waits', async () => {
    const cli = await createCli(lab.sshConfigFile);
    try {
      const held = launch('held', 'until [ -e ~/go ]; do sleep 0.2; done', 'slurm: { args: [--hold] }');
      await cli.configure(clusters + launch('prep', 'sleep 2', 'np: 1') + held);
      const started = [await cli.run('launch', 'prep'), await cli.run('launch', 'prep')];
      // A launch returns before sbatch does.
      for (const { stdout } of started) await expect.poll(() => jobOf(stdout.trim())).toMatch(/^\d+$/);
      await expect.poll(() => onHead('squeue -h --me')).toBe('');
      const list = JSON.parse((await cli.run('runs', '--json')).stdout) as RunJson[];
      for (const { stdout } of started)
        expect(list.find(({ id }) => id === stdout.trim())).toMatchObject({ state: 'ended', exit: 0 });

      const following = cli.start('launch', 'held', '--wait');
      let said = '';
      following.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      await expect.poll(() => said).toContain('queued: JobHeldUser: it is held');
      await onHead('scontrol release $(squeue -h --me -o %i)');
      await expect.poll(() => said, { timeout: 120_000 }).toMatch(/^running$/m);
      await lab.exec('head', 'touch ~/go');
      await expect.poll(() => said, { timeout: 120_000 }).toMatch(/^running$[^]* · held #1 · ended/m);
    } finally {
      await cli.dispose();
    }
  });

  it('runs an array: a set of workers for each of its tasks', async () => {
    await configure(
      launch('array', 'echo $SLURM_ARRAY_TASK_ID $RANK', 'np: 2\n    slurm: { array: "3,5-6" }'),
    );
    const view = await endsWell(await start('array'));
    const logs = await Promise.all(view.workers.map(({ id }) => logOf(view.id, id.slice('head/'.length))));
    expect(view.workers.map(({ id }) => id)).toEqual(
      ['3-0', '3-1', '5-0', '5-1', '6-0', '6-1'].map((one) => `head/${one}`),
    );
    expect(logs).toEqual(['3 0\n', '3 1\n', '5 0\n', '5 1\n', '6 0\n', '6 1\n']);
  });

  it('waits for the newest run of another launch, and says why it waits', async () => {
    await configure(
      launch('first', 'until [ -e ~/go ]; do sleep 0.2; done', 'np: 1'),
      launch('second', 'test -e ~/go', 'np: 1\n    slurm: { after: [first] }'),
    );
    const first = await start('first');
    await runReaches(test, first, ({ state }) => state.kind === 'running');
    const second = await start('second');
    const queued = await runReaches(
      test,
      second,
      ({ state }) => state.kind === 'queued' && state.reason.startsWith('Dep'),
    );
    expect(queued.state).toEqual({ kind: 'queued', reason: 'Dependency: it waits for another job' });
    await lab.exec('head', 'touch ~/go');
    await endsWell(first);
    await endsWell(second);
  });

  it('shows a requeued job as a second attempt and loses no line of the first', async () => {
    const command = 'echo attempt ${SLURM_RESTART_COUNT:-0}; until [ -e ~/go ]; do sleep 0.2; done';
    await configure(launch('again', command, 'np: 2\n    slurm: { requeue: true }'));
    const id = await start('again');
    await runs(id);
    await onHead(`scontrol requeue ${await jobOf(id)}`);
    const delayed = ({ state }: RunView): boolean =>
      state.kind === 'queued' && state.reason.startsWith('BeginTime: ');
    await runReaches(test, id, delayed);
    // Slurm would wait two minutes, until what it ends of the first attempt is long gone. Started sooner, the second may be
    // ended together with the first.
    await lab.slurm.settle();
    await onHead(`scontrol update JobId=${await jobOf(id)} StartTime=now`);
    await runReaches(test, id, ({ workers }) => workers.every(({ attempt }) => attempt === 2));
    expect(test.core.runs.get(id)?.state.kind).not.toBe('ended');
    await lab.exec('head', 'touch ~/go');
    await endsWell(id);
    expect(await logOf(id, '1')).toMatch(/^attempt 0\n[^]*attempt 1\n$/);
  });

  it('stops what ignores SIGINT, by scancel, and has it from Slurm that nothing is left', async () => {
    const patient = launch('train', ddp('--epochs 50 --steps 100 --pace 0.1 --ignore-term'), 'np: 4');
    await configure(`${patient}    stop: { interruptSeconds: 2, terminateSeconds: 2 }\n`);
    const id = await start('train');
    await runs(id, 300);
    const steps: string[] = [];
    const { unproven } = await test.core.runs.stop(id, (step) => void steps.push(step));
    expect(unproven).toEqual([]);
    expect(steps.join(' ')).toMatch(/SIGINT.*SIGTERM.*scancel/);
    expect(await lab.processesWith(id)).toEqual([]);
    const { state } = test.core.runs.get(id)!;
    expect(state).toMatchObject({ kind: 'ended', by: 'stop', proven: true });
    expect(await onHead('squeue -h --me')).toBe('');
  });

  it('lets a training that obeys SIGINT save, and cancels one that has not begun', async () => {
    // One is long done when the other has saved.
    const save = 'sleep $((1 + 4 * RANK)); echo saved; exit 130';
    const saving = `trap "${save}" INT; echo up; while :; do sleep 0.2; done`;
    await configure(
      launch(
        'saving',
        saving,
        'nodes: 2\n    slurm: { exclusive: true }\n    stop: { interruptSeconds: 100 }',
      ),
      launch('waiting', 'echo never', 'nodes: 2\n    slurm: { exclusive: true }'),
    );
    const running = await start('saving');
    await runs(running);
    const waiting = await start('waiting');
    const queued = ({ state }: RunView): boolean =>
      state.kind === 'queued' && /^(Resources|Priority):/.test(state.reason);
    await runReaches(test, waiting, queued);
    // Closed and opened again while it is queued.
    looking.dispose();
    await test.restart();
    looking = test.core.runs.watchQueues();
    test.core.runs.attachAll();
    await runReaches(test, waiting, queued);
    expect((await test.core.runs.stop(waiting, say)).unproven).toEqual([]);
    expect(test.core.runs.get(waiting)?.state).toMatchObject({
      kind: 'ended',
      by: 'stop',
      exit: { code: 0 },
    });
    expect((await test.core.runs.stop(running, say)).unproven).toEqual([]);
    for (const rank of ['0', '1']) expect(await logOf(running, rank)).toMatch(/saved\n$/);
  });

  it('says that the controller does not answer, since when, and goes on when it does', async () => {
    await configure(launch('train', 'echo up; until [ -e ~/go ]; do sleep 0.2; done; echo ended', 'np: 1'));
    const id = await start('train');
    // Its srun asks the controller too, and has done so when the rank runs.
    await runs(id);
    await lab.slurm.stopController();
    const stopped = Date.now();
    const name = "Slurm's controller";
    // A question that was under way may fail in other words, and a busy login node be late with a sign of life.
    const isSilent = ({ contact }: RunView): boolean =>
      contact[name]?.kind === 'unreachable' &&
      contact[name].reason.includes('Unable to contact') &&
      contact['head']?.kind === 'connected';
    const silent = await runReaches(test, id, isSilent, 120_000);
    expect(silent.state).toEqual({ kind: 'running' });
    const contact = silent.contact[name];
    // The last answer came before or on its way; squeue itself tries for 10 s.
    if (contact?.kind === 'unreachable') expect(contact.since).toBeLessThan(stopped + 5000);
    await lab.slurm.startController();
    await lab.exec('head', 'touch ~/go');
    await endsWell(id);
    expect(await logOf(id, '0')).toBe('up\nended\n');
  });

  it('takes a stop up again that the controller did not hear', async () => {
    await configure(launch('train', 'echo up; while :; do sleep 0.2; done', 'nodes: 2'));
    const id = await start('train');
    await runs(id);
    await lab.slurm.stopController();
    const { unproven } = await test.core.runs.stop(id, say);
    expect(unproven).toEqual([
      {
        host: 'head',
        reason: expect.stringMatching(/^Slurm's controller does not answer/) as string,
        unreachable: true,
      },
    ]);
    expect((await lab.processesWith(id)).length).toBeGreaterThan(0);
    expect(test.core.runs.get(id)?.state.kind).toBe('stopping');
    await lab.slurm.startController();
    const { state } = await runReaches(test, id, isOver, 240_000);
    expect(state).toMatchObject({ kind: 'ended', by: 'stop', proven: true });
    expect(await lab.processesWith(id)).toEqual([]);
  });

  it('shows partitions and my jobs by one sinfo and one squeue', async () => {
    await writeFile(join(lab.truth.outside, 'cluster.sh'), withSlurm(clusterScript));
    const job = await onHead("sbatch --parsable --hold --nodes=2 --job-name='J 1 x RUNNING' --wrap true");
    const view = parseSlurmCluster(await onHead(`sh ${lab.truth.inside}/cluster.sh ''`), 'head');
    const nodes = (total: number): object => ({ allocated: 0, idle: total, other: 0, total });
    expect(view.partitions).toEqual([
      { name: 'main', isUp: true, timeLimit: 'infinite', nodes: nodes(2), gres: ['gpu:2'] },
      { name: 'short', isUp: true, timeLimit: '1:00', nodes: nodes(1), gres: ['gpu:2'] },
    ]);
    expect(view.jobs).toMatchObject([
      { id: job, partition: 'main', state: 'PENDING', nodes: 2, start: undefined, timeLimit: 'UNLIMITED' },
    ]);
    expect(view.jobs[0]?.reason).toBe('JobHeldUser: it is held; release it with scontrol release');
  });

  it('asks the controller about a script that is not submitted, from the workdir', async () => {
    await test.configure(
      clusters.replace('login: head', 'login: head\n    workdir: ~/work dir') + launch('x', 'true', ''),
    );
    await onHead('mkdir -p ~/"work dir"');
    const good = '#!/bin/bash\n#SBATCH --nodes=2 --output=logs/%j.out --error=/var/log/%j.err\nsrun true\n';
    expect(await test.core.slurm.test('site', good)).toEqual({
      accepted: true,
      said: expect.stringMatching(/Job \d+ to start at .* on nodes node\[1-2\] in partition main/) as string,
      directories: { known: new Set(['/var/log']), where: 'in ~/work dir on head', certain: true },
    });
    await onHead('mkdir ~/"work dir"/logs');
    const refused = await test.core.slurm.test('site', good.replace('=2', '=9'));
    expect(refused.directories.known).toEqual(new Set(['logs', '/var/log']));
    expect(refused).toMatchObject({
      accepted: false,
      said: expect.stringContaining('allocation failure') as string,
    });
    expect(await onHead('squeue --noheader')).toBe('');
    await onHead('rm -r ~/"work dir"');
    await expect(test.core.slurm.test('site', good)).rejects.toThrow(
      /the workdir ~\/work dir does not exist/,
    );
    await lab.slurm.stopController();
    await onHead('mkdir -p ~/"work dir"');
    await expect(test.core.slurm.test('site', good)).rejects.toThrow(/Unable to contact slurm controller/);
    await onHead('rmdir ~/"work dir"');
  });

  it('ends a refused submission with the words of sbatch', async () => {
    await configure(launch('refused', 'true', 'slurm: { partition: nowhere }'));
    const view = await runReaches(test, await start('refused'), isOver);
    expect(view.state).toEqual({
      kind: 'ended',
      exit: { code: 1, process: 'head/submit' },
      by: 'failedToStart',
      message:
        'invalid partition specified: nowhere · Batch job submission failed: Invalid partition name specified',
      proven: true,
    });
  });

  it('names the first rank that failed, and a time limit that was reached', async () => {
    await configure(
      launch('fails', '[ $RANK = 1 ] && { echo broken; exit 3; }; sleep 600', 'nodes: 2'),
      launch('slow', 'sleep 300', 'np: 1\n    slurm: { time: "0:01", partition: short }'),
    );
    const slow = await start('slow');
    const { state } = await runReaches(test, await start('fails'), isOver, 120_000);
    expect(state).toMatchObject({ kind: 'ended', exit: { code: 3, process: 'head/1' }, by: 'itself' });
    expect(state.kind === 'ended' && state.message).toMatch(/^FAILED: .*exit 3 on head\/1.*broken/);
    // Slurm counts whole minutes and looks twice in one.
    const late = await runReaches(test, slow, isOver, 240_000);
    expect(late.state.kind === 'ended' && late.state.message).toMatch(/^TIMEOUT: it reached its time limit/);
  });

  it("trains with Lightning under srun: one world of 2 × 2, whose rank 0 has the bar's values", async () => {
    const command = `export PATH=${lab.python('field')}/bin:$PATH; exec python ~/lightning_train.py --tasks 2`;
    await configure(launch('lightning', command, 'nodes: 2\n    slurm: { ntasksPerNode: 2 }'));
    const view = await endsWell(await start('lightning'));
    const logs = await Promise.all(view.workers.map(({ rank }) => logOf(view.id, String(rank))));
    const nodes = ['node1', 'node1', 'node2', 'node2'];
    nodes.forEach((node, rank) => {
      expect(logs[rank]).toContain(`node ${node} rank ${rank} of 4`);
      expect(logs[rank]).toMatch(/--- [\d.]+ seconds ---/);
    });
    const metrics = await test.core.openMetrics(view.id);
    expect(metrics.points('head/0', 'val_accuracy').length).toBeGreaterThan(0);
    metrics.dispose();
  });

  it('goes on while the login node has no power, and is followed again afterwards', async () => {
    await configure(
      launch('train', 'echo before; until [ -e ~/go ]; do sleep 0.2; done; echo after', 'nodes: 2'),
    );
    const id = await start('train');
    await runs(id);
    // An orderly end of the controller writes down that the job runs; a crash right after the start might forget it.
    await lab.slurm.restartController();
    await lab.powerOff('head');
    await runReaches(test, id, ({ contact }) => contact['head']?.kind === 'unreachable');
    expect(test.core.runs.get(id)?.state).toEqual({ kind: 'running' });
    await lab.exec('node1', 'touch ~/go');
    await lab.powerOn('head');
    await endsWell(id);
    for (const rank of ['0', '1']) expect(await logOf(id, rank)).toBe('before\nafter\n');
  });

  it('ends a job whose node lost power, as Slurm calls it', async () => {
    await configure(launch('train', 'echo up; sleep 900', 'nodes: 2\n    slurm: { requeue: false }'));
    const id = await start('train');
    await runs(id);
    await lab.powerOff('node2');
    const { state, workers } = await runReaches(test, id, isOver, 240_000);
    await lab.powerOn('node2');
    expect(state.kind === 'ended' && state.message).toMatch(/^NODE_FAIL: a node of the job failed/);
    expect(workers[1]?.state).toEqual({ kind: 'gone' });
    expect(workers[0]?.state.kind).not.toBe('running');
  });
});

describe('a Slurm that soon forgets', () => {
  it('ends a run by its own records, and calls one without records gone', async () => {
    const lab = await createLab({ hosts: 1, homes: 'shared', slurm: { gpus: 0, minJobAge: 2 } });
    const test = await createTestCore(lab.sshConfigFile);
    try {
      const job = (name: string, rest: string): string =>
        `  ${name}: { cluster: site, launcher: slurm, ${rest} }\n`;
      await test.configure(
        'version: 1\nclusters:\n  site: { login: head }\nlaunches:\n' +
          job('ours', "command: 'sleep 3; echo done; exit 5'") +
          job('own', 'slurm: { script: own.sbatch }'),
      );
      await writeFile(join(test.folder, 'own.sbatch'), '#!/bin/sh\nsleep 3\n');
      const [ours, own] = [
        await test.core.runs.launch('ours', {}, say),
        await test.core.runs.launch('own', {}, say),
      ];
      test.core.dispose();
      // A launch returns before sbatch does.
      for (const { id } of [ours, own]) {
        const hasJob = async (): Promise<string> =>
          (await lab.exec('head', `cat ~/.rankwise/runs/${id}/head/job`)).stdout;
        await expect.poll(hasJob).toMatch(/^id=\d+$/m);
      }
      await expect
        .poll(async () => (await lab.exec('head', 'scontrol -o show jobs')).stdout, { timeout: 120_000 })
        .toBe('No jobs in the system\n');
      await test.restart();
      test.core.runs.attachAll();
      const { state } = await runReaches(test, ours.id, isOver, 120_000);
      expect(state).toMatchObject({ kind: 'ended', exit: { code: 5, process: 'head/0' }, by: 'itself' });
      const gone = await runReaches(test, own.id, isOver, 120_000);
      expect(gone.state.kind).toBe('gone');
    } finally {
      await test.dispose();
      await lab.dispose();
    }
  });
});
