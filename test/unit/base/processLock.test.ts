import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { acquireLock } from '../../../src/base/processLock';
import { thisProcess } from '../../../src/base/processMark';
import { startTimeOf } from '../../../src/base/processStart';
import { removeDirectories, temporaryDirectory } from '../practice/cluster';

const directories: string[] = [];
afterAll(() => removeDirectories(directories));

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  directories.push(directory);
  path = join(directory, 'lock');
});

const other = `not-${hostname()}`;
const boot = thisProcess().machine?.boot ?? '';
const deadHolder = `${String(process.pid)} 1`;

describe('acquireLock', () => {
  it('says which directory cannot be written, why, and the way out', async () => {
    await writeFile(path, '');
    await expect(acquireLock(join(path, 'lock'))).rejects.toMatchObject({
      code: 'state.notWritable',
      message: `the state of Rankwise cannot be written in ${path}: a part of its path is a file`,
      nextStep: expect.stringContaining('RANKWISE_STATE_DIR') as string,
    });
  });

  it('says so too where it is given back', async () => {
    const release = await acquireLock(path);
    await removeDirectories([directory]);
    await writeFile(directory, '');
    await expect(release?.()).rejects.toMatchObject({ code: 'state.notWritable' });
  });

  it('is held by one until it is given back', async () => {
    const release = await acquireLock(path);
    expect(release).toBeDefined();
    expect(await acquireLock(path)).toBeUndefined();
    await release?.();
    expect(await readdir(directory)).toEqual([]);
    expect(await acquireLock(path)).toBeDefined();
  });

  it('respects the lock of another live process', async () => {
    await writeFile(path, `1 ${startTimeOf(1) ?? ''}`);
    expect(await acquireLock(path)).toBeUndefined();
  });

  it.each([
    [
      'a process from before this machine booted',
      `1 ${startTimeOf(1) ?? ''} earlier ${hostname()}`,
      true,
      true,
    ],
    ['a live process of this machine', `1 ${startTimeOf(1) ?? ''} ${boot} ${hostname()}`, false, false],
    ['a process on another machine', `${deadHolder} other ${other}`, true, false],
    ['a process in another container', `${deadHolder} ${boot} ${other}`, true, false],
  ])('of %s is taken over only where that may be', async (_, holder, own, shared) => {
    await writeFile(path, holder);
    expect((await acquireLock(path, 'all')) !== undefined).toBe(shared);
    await writeFile(path, holder);
    expect((await acquireLock(path)) !== undefined).toBe(own);
  });

  it('names its holder to other machines', async () => {
    await acquireLock(path);
    const words = [process.pid, startTimeOf(process.pid), boot, hostname()];
    expect(await readFile(path, 'utf8')).toBe(words.join(' '));
  });

  it('is taken over by exactly one when its holder is gone', async () => {
    await writeFile(path, deadHolder);
    const taken = await Promise.all(Array.from({ length: 20 }, () => acquireLock(path)));
    expect(taken.filter((release) => release !== undefined)).toHaveLength(1);
    expect(await readdir(directory)).toEqual(['lock']);
  });

  it('gets past a takeover that was broken off', async () => {
    await writeFile(path, deadHolder);
    await writeFile(`${path}.takeover`, '');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(`${path}.takeover`, longAgo, longAgo);
    expect(await acquireLock(path)).toBeDefined();
    expect(await readdir(directory)).toEqual(['lock']);
  });
});
