import { createHash } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseKeyState } from '../../../../src/cluster/keys/keyState';
import makeKey from '../../../../src/cluster/keys/remote/makeKey.sh';
import promoteKey from '../../../../src/cluster/keys/remote/promoteKey.sh';
import prove from '../../../../src/cluster/keys/remote/prove.sh';
import putFile from '../../../../src/cluster/keys/remote/putFile.sh';
import readKeys from '../../../../src/cluster/keys/remote/readKeys.sh';
import removeKey from '../../../../src/cluster/keys/remote/removeKey.sh';

describe.each(['dash', 'bash', 'busybox'])('the key scripts under %s', (shell) => {
  let home: string;
  let env: Record<string, string>;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'rankwise-keys-'));
    mkdirSync(join(home, 'bin'));
    const program = execFileSync('sh', ['-c', `command -v ${shell}`])
      .toString()
      .trim();
    symlinkSync(program, join(home, 'bin/sh'));
    env = { HOME: home, PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}` };
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const run = (script: string, ...args: string[]): { code: number | null; out: Buffer; err: string } => {
    const { status, stdout, stderr } = spawnSync('sh', ['-s', '--', ...args], {
      cwd: home,
      env,
      input: script,
    });
    return { code: status, out: stdout, err: stderr.toString() };
  };
  const at = (name: string): string => join(home, '.ssh', name);
  const mode = (name: string): string => (statSync(at(name)).mode & 0o777).toString(8);
  const sha = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex');

  test('read a home that has nothing, and one with bytes of any kind', () => {
    expect(parseKeyState(run(readKeys, 'rankwise_x').out, 'a', 'rankwise_x')).toMatchObject({
      directoryMode: undefined,
      publicKey: undefined,
      port: 22,
      hasTools: true,
      files: { authorized_keys: undefined, known_hosts: undefined, config: undefined },
    });
    env['SSH_CONNECTION'] = '10.0.0.9 4711 10.0.0.1 2222';
    mkdirSync(join(home, '.ssh'), { mode: 0o750 });
    const bytes = Buffer.concat([
      Buffer.from(Array.from({ length: 256 }, (_, n) => n)),
      Buffer.from('\nend\nfile x'),
    ]);
    writeFileSync(at('known_hosts'), bytes, { mode: 0o644 });
    writeFileSync(at('config'), '');
    expect(run(makeKey, 'rankwise_x', 'rankwise:x:a').code).toBe(0);
    const noise = Buffer.concat([Buffer.from('Welcome\n'), run(readKeys, 'rankwise_x').out]);
    const state = parseKeyState(noise, 'a', 'rankwise_x');
    expect(state.files.known_hosts).toEqual({ text: bytes.toString('latin1'), mode: 0o644 });
    expect(state).toMatchObject({ port: 2222, directoryMode: 0o750, files: { config: { text: '' } } });
    expect(`${state.publicKey ?? ''} rankwise:x:a\n`).toBe(readFileSync(at('rankwise_x.pub'), 'utf8'));
    mkdirSync(at('authorized_keys'));
    expect(() => parseKeyState(run(readKeys, 'rankwise_x').out, 'a', 'rankwise_x')).toThrow(
      /authorized_keys/,
    );
  });

  test('make a key once, mend half a one, and let the next take its place', () => {
    expect(run(makeKey, 'k', 'c').code).toBe(0);
    expect([mode('.'), mode('k')]).toEqual(['700', '600']);
    const [key, pub] = ['k', 'k.pub'].map((name) => readFileSync(at(name), 'utf8'));
    rmSync(at('k.pub'));
    expect(run(makeKey, 'k', 'c').code).toBe(0);
    expect([readFileSync(at('k'), 'utf8'), readFileSync(at('k.pub'), 'utf8')]).toEqual([key, pub]);
    expect(run(makeKey, 'k.next', 'c', 'anew').code).toBe(0);
    const next = readFileSync(at('k.next'), 'utf8');
    expect(run(makeKey, 'k.next', 'c', 'anew').code).toBe(0);
    expect(readFileSync(at('k.next'), 'utf8')).not.toBe(next);
    expect(run(promoteKey, 'k').code).toBe(0);
    expect(readFileSync(at('k'), 'utf8')).not.toBe(key);
    writeFileSync(at('keep'), '');
    expect(run(removeKey, 'k').code).toBe(0);
    expect(readdirSync(at('.'))).toEqual(['keep']);
  });

  test('put a file in place whole, with its mode, unless it was changed meanwhile', () => {
    mkdirSync(at('.'), { recursive: true });
    const put = (name: string, how: string, was: string, text?: string): number | null => {
      if (text !== undefined) writeFileSync(at('.tmp'), text);
      return run(putFile, name, how, was, '.tmp').code;
    };
    expect(put('config', '640', '-', 'one')).toBe(0);
    expect([readFileSync(at('config'), 'utf8'), mode('config')]).toEqual(['one', '640']);
    expect(put('config', '600', '-', 'two')).toBe(3);
    expect(put('config', '600', sha('other'), 'two')).toBe(3);
    expect([readFileSync(at('config'), 'utf8'), existsSync(at('.tmp'))]).toEqual(['one', false]);
    expect(put('config', 'remove', sha('one'))).toBe(0);
    writeFileSync(join(home, 'real'), 'one');
    symlinkSync('../real', at('config'));
    expect(put('config', '644', sha('one'), 'two')).toBe(0);
    expect(lstatSync(at('config')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(home, 'real'), 'utf8')).toBe('two');
    expect(readdirSync(home).sort()).toEqual(['.ssh', 'bin', 'real']);
  });

  test('try many peers, each with its own words', () => {
    const fake =
      '#!/bin/sh\nfor last; do peer=$last; [ "$before" = -- ] && break; before=$last; done\necho "no way to $peer: $*" >&2\n[ "$peer" = good ]\n';
    writeFileSync(join(home, 'bin/ssh'), fake);
    chmodSync(join(home, 'bin/ssh'), 0o700);
    const peers = Array.from({ length: 20 }, (_, n) => (n === 7 ? 'good' : `p${n}`));
    const { out } = run(prove, ...peers.flatMap((peer, n) => [n === 3 ? '2222' : '-', peer]));
    const lines = out.toString().trim().split('\n');
    expect(lines).toHaveLength(20);
    expect(lines.filter((line) => /^R \d+ 0 /.test(line)).map((line) => line.split(' ')[1])).toEqual(['7']);
    expect(lines.find((line) => line.startsWith('R 3 '))).toContain('-p 2222 -- p3 true');
    for (const line of lines) {
      expect(line).toContain('BatchMode=yes -o StrictHostKeyChecking=yes');
      expect(line.includes('-p ')).toBe(line.startsWith('R 3 '));
    }
  });
});
