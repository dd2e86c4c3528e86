import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
    const mirror = new HostMirror(directory);
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
    expect(new HostMirror(directory).positions()).toEqual([{ name: '0.log', inode: '7', offset: 11 }]);
  });

  it('never skips bytes', () => {
    const mirror = new HostMirror(directory);
    expect(() => mirror.accept('0.log', '7', 5, bytes('x'))).toThrow('bytes 0 to 5 of 0.log are missing');
  });

  it('keeps the earlier life of a file', () => {
    const mirror = new HostMirror(directory);
    mirror.accept('0.log', '7', 0, bytes('first life'));
    expect(mirror.accept('0.log', '8', 0, bytes('second'))).toMatchObject({ generation: 1, offset: 0 });
    expect([read('0.log.0'), read('0.log')]).toEqual(['first life', 'second']);
  });

  it('is shared by two windows without harm, across a new life too', () => {
    const one = new HostMirror(directory);
    const other = new HostMirror(directory);
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
});
