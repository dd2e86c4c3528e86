import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../..');

it('the README explains every code of sbatch scripts', () => {
  const folder = join(root, 'src/config/sbatch');
  const page = readFileSync(join(root, 'README.md'), 'utf8');
  const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  // A code is the first string of `add(…)`, `as(…)`, `check(…, code)` and `unknown(…, code)`, or stands after `code:`.
  const patterns = [
    /code: '([a-zA-Z.]+)'/g,
    /\b(?:add|as)\(\s*'([a-zA-Z]+)'/g,
    /\b(?:check|unknown)\(\s*'[a-z-]+',\s*'([a-zA-Z]+)'/g,
  ];
  const codes = sources.flatMap((source) =>
    patterns.flatMap((pattern) => [...source.matchAll(pattern)].map(([, code = '']) => code)),
  );
  const full = new Set(codes.map((code) => (code.startsWith('sbatch.') ? code : `sbatch.${code}`)));
  expect(full.size).toBeGreaterThan(50);
  expect([...full].filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});
