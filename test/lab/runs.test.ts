import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cancelled, describeError } from '../../src/base/errors';
import type { RunView } from '../../src/runs/model';
import { createLab, type Lab } from '../support/lab';
import { createTestCore, isOver, runReaches, type TestCore } from '../support/testCore';

const say = (): undefined => undefined;

describe.each(['each', 'shared'] as const)('runs on 4 hosts, homes: %s', { timeout: 400_000 }, (homes) => {
  let lab: Lab;
  let test: TestCore;
  let truth = 0;

  beforeAll(async () => {
    lab = await createLab({ hosts: 4, homes });
  });
  afterAll(() => lab.dispose());
  beforeEach(async () => {
    test = await createTestCore(lab.sshConfigFile);
    truth++;
  });
  afterEach(() => test.dispose());

  const clusters = (): string =>
    `version: 1\nclusters:\n  lab:\n    hosts:\n${lab.hosts.map(({ name }) => `      - { host: ${name}, slots: 2 }\n`).join('')}`;
  const config = (launcher: string, command: string): string => `${clusters()}launches:
  train:
    cluster: lab
    launcher: ${launcher}
    command: ${command}
    np: 8
    env: { TRUTH: "${lab.truth.inside}/${truth}" }
`;
  const ddp = (options: string): string =>
    `mkdir -p $TRUTH; RANKWISE_TRUTH_DIR=$TRUTH exec /usr/bin/python3 ~/ddp.py ${options}`;

  /** Truth = remote log = cache = points, for every rank. */
  async function expectNothingLost(id: string, linesPerRank: number | undefined): Promise<void> {
    const view = test.core.runs.get(id)!;
    const metrics = await test.core.openMetrics(id);
    expect(view.workers).toHaveLength(8);
    for (const worker of view.workers) {
      const written = (
        await readFile(join(lab.truth.outside, String(truth), `rank-${worker.rank}.log`), 'utf8')
      )
        .trimEnd()
        .split('\n');
      if (linesPerRank !== undefined) expect(written).toHaveLength(linesPerRank);
      const told = written.map((line) => line.slice(line.indexOf('\t') + 1));
      const cached = await readFile(test.core.runs.logFile(id, worker.id), 'utf8');
      const { stdout: remote } = await lab.exec(worker.host, `cat ~/.rankwise/runs/${id}/${worker.id}.log`);
      expect(cached).toBe(remote);
      expect(remote.split('\n').filter((line) => line.startsWith('Epoch'))).toEqual(told);
      const points = metrics.points(worker.id, 'throughput');
      expect(points).toHaveLength(told.length);
      expect(points.map(({ value }) => value)).toEqual(
        told.map((line) => Number(/([\d.]+) samples\/s/.exec(line)![1])),
      );
    }
    metrics.dispose();
  }

  /** A recorder may write a file there while it is removed. */
  async function removeDirectories(id: string): Promise<void> {
    for (const { name } of lab.hosts) {
      const { code } = await lab.exec(name, `until rm -rf ~/.rankwise/runs/${id}; do sleep 0.1; done`);
      expect(code).toBe(0);
    }
  }

  /** Until none is left: some have ended by themselves before their turn, others began meanwhile. */
  async function killAll(id: string): Promise<void> {
    for (;;) {
      const left = await lab.processesWith(id);
      if (left.length === 0) return;
      for (const { pid } of left) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has ended.
        }
      }
    }
  }

  it.each(['mpirun', 'ssh'])(
    'trains 8 ranks by %s: truth, remote log, cache and points agree',
    async (launcher) => {
      await test.configure(config(launcher, ddp('--epochs 2 --steps 30')));
      expect(test.core.config.current?.problems).toEqual([]);
      const { id } = await test.core.runs.launch('train', {}, say);
      const view = await runReaches(test, id, isOver, 120_000);
      expect(view.state).toEqual({
        kind: 'ended',
        exit: { code: 0, process: undefined },
        by: 'itself',
        proven: true,
      });
      expect(view.workers.map(({ rank }) => rank)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      await expectNothingLost(id, 60);
      expect(await lab.processesWith(id)).toEqual([]);
    },
  );

  it('goes on while nobody looks, and misses nothing afterwards', async () => {
    // It cannot be over before nobody looks.
    const training = ddp('--epochs 2 --steps 50 --pace 0.1').replace('exec ', '');
    await test.configure(config('mpirun', `${training}; until [ -e $TRUTH/go ]; do sleep 0.1; done`));
    const { id } = await test.core.runs.launch('train', {}, say);
    await runReaches(test, id, ({ workers }) => workers.every(({ logBytes }) => logBytes > 500));
    await test.restart();
    expect(test.core.runs.get(id)?.state.kind).toBe('running');
    await writeFile(join(lab.truth.outside, String(truth), 'go'), '');
    test.core.runs.attachAll();
    await runReaches(test, id, isOver, 120_000);
    await expectNothingLost(id, 100);
  });

  it('takes in a run that another machine started, and stops it', async () => {
    await test.configure(config('ssh', ddp('--epochs 50 --steps 100 --pace 0.1')));
    const { id } = await test.core.runs.launch('train', {}, say);
    const other = await createTestCore(lab.sshConfigFile);
    try {
      await other.configure(config('ssh', 'true'));
      await other.core.clusters.check('lab');
      expect(other.core.runs.all.filter((run) => run.id === id)).toHaveLength(1);
      await runReaches(other, id, ({ workers }) => workers.every(({ logBytes }) => logBytes > 300));
      expect((await other.core.runs.stop(id, say)).unproven).toEqual([]);
      expect(await lab.processesWith(id)).toEqual([]);
      await runReaches(test, id, isOver);
    } finally {
      await other.dispose();
    }
  });

  it('loses no line of a host that is cut off for 20 s, and says since when', async () => {
    await test.configure(config('ssh', ddp('--epochs 3 --steps 70 --pace 0.2')));
    const { id } = await test.core.runs.launch('train', {}, say);
    await runReaches(test, id, ({ workers }) => workers.every(({ logBytes }) => logBytes > 500));
    const cutAt = Date.now();
    await lab.cut('node3');
    const isCut = ({ contact }: RunView): boolean =>
      contact['node3']?.kind === 'unreachable' && contact['node2']?.kind === 'connected';
    const cut = await runReaches(test, id, isCut);
    const seenAt = Date.now();
    expect(cut.state).toEqual({ kind: 'running' });
    const contact = cut.contact['node3'];
    if (contact?.kind !== 'unreachable') throw new Error('node3 is reachable');
    // What was heard last came every 2 s, and is older than the silence that was noticed.
    expect(contact.since).toBeGreaterThan(cutAt - 7000);
    expect(contact.since).toBeLessThan(seenAt - 5000);
    await new Promise((resolve) => setTimeout(resolve, 20_000 - (Date.now() - cutAt)));
    await lab.restore('node3');
    await runReaches(test, id, (view) => view.contact['node3']?.kind === 'connected' || isOver(view));
    await runReaches(test, id, isOver, 120_000);
    await expectNothingLost(id, 210);
  });

  it.each(['mpirun', 'ssh'])('stops what ignores SIGINT and SIGTERM, started by %s', async (launcher) => {
    const patient = ddp('--epochs 50 --steps 100 --pace 0.1 --ignore-term');
    await test.configure(
      `${config(launcher, patient)}    stop: { interruptSeconds: 2, terminateSeconds: 2 }\n`,
    );
    const { id } = await test.core.runs.launch('train', {}, say);
    await runReaches(test, id, ({ workers }) => workers.every(({ logBytes }) => logBytes > 300));
    expect((await lab.processesWith(id)).length).toBeGreaterThanOrEqual(8);
    const steps: string[] = [];
    const { unproven } = await test.core.runs.stop(id, (step) => void steps.push(step));
    expect(await lab.processesWith(id)).toEqual([]);
    expect(unproven).toEqual([]);
    expect(steps.join(' ')).toMatch(/SIGINT.*SIGTERM.*SIGKILL.*nothing is left/);
    const { state, workers } = test.core.runs.get(id)!;
    expect(state).toMatchObject({ kind: 'ended', by: 'stop', proven: true });
    expect(workers.map((worker) => worker.state)).toMatchObject(Array(8).fill({ kind: 'exited', code: 137 }));
  });

  it('names the host that cannot prove a stop, and takes the stop up again when it is back', async () => {
    const patient = ddp('--epochs 50 --steps 100 --pace 0.1 --ignore-term');
    await test.configure(`${config('ssh', patient)}    stop: { interruptSeconds: 1, terminateSeconds: 1 }\n`);
    const { id } = await test.core.runs.launch('train', {}, say);
    await runReaches(test, id, ({ workers }) => workers.every(({ logBytes }) => logBytes > 300));
    await lab.cut('node2');
    await runReaches(test, id, ({ contact }) => contact['node2']?.kind === 'unreachable');
    const { unproven } = await test.core.runs.stop(id, say);
    expect(unproven.map(({ host }) => host)).toEqual(['node2']);
    expect(new Set((await lab.processesWith(id)).map(({ host }) => host))).toEqual(new Set(['node2']));
    expect(test.core.runs.get(id)?.state).toMatchObject({
      kind: 'stopping',
      step: 'waiting for node2 to answer',
    });
    await lab.restore('node2');
    const { state } = await runReaches(test, id, isOver, 120_000);
    expect(state).toMatchObject({ kind: 'ended', by: 'stop', proven: true });
    expect(await lab.processesWith(id)).toEqual([]);
  });

  it('tells two windows the same, asks the workers once, and names who stopped', async () => {
    const saving =
      '\'trap "echo INT; sleep 2; echo saved; exit 130" INT; echo up; while :; do sleep 0.2; done\'';
    await test.configure(`${config('ssh', saving)}    stop: { interruptSeconds: 100 }\n`);
    const other = await createTestCore(lab.sshConfigFile, 'reject', test.stateDir);
    try {
      const { id } = await test.core.runs.launch('train', {}, say);
      await other.configure(config('ssh', 'true'));
      await other.core.clusters.check('lab');
      await runReaches(other, id, ({ workers }) => workers.every(({ logBytes }) => logBytes > 2));
      expect((await test.core.runs.stop(id, say)).unproven).toEqual([]);
      const [here, there] = [test.core.runs.get(id)!, await runReaches(other, id, isOver)];
      expect(there.state).toEqual(here.state);
      expect(there.number).toBe(here.number);
      expect(here.state).toMatchObject({ by: 'stop', proven: true });
      for (const { id: worker } of here.workers) {
        expect(await readFile(test.core.runs.logFile(id, worker), 'utf8')).toBe('up\nINT\nsaved\n');
      }
    } finally {
      await other.dispose();
    }
  });

  it('ends a run by itself in both windows', async () => {
    await test.configure(config('ssh', "'sleep 2; echo $RANK'"));
    const other = await createTestCore(lab.sshConfigFile, 'reject', test.stateDir);
    try {
      const { id } = await test.core.runs.launch('train', {}, say);
      await other.configure(config('ssh', 'true'));
      await other.core.clusters.check('lab');
      const views = await Promise.all([runReaches(test, id, isOver), runReaches(other, id, isOver)]);
      expect(views.map(({ state }) => state)).toEqual(
        Array(2).fill({ kind: 'ended', exit: { code: 0, process: undefined }, by: 'itself', proven: true }),
      );
    } finally {
      await other.dispose();
    }
  });

  it('leaves a training alone whose run directory was removed, and says so', async () => {
    await test.configure(config('ssh', "'while :; do echo up; sleep 0.5; done'"));
    const { id } = await test.core.runs.launch('train', {}, say);
    await runReaches(test, id, ({ workers }) => workers.every(({ logBytes }) => logBytes > 2));
    await removeDirectories(id);
    const { contact, state } = await runReaches(test, id, (view) =>
      Object.values(view.contact).every(({ kind }) => kind === 'unreachable'),
    );
    expect(contact['node1']).toMatchObject({
      reason: expect.stringContaining('run directory is missing') as string,
    });
    expect(state).toEqual({ kind: 'running' });
    const count = async (): Promise<number> =>
      (await lab.processesWith(id)).filter(({ command }) => command.includes('bash')).length;
    expect(await count()).toBeGreaterThanOrEqual(8);
    await test.restart();
    test.core.runs.attachAll();
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect(await count()).toBeGreaterThanOrEqual(8);
    expect((await test.core.runs.stop(id, say)).unproven).toEqual([]);
    expect(await lab.processesWith(id)).toEqual([]);
  });

  it('is gone where neither process nor record is left', async () => {
    await test.configure(config('ssh', 'sleep 600'));
    const { id } = await test.core.runs.launch('train', {}, say);
    await removeDirectories(id);
    await killAll(id);
    const { state } = await runReaches(test, id, isOver, 120_000);
    expect(state).toEqual({ kind: 'gone', hosts: lab.hosts.map(({ name }) => name) });
  });

  it.each([0, 50, 150, 400])(
    'leaves nothing when a launch is cancelled %i ms after "Starting"',
    async (delay) => {
      await test.configure(config('ssh', 'sleep 600'));
      const abort = new AbortController();
      const launched = test.core.runs.launch(
        'train',
        {},
        (step) => {
          if (step === 'Starting') setTimeout(() => abort.abort(), delay);
        },
        abort.signal,
      );
      const outcome = await launched.then(
        ({ id }) => id,
        (error: unknown) => error,
      );
      if (typeof outcome === 'string') {
        // It had started before the cancel came.
        expect((await test.core.runs.stop(outcome, say)).unproven).toEqual([]);
      } else {
        expect(outcome).toBeInstanceOf(Cancelled);
      }
      const [view] = test.core.runs.all;
      expect(view?.state).toMatchObject({ kind: 'ended', by: 'stop', proven: true });
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(await lab.processesWith(view!.id)).toEqual([]);
    },
  );

  it('gives a launch up that is stopped while it prepares', async () => {
    await test.configure(config('ssh', 'sleep 600'));
    const stopped = new Promise<unknown>((resolve) => {
      test.core.runs.onDidChange(({ run }) => {
        if (test.core.runs.get(run)?.state.kind === 'preparing') resolve(test.core.runs.stop(run, say));
      });
    });
    const outcome = await test.core.runs.launch('train', {}, say).catch((error: unknown) => error);
    expect(await stopped).toEqual({ unproven: [] });
    const [view] = test.core.runs.all;
    expect(outcome).toBeInstanceOf(Cancelled);
    expect(view?.state).toMatchObject({ kind: 'ended', by: 'stop', proven: true });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await lab.processesWith(view!.id)).toEqual([]);
  });

  it('says since which byte a log is incomplete when the disk fills up', async () => {
    await test.configure(
      config('ssh', "'while :; do head -c 3000 /dev/zero | tr \\\\0 x; echo; sleep 0.2; done 2>/dev/null'"),
    );
    const { id } = await test.core.runs.launch('train', {}, say);
    await runReaches(test, id, ({ workers }) => workers.every(({ logBytes }) => logBytes > 100));
    await lab.fillDisk('node2');
    try {
      const view = await runReaches(test, id, ({ workers }) =>
        workers.some(({ host, incompleteSince }) => host === 'node2' && incompleteSince !== undefined),
      );
      expect(view.state).toEqual({ kind: 'running' });
    } finally {
      await lab.freeDisk('node2');
    }
    expect((await test.core.runs.stop(id, say)).unproven).toEqual([]);
  });

  it('ends the run when one worker fails, names it, and leaves nothing', async () => {
    await test.configure(
      config('ssh', `'if [ $RANK = 5 ]; then sleep 1; echo out of luck; exit 3; fi; sleep 600'`),
    );
    const { id } = await test.core.runs.launch('train', {}, say);
    const { state } = await runReaches(test, id, isOver, 120_000);
    expect(state).toMatchObject({
      kind: 'ended',
      by: 'workerExit',
      exit: { code: 3, process: 'node3/1' },
      proven: true,
    });
    expect(state).toMatchObject({ message: 'exit 3 on node3/1 · last line: out of luck' });
    expect(await lab.processesWith(id)).toEqual([]);
  });
});

