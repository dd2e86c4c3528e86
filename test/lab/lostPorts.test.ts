import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readFile } from 'node:fs/promises';
import type { PythonName } from '../../scripts/machine/ensurePython.mjs';
import type { RankwiseError } from '../../src/base/errors';
import type { RunView } from '../../src/runs/model';
import { createLab, type Lab } from '../support/lab';
import { startPortThief, type PortThief } from '../support/portThief';
import { createTestCore, isOver, runReaches, type TestCore } from '../support/testCore';

let lab: Lab;
let test: TestCore;
let thief: PortThief;
beforeAll(async () => {
  lab = await createLab({ hosts: 2, homes: 'each' });
});
afterAll(() => lab.dispose());
beforeEach(async () => {
  test = await createTestCore(lab.sshConfigFile);
  thief = await startPortThief(lab);
});
afterEach(async () => {
  await thief.dispose();
  for (const { id, state } of test.core.runs.all)
    if (state.kind === 'running') await test.core.runs.stop(id, () => undefined);
  await test.dispose();
});

/** Rank 0 listens where the workers meet, the other one connects; both tell the port. */
const meet = `
import os, socket, sys, time
place = (os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]))
if os.environ["RANK"] == "0":
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("0.0.0.0", place[1]))
    s.listen()
    other, _ = s.accept()
    print("met", place[1], other.recv(5))
else:
    end = time.time() + 100
    while True:
        try:
            s = socket.create_connection(place)
            s.sendall(b"hello")
            break
        except OSError:
            if time.time() > end: raise
            time.sleep(0.1)
    print("met", place[1])
`;
const configure = (launch: string, env = ''): Promise<void> =>
  test.configure(
    `version: 1\nclusters:\n  lab: { hosts: [node1, node2] ${env} }\nlaunches:\n  train: { cluster: lab, ${launch} }\n`,
  );
const meeting = `launcher: ssh, command: [python3, -c, ${JSON.stringify(meet)}]`;

/** Launches, and takes the port of the plan at the n-th time that each of these steps is told. */
async function launchTaking(step: string, times = 1): Promise<{ run: RunView; taken: number[] }> {
  const taken: number[] = [];
  const run = await test.core.runs.launch('train', {}, (message) => {
    const [newest] = test.core.runs.all;
    if (!message.startsWith(step) || taken.length >= times || newest === undefined) return;
    for (const { port } of newest.plan.chosenPorts) {
      thief.take(port);
      taken.push(port);
    }
  });
  return { run, taken };
}
const log = (run: string, worker: string): Promise<string> =>
  readFile(test.core.runs.logFile(run, worker), 'utf8');

