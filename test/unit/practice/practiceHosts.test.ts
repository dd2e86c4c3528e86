import { createServer, type AddressInfo } from 'node:net';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/logger';
import type { ClusterRecord } from '../../../src/practice/clusterRecord';
import { makeKeyPair } from '../../../src/practice/keyPair';
import { PracticeClient } from '../../../src/practice/practiceClient';
import { practicePaths } from '../../../src/practice/practicePaths';
import { startTimeOf } from '../../../src/base/processStart';
import {
  buildExtension,
  exec,
  openChannel,
  recordOf,
  removeDirectories,
  run,
  sshClient,
  temporaryDirectory,
  until,
} from './cluster';

const directories: string[] = [];
let stateDir: string;
let practice: PracticeClient;
let record: ClusterRecord;
let client: Client;

beforeAll(async () => {
  const extensionPath = await buildExtension();
  stateDir = join(await temporaryDirectory(), 'state with blanks');
  await mkdir(stateDir);
  directories.push(extensionPath, join(stateDir, '..'));
  practice = new PracticeClient({ stateDir, extensionPath, logger: silentLogger });
  await practice.start();
  record = await recordOf(stateDir);
  client = await sshClient(record, 'practice1');
});

afterAll(async () => {
  client.end();
  await practice.stop();
  practice.dispose();
  await removeDirectories(directories);
});

describe('practice hosts by ssh2', () => {
  it('gives output, error output and the exit code', async () => {
    expect(await exec(client, 'echo out; echo err >&2; exit 7')).toEqual({
      code: 7,
      signal: undefined,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('gives the signal that ended a command', async () => {
    const { code, signal } = await exec(client, 'kill -KILL $$');
    expect({ code, signal }).toEqual({ code: undefined, signal: 'SIGKILL' });
  });

  it('hands input on, and its end', async () => {
    const { stdout } = await exec(client, 'cat; echo end', 'some input\n');
    expect(stdout).toBe('some input\nend\n');
  });

  it('says 127 for a command that does not exist', async () => {
    expect((await exec(client, 'no-such-command-here')).code).toBe(127);
  });

  it('loses nothing when both outputs outgrow what the client takes at once', async () => {
    const bytes = 6 * 1024 * 1024;
    const channel = await openChannel(
      client,
      `head -c ${bytes} /dev/zero & head -c ${bytes} /dev/zero >&2; wait`,
    );
    // Nobody reads at first: both streams fill the window and wait.
    await new Promise((resolve) => setTimeout(resolve, 500));
    let out = 0;
    let err = 0;
    channel.on('data', (chunk: Buffer) => (out += chunk.length));
    channel.stderr.on('data', (chunk: Buffer) => (err += chunk.length));
    await new Promise((resolve) => channel.on('close', resolve));
    expect({ out, err }).toEqual({ out: bytes, err: bytes });
  });

  it('starts commands in a home of its own with a small environment', async () => {
    const { stdout } = await exec(client, 'pwd; env');
    const home = join(practicePaths(stateDir).homes, 'practice1');
    const [directory, ...lines] = stdout.trimEnd().split('\n');
    expect(directory).toBe(home);
    const names = lines.map((line) => line.slice(0, line.indexOf('='))).filter((name) => name !== '_');
    expect(names.sort()).toEqual([
      'HOME',
      'LANG',
      'LOGNAME',
      'PATH',
      'PWD',
      'RANKWISE_HOST',
      'RANKWISE_PRACTICE',
      'SHELL',
      'TMPDIR',
      'USER',
    ]);
    expect(lines).toContain(`HOME=${home}`);
    expect(lines).toContain(`TMPDIR=${home}/tmp`);
    expect(lines).toContain('RANKWISE_HOST=practice1');
    expect(lines).toContain(`RANKWISE_PRACTICE=${record.instance}`);
  });

  it('finds practice-training from a login shell, whatever that does to PATH', async () => {
    const { code, stdout } = await exec(client, 'exec "$SHELL" -lc "practice-training --help"');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^usage: practice-training/);
  });

  it('lets a process go on when its channel or its connection closes', async () => {
    const own = await sshClient(record, 'practice2');
    const first = await openChannel(own, 'echo $$; exec sleep 600');
    const second = await openChannel(own, 'echo $$; cat >/dev/null; exec sleep 600');
    const pidOf = (channel: typeof first): Promise<number> =>
      new Promise((resolve) => channel.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))));
    const pids = await Promise.all([pidOf(first), pidOf(second)]);
    first.close();
    await new Promise((resolve) => setTimeout(resolve, 200));
    own.end();
    // The second got the end of its input and went on to sleep.
    await until('the end of input', async () => {
      const command = await readFile(`/proc/${String(pids[1])}/cmdline`, 'utf8');
      return command.startsWith('sleep') ? true : undefined;
    });
    expect(pids.map(startTimeOf)).not.toContain(undefined);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
  });

  it('serves more sessions at once than a listener each would allow, without a word in its log', async () => {
    const channels = await Promise.all(Array.from({ length: 12 }, () => openChannel(client, 'cat')));
    const ends = channels.map((channel) => new Promise((resolve) => channel.once('close', resolve).resume()));
    for (const channel of channels) channel.end();
    await Promise.all(ends);
    expect(await readFile(practicePaths(stateDir).log, 'utf8')).not.toContain('MaxListeners');
  });

  it('gives a real terminal of the wanted size, and resizes it', async () => {
    const channel = await new Promise<Awaited<ReturnType<typeof openChannel>>>((resolve, reject) => {
      client.shell({ rows: 33, cols: 99, term: 'xterm' }, (error, stream) =>
        error === undefined ? resolve(stream) : reject(error),
      );
    });
    let text = '';
    channel.on('data', (chunk: Buffer) => (text += chunk.toString()));
    channel.write('test -t 0 && stty size\n');
    await until('the first size', () => (text.includes('33 99') ? true : undefined));
    channel.setWindow(44, 55, 0, 0);
    channel.write('until stty size | grep -x "44 55"; do sleep 0.1; done; sleep 600 & echo "pid=$!="\n');
    const pid = Number(await until('the second size', () => /pid=(\d+)=/.exec(text)?.[1]));
    expect(text).toContain('44 55');
    channel.close();
    await until('the hang-up', () => (startTimeOf(pid) === undefined ? true : undefined));
  });

  it('forwards to loopback and nowhere else', async () => {
    const server = createServer((socket) => socket.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const forward = (host: string, to: number): Promise<string> =>
      new Promise((resolve, reject) => {
        client.forwardOut('127.0.0.1', 1, host, to, (error, channel) => {
          if (error !== undefined) return reject(error);
          let text = '';
          channel.on('data', (chunk: Buffer) => (text += chunk.toString()));
          channel.on('close', () => resolve(text));
        });
      });
    expect(await forward('127.0.0.1', port)).toBe('hello');
    await expect(forward('192.0.2.1', 22)).rejects.toThrow('Channel open failure');
    server.close();
    await expect(forward('127.0.0.1', port)).rejects.toThrow('Channel open failure');
  });

  it('refuses another key, another user and a password', async () => {
    const stranger = makeKeyPair('stranger').privateKey;
    await expect(sshClient(record, 'practice1', stranger)).rejects.toThrow('authentication methods failed');
    await expect(sshClient(record, 'practice1', undefined, 'somebody')).rejects.toThrow('authentication');
  });

  it('has another host key on every host', () => {
    expect(new Set(record.hosts.map((host) => host.hostKey)).size).toBe(4);
  });

  it('keeps its files to its owner', async () => {
    const paths = practicePaths(stateDir);
    const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);
    expect(await mode(paths.directory)).toBe('700');
    for (const path of [paths.identity, paths.knownHosts, paths.record, paths.log, record.control]) {
      expect(await mode(path)).toBe('600');
    }
  });
});

