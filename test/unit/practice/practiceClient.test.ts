import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/logger';
import { PracticeClient } from '../../../src/practice/practiceClient';
import { practicePaths } from '../../../src/practice/practicePaths';
import { startTimeOf } from '../../../src/base/processStart';
import { processesMarked } from '../../../src/practice/processes';
import {
  buildExtension,
  exec,
  filesLeft,
  openChannel,
  portAnswers,
  recordOf,
  removeDirectories,
  sshClient,
  temporaryDirectory,
  until,
} from './cluster';

const directories: string[] = [];
const clients: PracticeClient[] = [];
let extensionPath: string;

beforeAll(async () => {
  extensionPath = await buildExtension();
});

afterAll(() => removeDirectories([...directories, extensionPath]));

afterEach(async () => {
  delete process.env['RANKWISE_PRACTICE_IDLE_SECONDS'];
  for (const client of clients.splice(0)) {
    await client.stop();
    client.dispose();
  }
});

async function newStateDir(): Promise<string> {
  const directory = await temporaryDirectory();
  directories.push(directory);
  return directory;
}

function window(stateDir: string): PracticeClient {
  const client = new PracticeClient({ stateDir, extensionPath, logger: silentLogger });
  clients.push(client);
  return client;
}

/** Starts commands on a host that go on by themselves, and resolves once they run. */
async function startProcesses(stateDir: string, command: string, count: number): Promise<Started[]> {
  const record = await recordOf(stateDir);
  const ssh = await sshClient(record, 'practice4');
  const channel = await openChannel(ssh, command);
  await new Promise((resolve) => channel.once('data', resolve));
  ssh.end();
  const mark = `RANKWISE_PRACTICE=${record.instance}`;
  return until('the processes', () => {
    const started = processesMarked([mark]).map((pid) => ({ pid, startTime: startTimeOf(pid) }));
    return started.length === count ? started : undefined;
  });
}

/** A process by what names it for ever: its number may go to another one. */
interface Started {
  pid: number;
  startTime: string | undefined;
}

const alive = (started: readonly Started[]): Started[] =>
  started.filter(({ pid, startTime }) => startTime !== undefined && startTimeOf(pid) === startTime);

const stubborn = `trap '' INT TERM HUP; setsid sh -c "trap '' TERM; while :; do sleep 1; done" & echo ready; sleep 100`;

