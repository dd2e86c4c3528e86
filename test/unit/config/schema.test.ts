import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rankwiseJsonSchema } from '../../../src/config/schema';
import { schemasAt } from '../../../src/config/schemaAt';
import { suggest } from '../../../src/config/suggest';

interface Schema {
  description?: string;
  examples?: unknown[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  items?: Schema;
  pattern?: string;
  enum?: unknown[];
  propertyNames?: Schema;
  default?: unknown;
}

const root = join(import.meta.dirname, '../../..');

/** `.launches.onWorkerExit` as a path of a file: sections have names below them. */
function pathOf(path: string): string[] {
  const [section = '', ...keys] = path.slice(1).split('.');
  return section === 'version' ? [section] : [section, 'name', ...keys];
}

function* keys(schema: Schema, path: string): Generator<[string, Schema]> {
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    yield [`${path}.${key}`, child];
    yield* keys(child, `${path}.${key}`);
  }
  for (const child of [
    schema.additionalProperties,
    schema.items,
    schema.propertyNames,
    ...(schema.anyOf ?? []),
  ]) {
    if (typeof child === 'object') {
      yield [`${path}.*`, child];
      yield* keys(child, path);
    }
  }
}

describe('the schema', () => {
  const all = [...keys(rankwiseJsonSchema() as Schema, '')];

  it.each(all.filter(([path]) => !path.endsWith('*')))(
    '%s says what it means, with an example',
    (path, schema) => {
      expect(schema.description, path).toMatch(/\S{2}/);
      if (!schema.properties && !['.clusters', '.launches'].includes(path)) {
        expect(schema.examples?.length, path).toBeGreaterThan(0);
      }
    },
  );

  it.each(
    all.flatMap(([path, schema]) => {
      const fallback = schemasAt(pathOf(path))[0]?.fallback;
      return fallback === undefined || path.endsWith('*') ? [] : [[path, schema, fallback] as const];
    }),
  )('%s says its default', (_path, schema, fallback) => {
    expect(schema.default).toEqual(fallback);
  });

  it('knows many defaults, and is contributed for the YAML extension', () => {
    expect(all.filter(([, schema]) => schema.default !== undefined).length).toBeGreaterThan(20);
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      contributes: { yamlValidation: unknown };
    };
    expect(manifest.contributes.yamlValidation).toEqual([
      { fileMatch: 'rankwise.yaml', url: './dist/rankwise.schema.json' },
    ]);
  });

  it('has only patterns that other programs read in the same way', () => {
    const patterns = all.flatMap(([, { pattern }]) => pattern ?? []);
    expect(patterns.length).toBeGreaterThan(10);
    for (const pattern of patterns) {
      expect(() => new RegExp(pattern, 'u')).not.toThrow();
      expect(pattern).not.toMatch(/\\p|\(\?</);
    }
  });

  it('can be asked for the meaning of any place', () => {
    expect(schemasAt(['launches', 'x', 'mpirun', 'bindTo'])[0]?.description).toBe('Given as `-bind-to`.');
    expect(schemasAt(['clusters', 'x', 'hosts', 0, 'slots'])[0]?.description).toMatch(/^Processes/);
    expect(schemasAt(['launches', 'x', 'nothing'])).toEqual([]);
  });
});

describe('suggest', () => {
  it('finds the nearest name, whatever its case and dashes', () => {
    expect(suggest('identity_file', ['identityFile', 'hosts'])).toBe('identityFile');
    expect(suggest('comand', ['command', 'cluster'])).toBe('command');
    expect(suggest('bananas', ['command', 'cluster'])).toBeUndefined();
  });
});