describe('practice hosts by OpenSSH', () => {
  const ssh = (name: string, options: string[], command: string, stdin?: string): ReturnType<typeof run> => {
    const port = String(record.hosts.find((host) => host.name === name)?.port);
    const settings = [
      'BatchMode=yes',
      'StrictHostKeyChecking=yes',
      'IdentitiesOnly=yes',
      'IdentityAgent=none',
    ];
    const all = [
      ...settings,
      `UserKnownHostsFile="${record.knownHostsFile}"`,
      'GlobalKnownHostsFile=/dev/null',
    ];
    const given = all.flatMap((setting) => ['-o', setting]);
    const where = ['-p', port, '-l', record.user, '127.0.0.1', command];
    return run('ssh', ['-F', 'none', ...given, ...options, ...where], stdin === undefined ? {} : { stdin });
  };

  it('runs commands on all four hosts with the host key checked', async () => {
    for (const { name } of record.hosts) {
      const outcome = await ssh(
        name,
        ['-i', record.identityFile],
        'cat; echo $RANKWISE_HOST >&2; exit 3',
        'in',
      );
      expect(outcome).toEqual({ code: 3, signal: undefined, stdout: 'in', stderr: `${name}\n` });
    }
  });

  it('is refused without the key', async () => {
    const outcome = await ssh('practice1', ['-i', '/dev/null'], 'true');
    expect(outcome.code).toBe(255);
    expect(outcome.stderr).toContain('Permission denied (publickey)');
  });

  it('runs a command on a terminal', async () => {
    const outcome = await ssh(
      'practice3',
      ['-i', record.identityFile, '-tt'],
      'test -t 1 && echo terminal; exit 4',
    );
    expect(outcome.code).toBe(4);
    expect(outcome.stdout).toContain('terminal\r\n');
  });
});
