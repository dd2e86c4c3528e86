import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LinePrefixer } from '../../../src/text/linePrefixer';
import { TailReader } from '../../../src/vscode/logs/tailReader';
import { workerPrefix } from '../../../src/text/workerPrefix';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const plain = (text: string): string => text.replaceAll('\x1b[0m', '').replaceAll('\r\n', '\n');

describe('lines behind a tag', () => {
  it('come whole, however the bytes are cut', () => {
    const whole = 'épöch 1\nloss: 0.5\nlast';
    const expected = plain(new LinePrefixer(() => '> ').push(bytes(`${whole}\n`)));
    const prefixer = new LinePrefixer(() => '> ');
    const pieces = [...bytes(whole)].map((byte) => prefixer.push(Uint8Array.of(byte)));
    expect(plain(pieces.join('') + prefixer.flush())).toBe(expected);
    expect(expected).toBe('> épöch 1\n> loss: 0.5\n> last\n');
  });

  it('show the last state of a progress bar', () => {
    expect(plain(new LinePrefixer(() => '').push(bytes('10%\r50%\r100%\r\n')))).toBe('100%\n');
  });

  it('do not wait for ever for a newline', () => {
    const prefixer = new LinePrefixer(() => '');
    expect(prefixer.push(bytes('x'.repeat(20_000)))).toContain('xxx');
    expect(prefixer.flush()).toBe('');
  });
});

describe('the tag', () => {
  it('names rank and host, and differs in colour', () => {
    expect(workerPrefix(0, 3, 'node2/1', 'node2')).toContain('[3 node2]');
    expect(workerPrefix(0, undefined, 'node2/1', 'node2')).toContain('[node2/1]');
    expect(workerPrefix(0, 0, 'a', 'a')).not.toBe(workerPrefix(1, 0, 'a', 'a'));
  });

  it('cannot steer the terminal', () => {
    const prefix = workerPrefix(0, 1, 'x', 'evil\x1b]0;title\x07');
    expect(prefix).not.toContain('\x1b]');
    expect(prefix).not.toContain('\x07');
  });
});

describe('reading what was added to a file', () => {
  let directory: string;
  let file: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rankwise-tail-'));
    file = join(directory, '0.log');
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function read(reader: TailReader): Promise<{ text: string; restarted: boolean }> {
    const pieces: Buffer[] = [];
    let again = false;
    for await (const { bytes: piece, restarted } of reader.read()) {
      pieces.push(piece);
      again ||= restarted;
    }
    return { text: Buffer.concat(pieces).toString(), restarted: again };
  }

  it('gives each byte once, also of a file that is not there yet', async () => {
    const reader = new TailReader(file);
    expect(await read(reader)).toEqual({ text: '', restarted: false });
    await writeFile(file, 'one\n');
    expect((await read(reader)).text).toBe('one\n');
    await appendFile(file, 'two\n');
    expect((await read(reader)).text).toBe('two\n');
    expect((await read(reader)).text).toBe('');
  });

  it('begins at a line near the end of a long file', async () => {
    await writeFile(file, 'first line\nsecond line\nthird line\n');
    const reader = new TailReader(file);
    expect(await reader.skipToLast(15)).toBe('first line\nsecond line\n'.length);
    expect((await read(reader)).text).toBe('third line\n');
    expect(await new TailReader(file).skipToLast(1000)).toBe(0);
  });

  it('says so when the file was replaced by a shorter one', async () => {
    await writeFile(file, 'a long first life\n');
    const reader = new TailReader(file);
    await read(reader);
    await writeFile(file, 'second\n');
    expect(await read(reader)).toEqual({ text: 'second\n', restarted: true });
  });
});