describe('practice client', () => {
  it('starts, tells its hosts, and stops leaving no process, port, key or file', async () => {
    const stateDir = await newStateDir();
    const client = window(stateDir);
    await client.refresh();
    expect(client.state).toEqual({ kind: 'stopped' });
    expect(client.hosts()).toEqual([]);

    const states: string[] = [];
    client.onDidChange(() => states.push(client.state.kind));
    await client.start();
    const record = await recordOf(stateDir);
    expect(client.state).toEqual({
      kind: 'running',
      hosts: ['practice1', 'practice2', 'practice3', 'practice4'],
    });
    const paths = practicePaths(stateDir);
    expect(client.hosts()).toEqual(
      record.hosts.map(({ name, port }) => ({
        name,
        target: {
          host: '127.0.0.1',
          user: record.user,
          port,
          identityFile: paths.identity,
          isolated: { knownHostsFile: paths.knownHosts },
        },
        peer: '127.0.0.1',
        slots: 1,
      })),
    );

    const started = await startProcesses(stateDir, stubborn, 4);
    await client.stop();
    expect(client.state).toEqual({ kind: 'stopped' });
    expect(states).toEqual(['starting', 'running', 'stopped']);
    expect(alive(started)).toEqual([]);
    expect(startTimeOf(record.pid)).toBeUndefined();
    expect(await Promise.all(record.hosts.map(({ port }) => portAnswers(port)))).not.toContain(true);
    expect(await filesLeft(stateDir)).toEqual([]);
  });

  it('gives one cluster to windows that start it at once, and the second one outlives the first', async () => {
    const stateDir = await newStateDir();
    const [first, second] = [window(stateDir), window(stateDir)];
    await Promise.all([first.start(), second.start()]);
    expect(first.hosts()).toEqual(second.hosts());
    const record = await recordOf(stateDir);
    first.dispose();
    await second.refresh();
    expect(second.state.kind).toBe('running');
    expect(startTimeOf(record.pid)).toBe(record.startTime);
  });

  it('notices a cluster that another window starts and stops', async () => {
    const stateDir = await newStateDir();
    const [first, second] = [window(stateDir), window(stateDir)];
    await second.refresh();
    await first.start();
    await until('the other window', () => (second.state.kind === 'running' ? true : undefined));
    await first.stop();
    await until('the end in the other window', () => (second.state.kind === 'stopped' ? true : undefined));
  });

  it('attaches to a running cluster on creation', async () => {
    const stateDir = await newStateDir();
    const before = window(stateDir);
    await before.start();
    const hosts = before.hosts();
    before.dispose();
    const after = window(stateDir);
    await until('the cluster', () => (after.state.kind === 'running' ? true : undefined));
    expect(after.hosts()).toEqual(hosts);
  });

  it('says when the process died, clears up after it, and starts again', async () => {
    const stateDir = await newStateDir();
    const client = window(stateDir);
    await client.start();
    const record = await recordOf(stateDir);
    const started = await startProcesses(stateDir, stubborn, 4);
    process.kill(record.pid, 'SIGKILL');
    await until('the failure', () => (client.state.kind === 'failed' ? true : undefined));
    expect(client.state).toMatchObject({ reason: expect.stringContaining(String(record.pid)) as string });
    await client.refresh();
    expect(alive(started)).toEqual([]);
    expect(await filesLeft(stateDir)).toEqual([]);
    expect(client.state.kind).toBe('failed');

    await client.start();
    expect((await recordOf(stateDir)).instance).not.toBe(record.instance);
  });

  it('takes no other process for the cluster because it has its id', async () => {
    const stateDir = await newStateDir();
    const client = window(stateDir);
    await client.start();
    const file = practicePaths(stateDir).record;
    const text = await readFile(file, 'utf8');
    await client.stop();
    client.dispose();
    const stale = { ...(JSON.parse(text) as object), pid: process.pid };
    await writeFile(file, JSON.stringify(stale));
    const later = window(stateDir);
    await later.refresh();
    expect(later.state).toEqual({ kind: 'stopped' });
    expect(await filesLeft(stateDir)).toEqual([]);
  });

  it('ends by itself when no window and no run is left, and not before', async () => {
    process.env['RANKWISE_PRACTICE_IDLE_SECONDS'] = '3';
    const stateDir = await newStateDir();
    const client = window(stateDir);
    await client.start();
    const record = await recordOf(stateDir);
    const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    await pause(5000);
    expect(startTimeOf(record.pid), 'with a window').toBe(record.startTime);

    const ssh = await sshClient(record, 'practice1');
    const { stdout } = await exec(ssh, 'RANKWISE_RUN_ID=r1 setsid sleep 600 >/dev/null 2>&1 & echo $!');
    ssh.end();
    client.dispose();
    await pause(5000);
    expect(startTimeOf(record.pid), 'with a run').toBe(record.startTime);
    process.kill(Number(stdout), 'SIGKILL');
    await until('the end', () => (startTimeOf(record.pid) === undefined ? true : undefined));
    expect(await filesLeft(stateDir)).toEqual([]);
  });

  it('leaves nothing on SIGTERM', async () => {
    const stateDir = await newStateDir();
    const client = window(stateDir);
    await client.start();
    const record = await recordOf(stateDir);
    const started = await startProcesses(stateDir, 'echo ready; sleep 100 & sleep 100', 3);
    process.kill(record.pid, 'SIGTERM');
    await until('the end', () => (startTimeOf(record.pid) === undefined ? true : undefined));
    expect(alive(started)).toEqual([]);
    await until('the state', () => (client.state.kind === 'stopped' ? true : undefined));
    expect(await filesLeft(stateDir)).toEqual([]);
  });

  it('works where the state directory is too deep for a socket', async () => {
    const stateDir = join(await newStateDir(), 'deep'.repeat(30));
    await mkdir(stateDir);
    const client = window(stateDir);
    await client.start();
    const { control } = await recordOf(stateDir);
    expect(Buffer.byteLength(control)).toBeLessThan(107);
    await client.stop();
    await expect(readFile(control)).rejects.toThrow('ENOENT');
  });

  it('says why a start failed', async () => {
    process.env['RANKWISE_PRACTICE_IDLE_SECONDS'] = 'soon';
    const client = window(await newStateDir());
    await expect(client.start()).rejects.toMatchObject({
      code: 'practice.startFailed',
      message: expect.stringContaining('RANKWISE_PRACTICE_IDLE_SECONDS is "soon"') as string,
    });
    expect(client.state.kind).toBe('failed');
  });

  it('names a state file that is not one', async () => {
    const stateDir = await newStateDir();
    await mkdir(practicePaths(stateDir).directory);
    await writeFile(practicePaths(stateDir).record, '{"version": 2}');
    const client = window(stateDir);
    await client.refresh();
    expect(client.state).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining(practicePaths(stateDir).record) as string,
    });
  });
});
