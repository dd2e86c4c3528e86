import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseGlob } from '../../../../src/runs/leaves/glob';
import { parseList, renderList } from '../../../../src/runs/leaves/listOutputs';

const files = [
  'model.pt',
  'out/a.pt',
  'out/b.txt',
  'out/deep/c.pt',
  'out/deep/er/d.pt',
  'out/$(touch escaped) \'"`*.pt',
  'out/[x].pt',
  '-n/e.pt',
];

describe('globs of outputs', () => {
  it.each([
    ['*.pt', ['model.pt']],
    ['out/*.pt', ['out/a.pt', 'out/$(touch escaped) \'"`*.pt', 'out/[x].pt']],
    ['out/**/*.pt', files.filter((file) => file.startsWith('out/') && file.endsWith('.pt'))],
    ['**', files],
    ['out/?.pt', ['out/a.pt']],
    ['out/[ab].*', ['out/a.pt', 'out/b.txt']],
    ['out/[!a].txt', ['out/b.txt']],
    ['model.pt', ['model.pt']],
    ['-n/*', ['-n/e.pt']],
  ])('%s', (glob, expected) => {
    const { matches } = parseGlob(glob);
    expect(files.filter((file) => matches(file)).sort()).toEqual([...expected].sort());
  });

  describe.each([['dash'], ['bash'], ['busybox', 'sh']])('listed by %s', (...shell: string[]) => {
    let home: string;
    beforeAll(() => {
      home = mkdtempSync(join(tmpdir(), 'rankwise-outputs-'));
      for (const file of files) {
        mkdirSync(dirname(join(home, 'work dir', file)), { recursive: true });
        writeFileSync(join(home, 'work dir', file), file);
      }
      writeFileSync(join(home, 'work dir', 'two\nlines.pt'), '');
      mkdirSync(join(home, '.rankwise/runs/r/other'), { recursive: true });
      mkdirSync(join(home, '.rankwise/runs/r/node1'));
      writeFileSync(join(home, '.rankwise/runs/r/node1/plan.json'), '');
    });
    afterAll(() => rmSync(home, { recursive: true }));

    it.each(['**/*.pt', 'out/**', '*', 'out/[ab].*', '-n/*', 'absent/*'])('%s', (text) => {
      const glob = parseGlob(text);
      const script = renderList('r', 'node1', '~/work dir', [glob], '@t');
      const [program = '', ...words] = shell;
      const answer = execFileSync(program, [...words, '-s'], {
        input: script,
        cwd: home,
        env: { ...process.env, HOME: home },
        encoding: 'utf8',
      });
      const { files: found, beside } = parseList(answer, 'node1', '@t', [glob]);
      expect(found.map(({ path }) => path).sort()).toEqual(files.filter((file) => glob.matches(file)).sort());
      expect(found.every(({ bytes, path }) => bytes === path.length)).toBe(true);
      expect(beside.sort()).toEqual(['node1', 'other']);
    });
  });

  it('refuses an answer that was cut short', () => {
    expect(() => parseList('@t file=1 2 3 ./a\n', 'node1', '@t', [parseGlob('*')])).toThrow('incomplete');
  });
});
