import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { silentLogger } from '../../src/base/logger';
import { CoreConfig } from '../../src/coreConfig';
import { PracticeClient } from '../../src/practice/practiceClient';

const folder = mkdtempSync(join(tmpdir(), 'rankwise-config-'));
const practice = new PracticeClient({ stateDir: folder, extensionPath: folder, logger: silentLogger });
afterAll(() => {
  practice.dispose();
  rmSync(folder, { recursive: true });
});

it('does not read pipes and devices', async () => {
  const config = new CoreConfig(practice);
  const file = join(folder, 'rankwise.yaml');
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  for (const hosts of ['pipe', '/dev/zero']) {
    writeFileSync(file, `version: 1\nclusters:\n  lab: { hosts: ${hosts} }\n`);
    await config.reload(file);
    expect(config.current?.problems.map(({ code, message }) => [code, message])).toEqual([
      ['rankwise.hostfileUnreadable', expect.stringContaining('it is not a file')],
    ]);
  }
  config.dispose();
});

it('reads no file that is too large to be checked, on disk or in an editor', async () => {
  const config = new CoreConfig(practice);
  const file = join(folder, 'large.yaml');
  const hosts = join(folder, 'large');
  writeFileSync(file, 'version: 1\nclusters:\n  lab: { hosts: large }\n');
  const messages = (): unknown => config.current?.problems.map(({ code, message }) => [code, message]);
  const text = 'node1 slots=1 # a rack\n'.repeat(50_000);
  writeFileSync(hosts, text);
  await config.reload(file);
  const reason = 'it has 1150000 bytes, and at most 1048576 are read';
  expect(messages()).toEqual([['rankwise.hostfileUnreadable', expect.stringContaining(reason)]]);
  await config.reload(file, new Map([[hosts, text]]));
  expect(messages()).toEqual([
    ['rankwise.hostfileUnreadable', expect.stringContaining('1150000 characters')],
  ]);
  config.dispose();
});

it('does not wait for files that never end', async () => {
  const config = new CoreConfig(practice);
  const file = join(folder, 'endless.yaml');
  writeFileSync(file, 'version: 1\nclusters:\n  lab: { hosts: /proc/kmsg }\n');
  await config.reload(file);
  expect(config.current?.problems.map(({ code }) => code)).toEqual(['rankwise.hostfileUnreadable']);
  config.dispose();
});

it('has the file when a reading that was overtaken by another one is over', async () => {
  const config = new CoreConfig(practice);
  const file = join(folder, 'overtaken.yaml');
  const text = 'version: 1\nlaunches:\n  one: { cluster: practice, launcher: ssh, command: hi }\n';
  writeFileSync(file, text);
  // The first needs no disk, the second does: without waiting the first would be over before there is a model.
  const first = config.reload(file, new Map([[file, text]]));
  const second = config.reload(file);
  await first;
  expect(config.current?.launches.map(({ name }) => name)).toEqual(['one']);
  await second;
  config.dispose();
});

it('reads no hostfile through a link that leads out of the folder; one that is written with its path, it does', async () => {
  const config = new CoreConfig(practice);
  const inner = join(folder, 'inner');
  mkdirSync(inner);
  writeFileSync(join(folder, 'hosts'), 'node1 slots=1\n');
  symlinkSync('../hosts', join(inner, 'link'));
  const file = join(inner, 'rankwise.yaml');
  const read = async (hosts: string): Promise<unknown> => {
    writeFileSync(file, `version: 1\nclusters:\n  lab: { hosts: ${hosts} }\n`);
    await config.reload(file);
    return config.current?.problems.map(({ message }) => message);
  };
  expect(await read('link')).toEqual([expect.stringMatching(/link leads to \S+\/hosts, outside of /)]);
  expect(await read(join(folder, 'hosts'))).toEqual([]);
  expect(await read('../hosts')).toEqual([]);
  config.dispose();
});

it('reads no hostfile outside of the folder before that is allowed', async () => {
  let trusted = false;
  const config = new CoreConfig(practice, () => trusted);
  const inner = join(folder, 'untrusted');
  mkdirSync(inner);
  writeFileSync(join(folder, 'machines'), 'node1 slots=1\n');
  writeFileSync(join(inner, 'own'), 'node2 slots=1\n');
  const file = join(inner, 'rankwise.yaml');
  const hostsOf = async (hosts: string): Promise<unknown> => {
    writeFileSync(file, `version: 1\nclusters:\n  lab: { hosts: ${hosts} }\n`);
    await config.reload(file);
    return config.current?.clusters.find(({ name }) => name === 'lab')?.hosts.map(({ name }) => name);
  };
  expect(await hostsOf('own')).toEqual(['node2']);
  for (const hosts of [join(folder, 'machines'), '../machines', '~/machines']) {
    expect(await hostsOf(hosts)).toBeUndefined();
    expect(config.current?.problems).toMatchObject([
      { code: 'rankwise.hostfileUnreadable', message: expect.stringContaining('is not trusted') as string },
    ]);
    expect(config.current?.files?.map(({ text }) => text)).toEqual([undefined]);
  }
  trusted = true;
  expect(await hostsOf('../machines')).toEqual(['node1']);
  config.dispose();
});
