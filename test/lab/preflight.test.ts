import { existsSync } from 'node:fs';
import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeError } from '../../src/base/errors';
import { PreflightError } from '../../src/cluster/preflight/findingText';
import type { RunView } from '../../src/runs/model';
import { createLab, type Lab } from '../support/lab';
import { createTestCore, isOver, runReaches, type TestCore } from '../support/testCore';

const say = (): undefined => undefined;
const names = ['node1', 'node2', 'node3', 'node4'];

let lab: Lab;
let test: TestCore;
let steps: string[];
beforeAll(async () => {
  lab = await createLab({ hosts: 4, homes: 'each' });
});
afterAll(() => lab.dispose());
beforeEach(async () => {
  test = await createTestCore(lab.sshConfigFile);
  steps = [];
});
afterEach(() => test.dispose());

const yaml = (launch: string, cluster = ''): Promise<void> =>
  test.configure(
    `version: 1\nclusters:\n  lab: { hosts: [${names.join(', ')}] ${cluster} }\nlaunches:\n  train: { cluster: lab, launcher: ssh, ${launch} }\n`,
  );
const start = (): Promise<RunView> => test.core.runs.launch('train', {}, (step) => void steps.push(step));
const refusal = async (): Promise<PreflightError> => {
  const error = await start().catch((failure: unknown) => failure);
  if (error instanceof PreflightError) return error;
  throw new Error(`not refused by a check: ${describeError(error)}`);
};
const onEach = (command: string, user: 'root' | 'trainer' = 'trainer'): Promise<unknown> =>
  Promise.all(names.map((name) => lab.exec(name, command, { user })));

describe('a launch is looked through before anything starts', () => {
  it('has nothing but little room to say of hosts that are well', async () => {
    await yaml("command: 'echo well'");
    const view = await runReaches(test, (await start()).id, isOver);
    expect(view.state).toMatchObject({ kind: 'ended', exit: { code: 0 } });
    expect(view.warnings?.filter((warning) => !warning.includes('free'))).toEqual([]);
  });

  it('names the one host that lacks the command, and leaves nothing there', async () => {
    await onEach('mkdir -p ~/tools; printf "#!/bin/sh\\n" >~/tools/own-train; chmod +x ~/tools/own-train');
    await lab.exec('node3', 'rm ~/tools/own-train');
    await yaml("command: 'own-train --epochs 3'", ", setup: ['PATH=$PATH:~/tools']");
    const error = await refusal();
    expect(error.message).toContain('node3: own-train: command not found after the setup lines');
    expect(error.findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      { check: 'command', host: 'node3' },
    ]);
    const [run] = test.core.runs.all;
    expect(run?.state).toMatchObject({ kind: 'ended', by: 'failedToStart' });
    for (const name of names)
      expect((await lab.exec(name, `ls ~/.rankwise/runs/${run?.id ?? ''}`)).code).not.toBe(0);
  });

  it('leaves no run where nothing was written on a host', async () => {
    await yaml("command: 'true', env: { TOKEN: '${secret:nobody-has-it}' }");
    const before = test.core.runs.all.length;
    await expect(start()).rejects.toMatchObject({ code: 'run.secretMissing' });
    expect(test.core.runs.all).toHaveLength(before);
  });

  it('says everything that is wrong at once, equal reasons together', async () => {
    await lab.exec('node2', 'mkdir -p /tmp/closed; chmod 755 /tmp/closed', { user: 'root' });
    await lab.exec('node4', 'mkdir -p /tmp/closed', { user: 'root' });
    lab.stopSshd('node1');
    try {
      await yaml("command: 'no-such-training'", ', workdir: /tmp/closed');
      const words = describeError(await refusal());
      expect(words).toMatch(/node1.*refused/);
      expect(words).toMatch(/3 hosts \(node2, node3, node4\): no-such-training: command not found/);
      expect(words).toMatch(
        /2 hosts \(node2, node4\): the workdir \/tmp\/closed cannot be written: Permission denied/,
      );
    } finally {
      await lab.startSshd('node1');
    }
  });

  it('names a disk without room for the files, and a failing setup line', async () => {
    await writeFile(join(test.folder, 'big'), Buffer.alloc(90 << 20));
    await yaml("command: 'true', files: [big]");
    expect((await refusal()).message).toMatch(
      /4 hosts.*: the workdir ~ has \d+ MiB free, 106 MiB are needed/,
    );
    await yaml("command: 'true'", `, setup: ["echo 'no module cuda/99' >&2; false"]`);
    expect((await refusal()).message).toMatch(
      /4 hosts.*the setup line `false` failed with exit 1: no module cuda\/99/,
    );
  });

  it('skips what it is told to skip', async () => {
    await yaml("command: 'no-such-training', skipChecks: [command]");
    const view = await runReaches(test, (await start()).id, isOver);
    expect(view.state).toMatchObject({ kind: 'ended', exit: { code: 127 } });
  });

  it('names a port in use, with who uses it', async () => {
    await yaml("command: 'true', env: { MASTER_PORT: '29517' }");
    const listen =
      'import socket, time; s = socket.socket(); s.bind(("0.0.0.0", 29517)); s.listen(); time.sleep(900)';
    const { stdout } = await lab.exec('node1', `python3 -c '${listen}' >/dev/null 2>&1 & echo $!`);
    const pid = stdout.trim();
    expect(pid).toMatch(/^\d+$/);
    try {
      const listener = ':734D 00000000:0000 0A';
      await expect
        .poll(async () => (await lab.exec('node1', 'cat /proc/net/tcp')).stdout)
        .toContain(listener);
      expect((await refusal()).message).toContain(`node1: port 29517 is in use by python3, pid ${pid}`);
    } finally {
      await lab.exec('node1', `kill ${pid}`);
    }
  });

  it('names the hosts that mpirun could not reach from the head', async () => {
    await yaml("command: 'true'");
    await test.configure(
      `version: 1\nclusters:\n  lab: { hosts: [${names.join(', ')}] }\nlaunches:\n  train: { cluster: lab, launcher: mpirun, np: 4, command: 'true' }\n`,
    );
    await lab.exec(
      'node3',
      'mv ~/.ssh/authorized_keys ~/.ssh/kept; grep -v inner ~/.ssh/kept >~/.ssh/authorized_keys; chmod 600 ~/.ssh/authorized_keys',
    );
    try {
      const error = await refusal();
      expect(error.findings.filter(({ check }) => check === 'passwordless')).toMatchObject([
        {
          host: 'node1',
          code: 'cluster.noPasswordlessSsh',
          reason: expect.stringMatching(/node3.*Permission denied/) as string,
        },
      ]);
      expect(error.nextStep).toContain('Set Up Passwordless SSH…');
    } finally {
      await lab.exec('node3', 'mv ~/.ssh/kept ~/.ssh/authorized_keys');
    }
  });
});

