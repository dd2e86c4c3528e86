import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { LineReader } from '../../../src/metrics/dialects/registry';
import { LineSplitter, type Line } from '../../../src/metrics/lines';
import { startTags } from '../../../src/metrics/tags/startTags';
import { plain } from './dialects/read';
import { tagsOf } from './fixtureTags';

const logs = join(import.meta.dirname, '../../fixtures/logs');
const golden = join(logs, 'golden');
const files = readdirSync(logs).filter((name) => name.endsWith('.log'));

/** One row for each line with values: worker, byte offset, dialect, what was read. */
function pointsOf(file: string): string {
  const rows: string[] = [];
  const splitter = new LineSplitter();
  const tags = startTags(tagsOf(file));
  const readers = new Map<string, LineReader>();
  const onLine = (key: string, { offset, text }: Line) => {
    const reader = readers.get(key) ?? new LineReader();
    readers.set(key, reader);
    for (const { dialect, reading } of reader.read(text)) {
      const scope = reading.scope ?? dialect.scope;
      rows.push(`${key || '-'} ${offset} ${dialect.name}, ${scope} ${JSON.stringify(plain(reading))}\n`);
    }
  };
  splitter.push(readFileSync(join(logs, file)), (line) => tags.read(line, onLine));
  splitter.flush((line) => tags.read(line, onLine));
  tags.end(onLine);
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