describe('a port that somebody else takes first', () => {
  it('is replaced once when the checks find it in use', async () => {
    await configure(meeting);
    const { run, taken } = await launchTaking('Checking');
    expect(taken).toHaveLength(1);
    const ended = await runReaches(test, run.id, isOver);
    expect(ended.state).toMatchObject({ kind: 'ended', exit: { code: 0 }, proven: true });
    const [now] = ended.plan.chosenPorts;
    expect(now?.port).not.toBe(taken[0]);
    expect(ended.warnings).toContainEqual(
      `port ${taken[0]} on node1 was taken by python3, pid ${thief.pid} before the job could listen there: it starts with ${now?.port} instead`,
    );
    expect(await log(run.id, 'node1/0')).toContain(`met ${now?.port}`);
  });

  it('is told with both ports when the second one is lost as well', async () => {
    await configure(meeting);
    const lost = launchTaking('Checking', 2);
    await expect(lost).rejects.toThrow(
      /^launch "train" cannot start: port \d+ on node1 was taken by python3, pid \d+, then port \d+ on node1 was taken by python3, pid \d+/,
    );
    await expect(lost).rejects.toMatchObject({
      code: 'launch.portsLost',
      host: 'node1',
    } satisfies Partial<RankwiseError>);
    const [run] = test.core.runs.all;
    expect(run?.state).toMatchObject({ kind: 'ended', by: 'failedToStart' });
    for (const name of ['node1', 'node2'])
      expect((await lab.exec(name, `ls ~/.rankwise/runs/${run?.id}`)).code).not.toBe(0);
  });

  it('is replaced once when the job finds it in use', async () => {
    await configure(meeting);
    const { run, taken } = await launchTaking('Starting');
    const ended = await runReaches(test, run.id, isOver);
    expect(ended.state).toMatchObject({ kind: 'ended', exit: { code: 0 }, by: 'itself', proven: true });
    expect(ended.workers.map(({ attempt }) => attempt)).toEqual([2, 2]);
    expect(ended.warnings?.join('\n')).toContain(
      `port ${taken[0]} on node1 was taken by python3, pid ${thief.pid}`,
    );
    // What the first start printed is kept before what the second one did.
    expect(await log(run.id, 'node1/0')).toMatch(
      new RegExp(`Address already in use[^]*met ${ended.plan.chosenPorts[0]?.port}`),
    );
    expect(await lab.processesWith(run.id)).toEqual([]);
    // Another window reads the same from what is stored.
    await test.restart();
    expect(test.core.runs.get(run.id)?.state).toEqual(ended.state);
  });

  it('is told with owner and what to do when the job loses the second one as well', async () => {
    await configure(meeting);
    const taken = new Set<number>();
    const takeNew = (): void => {
      for (const { port } of test.core.runs.all[0]?.plan.chosenPorts ?? []) {
        if (!taken.has(port)) thief.take(port);
        taken.add(port);
      }
    };
    let looking: NodeJS.Timeout | undefined;
    const run = await test.core.runs.launch('train', {}, (message) => {
      if (message !== 'Starting') return;
      takeNew();
      // The second plan is known here before anything of it is written on a host.
      looking = setInterval(takeNew, 1);
    });
    const ended = await runReaches(test, run.id, isOver).finally(() => clearInterval(looking));
    expect(taken.size).toBe(2);
    expect(ended.state).toMatchObject({ kind: 'ended', exit: { code: 1 }, proven: true });
    expect(ended.state).toMatchObject({
      message: expect.stringMatching(
        new RegExp(
          `port ${ended.plan.chosenPorts[0]?.port} on node1 was taken by python3, pid ${thief.pid}, as was the port chosen before it\\. Stop what takes them, or name a port yourself`,
        ),
      ) as string,
    });
    expect(await lab.processesWith(run.id)).toEqual([]);
  });

  it('is left alone when the user wrote it', async () => {
    await configure(`${meeting}, env: { MASTER_PORT: '29533' }`);
    const run = await test.core.runs.launch('train', {}, (message) => {
      if (message === 'Starting') thief.take(29533);
    });
    const ended = await runReaches(test, run.id, isOver);
    expect(ended.plan.chosenPorts).toEqual([]);
    expect(ended.state).toMatchObject({ kind: 'ended', exit: { code: 1 } });
    expect(ended.workers.map(({ attempt }) => attempt)).toEqual([1, 1]);
    expect(ended.state).toMatchObject({ message: expect.stringContaining('already in use') as string });
  });
});

describe.each<[what: string, python: PythonName, launch: string]>([
  ['torchrun', 'field', 'launcher: torchrun, command: python ~/ddp.py --epochs 1 --steps 3'],
  [
    'mxnet',
    'mxnet',
    'launcher: mxnet, command: [python, /home/trainer/mxnet_train.py, --num-epochs, "1", --batches, "21"]',
  ],
])('%s', { timeout: 400_000 }, (_, python, launch) => {
  it('starts again with another port when it loses the one it was given', async () => {
    const setup = `, setup: ["export PATH=${lab.python(python)}/bin:$PATH", "export RANKWISE_TRUTH_DIR=${lab.truth.inside}"]`;
    await configure(`${launch}, env: { OMP_NUM_THREADS: "1" }`, setup);
    const { run, taken } = await launchTaking('Starting');
    const ended = await runReaches(test, run.id, isOver, 280_000);
    const told = JSON.stringify([ended.state, ended.warnings, ended.workers], undefined, 1);
    expect(ended.state, told).toMatchObject({
      kind: 'ended',
      exit: { code: 0 },
      by: 'itself',
      proven: true,
    });
    expect(ended.warnings?.join('\n')).toContain(
      `port ${taken[0]} on node1 was taken by python3, pid ${thief.pid}`,
    );
    expect(await lab.processesWith(run.id)).toEqual([]);
  });
});