describe('the end of a worker is explained', () => {
  const ended = async (command: string): Promise<RunView['state'] & { kind: 'ended' }> => {
    await yaml(`command: '${command}'`);
    const { state } = await runReaches(test, (await start()).id, isOver, 60_000);
    if (state.kind !== 'ended') throw new Error('it is gone');
    return state;
  };

  it('by the module that is missing on one host', async () => {
    const state = await ended('if [ $RANK = 2 ]; then exec python3 -c "import no_such_thing"; fi; sleep 60');
    expect(state.exit.process).toBe('node3/0');
    expect(state.explanation?.reason?.code).toBe('moduleMissing');
    expect(state.message).toMatch(
      /exit 1 on node3\/0 · last line: ModuleNotFoundError.* · Python on node3 has no module no_such_thing/,
    );
  });

  it('by a SIGKILL of which the kernel knows nothing', async () => {
    const state = await ended('if [ $RANK = 1 ]; then sleep 1; kill -KILL $$; fi; sleep 60');
    expect(state.exit).toMatchObject({ code: 137, process: 'node2/0' });
    expect(['killed', 'outOfMemoryLikely']).toContain(state.explanation?.reason?.code);
  });

  it.runIf(existsSync('/sys/fs/cgroup/memory/cgroup.procs'))(
    'by lack of memory, where the kernel has counted it',
    async () => {
      const group = `/sys/fs/cgroup/memory/rankwise-lab-${process.pid}`;
      await mkdir(group);
      await writeFile(join(group, 'memory.limit_in_bytes'), String(48 << 20));
      try {
        await yaml(
          `command: 'if [ $RANK = 1 ]; then until [ -e go ]; do sleep 0.2; done; exec python3 -c "x = bytearray(400 << 20)"; fi; sleep 60'`,
        );
        const { id } = await start();
        for (const { host, pid } of await lab.processesWith(id))
          if (host === 'node2')
            await writeFile(join(group, 'cgroup.procs'), String(pid)).catch(() => undefined);
        await lab.exec('node2', 'touch ~/go');
        const { state } = await runReaches(test, id, isOver, 60_000);
        expect(state).toMatchObject({ kind: 'ended', exit: { code: 137, process: 'node2/0' } });
        expect(state.kind === 'ended' ? state.explanation?.reason?.code : '').toMatch(/^outOfMemory/);
      } finally {
        await expect
          .poll(
            () =>
              rmdir(group).then(
                () => 'gone',
                () => 'busy',
              ),
            { timeout: 20_000 },
          )
          .toBe('gone');
      }
    },
  );
});

describe('workers that do not join', () => {
  it('are named with what is there instead', async () => {
    await test.configure(
      `version: 1\nclusters:\n  lab: { hosts: [${names.map((name) => `{ host: ${name}, slots: 1 }`).join(', ')}] }\nlaunches:\n  train: { cluster: lab, launcher: mpirun, np: 4, joinSeconds: 3, command: 'sleep 900' }\n`,
    );
    const { id } = await start();
    // Whoever came late is no longer missed.
    await runReaches(
      test,
      id,
      ({ workers, notJoined }) =>
        workers.every(({ state }) => state.kind === 'running') && notJoined === undefined,
    );
    await test.core.runs.stop(id, say);
    // Without its start record node4 is as a host whose daemon hangs.
    await lab.exec(
      'node4',
      'printf "#!/bin/sh\\nexec sleep 900\\n" >~/orted; chmod +x ~/orted; echo "PATH=~/:\\$PATH" >~/.bashrc',
    );
    try {
      const hung = await start();
      const { notJoined } = await runReaches(test, hung.id, (view) => view.notJoined !== undefined, 60_000);
      expect(notJoined?.map(({ worker }) => worker)).toContain('node4/0');
      const reason = notJoined?.find(({ worker }) => worker === 'node4/0')?.reason;
      expect(reason).toMatch(
        /on node4 runs .*sleep.*, but the worker has not begun|no process of the run is on node4/,
      );
      await test.core.runs.stop(hung.id, say);
    } finally {
      await lab.exec('node4', 'rm ~/orted ~/.bashrc');
    }
  });
});