describe.each(['each', 'shared'] as const)('files of a launch, homes: %s', (homes) => {
  it('arrive in the workdir of every host', async () => {
    const lab = await createLab({ hosts: 2, homes });
    const test = await createTestCore(lab.sshConfigFile);
    try {
      await mkdir(join(test.folder, 'lib/deep'), { recursive: true });
      await writeFile(
        join(test.folder, 'train.sh'),
        '. lib/deep/words.sh; echo "$WORD from $(uname -n)"; wc -c < lib/big\n',
      );
      await writeFile(join(test.folder, 'lib/deep/words.sh'), "WORD='it works'\n");
      await writeFile(join(test.folder, 'lib/big'), Buffer.alloc(3 << 20));
      await test.configure(
        'version: 1\nclusters:\n  lab: { hosts: [node1, node2], workdir: ~/my work }\nlaunches:\n' +
          '  train: { cluster: lab, launcher: ssh, command: [sh, train.sh], files: [train.sh, lib] }\n',
      );
      const { id } = await test.core.runs.launch('train', {}, say);
      const { state } = await runReaches(test, id, isOver);
      expect(state).toMatchObject({ kind: 'ended', exit: { code: 0 } });
      for (const { name } of lab.hosts) {
        expect(await readFile(test.core.runs.logFile(id, `${name}/0`), 'utf8')).toBe(
          `it works from ${name}\n3145728\n`,
        );
      }
    } finally {
      await test.dispose();
      await lab.dispose();
    }
  });
});

