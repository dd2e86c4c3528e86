import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clusterSchema } from '../../../src/config/schema/clusterSchema';
import { launchSchema } from '../../../src/config/schema/launchSchema';
import { readCarets } from './carets';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/config.md'), 'utf8');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe('the documents', () => {
  it('name every key of a cluster and a launch', () => {
    const keys = [...Object.keys(clusterSchema.shape), ...Object.keys(launchSchema.shape)];
    expect(keys.filter((key) => !page.includes(`\`${key}\``) && !page.includes(`\`${key}.`))).toEqual([]);
  });

  it('explain every problem that a fixture shows', () => {
    const folder = join(root, 'test/fixtures/config');
    const codes = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap(({ parentPath, name }) => readCarets(readFileSync(join(parentPath, name), 'utf8')).expected)
      .map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(80);
    expect([...new Set(codes)].filter((code) => !readme.includes(`\`${code}\``))).toEqual([]);
  });

  it('explain every code that stands in the checks', () => {
    const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
      .filter(
        ({ name, parentPath }) => name.endsWith('.ts') && /src.(?:config|vscode.language)/.test(parentPath),
      )
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
    const codes = sources.flatMap((source) =>
      [...source.matchAll(/code: '((?:rankwise|hostfile|training|sbatch)\.[a-zA-Z]+)'/g)].map(
        ([, code = '']) => code,
      ),
    );
    expect(codes.length).toBeGreaterThan(20);
    expect([...new Set(codes)].filter((code) => !readme.includes(`\`${code}\``))).toEqual([]);
  });
});
