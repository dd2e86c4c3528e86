import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { readLine } from '../../../src/metrics/dialects/registry';
import { LineSplitter } from '../../../src/metrics/lines';
import { plain } from './dialects/read';

const logs = join(import.meta.dirname, '../../fixtures/logs');
const golden = join(logs, 'golden');
const files = readdirSync(logs).filter((name) => name.endsWith('.log'));

/** One row for each line with values: byte offset, dialect, what was read. */
function pointsOf(file: string): string {
  const rows: string[] = [];
  const splitter = new LineSplitter();
  const onLine = ({ offset, text }: { offset: number; text: string }) => {
    const found = readLine(text);
    if (found === undefined) return;
    rows.push(`${offset} ${found.dialect.name} ${JSON.stringify(plain(found.reading))}\n`);
  };
  splitter.push(readFileSync(join(logs, file)), onLine);
  splitter.flush(onLine);
  return rows.join('');
}

it.each(files)('reads the recorded points in %s', (file) => {
  const expected = join(golden, `${basename(file, '.log')}.points`);
  const points = pointsOf(file);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(golden, { recursive: true });
    writeFileSync(expected, points);
  }
  expect(existsSync(expected), `${expected} is missing: run with UPDATE_GOLDEN=1`).toBe(true);
  expect(points).toBe(readFileSync(expected, 'utf8'));
});

it('has no golden file without its log', () => {
  const orphans = readdirSync(golden).filter((name) => !files.includes(`${basename(name, '.points')}.log`));
  expect(orphans).toEqual([]);
});
