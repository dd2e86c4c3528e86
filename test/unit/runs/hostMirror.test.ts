import {
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/logger';
import { HostMirror } from '../../../src/runs/hostMirror';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rankwise-mirror-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const bytes = (text: string): Buffer => Buffer.from(text);
const read = (name: string): string => readFileSync(join(directory, name), 'utf8');

describe('the mirror of a host', () => {
  it('writes at the offset and hands on only what is new', () => {
    const mirror = new HostMirror(directory, silentLogger);
    expect(mirror.accept('0.log', '7', 0, bytes('hello '))).toEqual({
      generation: 0,
      offset: 0,
      bytes: bytes('hello '),
    });
    expect(mirror.accept('0.log', '7', 2, bytes('llo world'))).toEqual({
      generation: 0,
      offset: 6,
      bytes: bytes('world'),
    });
    expect(mirror.accept('0.log', '7', 0, bytes('hello'))).toBeUndefined();
    expect(read('0.log')).toBe('hello world');
    expect(new HostMirror(directory, silentLogger).positions()).toEqual([
      { name: '0.log', inode: '7', offset: 11 },
    ]);
  });

  it('never skips bytes', () => {
    const mirror = new HostMirror(directory, silentLogger);
    expect(() => mirror.accept('0.log', '7', 5, bytes('x'))).toThrow('bytes 0 to 5 of 0.log are missing');
  });

  it('keeps the earlier life of a file', () => {
    const mirror = new HostMirror(directory, silentLogger);
    mirror.accept('0.log', '7', 0, bytes('first life'));
    expect(mirror.accept('0.log', '8', 0, bytes('second'))).toMatchObject({ generation: 1, offset: 0 });
    expect([read('0.log.0'), read('0.log')]).toEqual(['first life', 'second']);
  });

  it('is shared by two windows without harm, across a new life too', () => {
    const one = new HostMirror(directory, silentLogger);
    const other = new HostMirror(directory, silentLogger);
    one.accept('0.log', '7', 0, bytes('first life'));
    expect(other.accept('0.log', '7', 0, bytes('first'))).toMatchObject({
      generation: 0,
      offset: 0,
      bytes: bytes('first'),
    });
    one.accept('0.log', '8', 0, bytes('second'));
    expect(other.accept('0.log', '8', 0, bytes('second'))).toMatchObject({ generation: 1, offset: 0 });
    expect([read('0.log.0'), read('0.log')]).toEqual(['first life', 'second']);
  });

  it.each([['an empty'], ['a short'], ['a strange'], ['no']])('outlives %s list of its files', (what) => {
    const mirror = new HostMirror(directory, silentLogger);
    mirror.accept('0.log', '7', 0, bytes('first life, a long one'));
    mirror.accept('0.log', '8', 0, bytes('second'));
    mirror.accept('0.start', '9', 0, bytes('pid=1'));
    const list = join(directory, 'files.json');
    if (what === 'no') rmSync(list);
    else if (what === 'a strange') writeFileSync(list, '{"../x":{"inode":"1"}}');
    else truncateSync(list, what === 'an empty' ? 0 : 20);
    const said: string[] = [];
    const again = new HostMirror(directory, { ...silentLogger, warn: (text) => said.push(text) });
    expect(said).toEqual([expect.stringContaining(list)]);
    expect([again.names.sort(), again.positions()]).toEqual([['0.log', '0.start'], []]);
    expect([again.text('0.start'), again.generation('0.log')]).toEqual(['pid=1', 1]);
    // All of it comes once more; what was damaged too is replaced.
    writeFileSync(join(directory, '0.log'), 'damaged, and longer than it was');
    expect(again.accept('0.log', '8', 0, bytes('second'))).toMatchObject({ generation: 1, offset: 0 });
    expect([read('0.log.0'), read('0.log')]).toEqual(['first life, a long one', 'second']);
    const later = new HostMirror(directory, { ...silentLogger, warn: (text) => said.push(text) });
    expect([later.positions(), said.length]).toEqual([[{ name: '0.log', inode: '8', offset: 6 }], 1]);
  });

  it('asks again for a file that is missing', () => {
    new HostMirror(directory, silentLogger).accept('0.start', '7', 0, bytes('pid=1'));
    rmSync(join(directory, '0.start'));
    const mirror = new HostMirror(directory, silentLogger);
    expect(mirror.text('0.start')).toBeUndefined();
    expect(mirror.positions()).toEqual([{ name: '0.start', inode: '7', offset: 0 }]);
    mirror.accept('0.start', '7', 0, bytes('pid=1'));
    expect(mirror.text('0.start')).toBe('pid=1');
  });

  describe('on a disk that refuses', () => {
    const refused = (reason: string, at = directory): Error =>
      expect.objectContaining({
        code: 'state.notWritable',
        message: `the state of Rankwise cannot be written in ${at}: ${reason}`,
        nextStep: expect.stringContaining('Make room') as string,
      }) as Error;

    it('says so of bytes, and takes them again when there is room', () => {
      const mirror = new HostMirror(directory, silentLogger);
      mirror.accept('0.log', '7', 0, bytes('first '));
      rmSync(join(directory, '0.log'));
      symlinkSync('/dev/full', join(directory, '0.log'));
      expect(() => mirror.accept('0.log', '7', 6, bytes('second'))).toThrow(refused('its disk is full'));
      unlinkSync(join(directory, '0.log'));
      writeFileSync(join(directory, '0.log'), 'first ');
      expect(mirror.accept('0.log', '7', 6, bytes('second'))).toMatchObject({ offset: 6 });
      expect(read('0.log')).toBe('first second');
    });

    it('says so of the list of its files, and loses no earlier life over it', () => {
      const list = join(directory, `files.json.${process.pid}`);
      const mirror = new HostMirror(directory, silentLogger);
      mirror.accept('0.log', '7', 0, bytes('first life'));
      symlinkSync('/dev/full', list);
      const accept = (inode: string): unknown => mirror.accept('0.log', inode, 0, bytes('second'));
      expect(() => accept('8')).toThrow(refused('its disk is full'));
      expect(() => accept('8')).toThrow(refused('its disk is full'));
      unlinkSync(list);
      expect(accept('8')).toMatchObject({ generation: 1, offset: 0 });
      const again = new HostMirror(directory, silentLogger);
      expect(again.positions()).toEqual([{ name: '0.log', inode: '8', offset: 6 }]);
      expect([read('0.log.0'), read('0.log')]).toEqual(['first life', 'second']);
    });

    it('says so of its directory', () => {
      writeFileSync(join(directory, 'file'), '');
      const below = join(directory, 'file', 'node1');
      expect(() => new HostMirror(below, silentLogger)).toThrow(
        refused('a part of its path is a file', below),
      );
    });
  });
});