describe('a host whose login shell talks', () => {
  it('is used all the same', async () => {
    const lab = await createLab({ hosts: 2, homes: 'each' });
    const test = await createTestCore(lab.sshConfigFile);
    try {
      const noise =
        'echo "Welcome to $(uname -n)"; echo S; echo "D 0.log 1 0 5"; echo home=/nowhere-else >&2';
      await lab.exec('node2', `printf '%s\\n' '${noise}' >> ~/.bashrc`);
      const connection = await test.core.connect(lab.target('node2'));
      expect((await connection.exec('true')).stdout.toString()).toContain('Welcome to node2');
      await test.configure(
        'version: 1\nclusters:\n  lab: { hosts: [node1, node2] }\nlaunches:\n' +
          '  train: { cluster: lab, launcher: ssh, command: echo done $RANK }\n',
      );
      const { id } = await test.core.runs.launch('train', {}, say);
      const { state } = await runReaches(test, id, isOver);
      expect(state).toMatchObject({ kind: 'ended', exit: { code: 0 }, proven: true });
      expect(await readFile(test.core.runs.logFile(id, 'node2/0'), 'utf8')).toMatch(/done 1\n$/);
    } finally {
      await test.dispose();
      await lab.dispose();
    }
  });
});

describe('a host that cannot be used', () => {
  let lab: Lab;
  let test: TestCore;

  beforeEach(async () => {
    lab = await createLab({ hosts: 2, homes: 'each' });
    test = await createTestCore(lab.sshConfigFile);
    await test.configure(launch('/usr/bin/python3 --version'));
  });
  afterEach(async () => {
    await test.dispose();
    await lab.dispose();
  });

  const launch = (command: string): string =>
    `version: 1\nclusters:\n  lab: { hosts: [node1, node2] }\nlaunches:\n  train: { cluster: lab, launcher: ssh, command: ${command} }\n`;
  const failure = async (): Promise<string> =>
    describeError(await test.core.runs.launch('train', {}, say).catch((error: unknown) => error));

  it('is named when it refuses', async () => {
    lab.stopSshd('node2');
    expect(await failure()).toMatch(/node2.*refused/);
    expect(test.core.runs.all).toEqual([]);
  });

  it('is refused when its key has changed, with file and line', async () => {
    await lab.changeHostKey('node2');
    expect(await failure()).toContain(`${lab.knownHostsFile}:2`);
  });

  it('is named when it wants a password that nobody gives', async () => {
    await lab.requirePassword('node2');
    expect(await failure()).toMatch(/login to trainer@node2 was given up.*Sign in again/);
  });

  it('is named when its disk is full, before anything starts', async () => {
    await lab.fillDisk('node2');
    expect(await failure()).toMatch(/node2.*No space left/i);
    expect(test.core.runs.all.flatMap(({ workers }) => workers.map(({ state }) => state.kind))).not.toContain(
      'running',
    );
  });

  it('is named when the command does not exist there, before anything starts', async () => {
    await test.configure(launch('no-such-training --epochs 3'));
    expect(await failure()).toMatch(/2 hosts \(node1, node2\): no-such-training: command not found/);
  });

  it('is named when a command that nobody could foresee does not exist', async () => {
    await test.configure(launch('cd . && no-such-training --epochs 3'));
    const { id } = await test.core.runs.launch('train', {}, say);
    const { state } = await runReaches(test, id, isOver);
    expect(state).toMatchObject({ kind: 'ended', exit: { code: 127 } });
    expect(state.kind === 'ended' ? state.message : '').toMatch(
      /exit 127 \(command not found\) on node[12]\/0.*no-such-training: command not found/,
    );
  });
});
