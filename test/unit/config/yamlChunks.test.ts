import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { yamlChunks } from '../../../src/config/yamlChunks';
import { parseYaml } from '../../../src/config/yamlTree';
import { readCarets } from './carets';

const folder = join(import.meta.dirname, '../../fixtures/config/yaml');
const samples = readdirSync(folder).map((name) => readCarets(readFileSync(join(folder, name), 'utf8')).text);

const small = [
  'version: 1\nclusters:\n  a: &a\n    hosts: [n1,\n      n2]\n  b:\n    <<: *a\n    user: "x\n      y"\nlaunches:\n  # c\n  t:\n    command: |\n      python \\\n\n        x # no comment\n    env: {A: 1}\n\n',
  'a:\n  b: *x\n  c: &x 1\n  d: *x\n',
  'a:\n    b:\n     - 1\n    c: >-\n     text\n\n\nd: e\n  f\ng:\nh: [1,\n2]\n',
];

/** What a document marker in front of the text makes it: a file that is parsed as a whole, one line lower. */
function whole(text: string): string {
  const { root, problems } = parseYaml(`---\n${text}`);
  return written({ root, problems }).replaceAll(/"line":(\d+)/g, (_, line) => `"line":${Number(line) - 1}`);
}

function written(found: object): string {
  return JSON.stringify(found, (_, value: unknown) => (value instanceof Map ? [...value] : value));
}

const piece = fc.constantFrom(
  ...[
    '\n',
    '\n  ',
    '\n    ',
    '\n    comm',
    '\n  comm',
    '  x: ',
    'y:',
    ' ',
    '\t',
    '#',
    ' #',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ',',
    '|',
    '>',
    '- ',
  ],
  ...[
    '? ',
    '&a ',
    '*a',
    '<<: *a',
    '!!str ',
    '\r\n',
    '\r',
    '\uFEFF',
    '...',
    '%',
    '@',
    ': ',
    ':',
    '\\',
    '|+\n',
    '\u2028',
  ],
);
const edit = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), piece);
const mutated = fc
  .tuple(fc.constantFrom(...small, ...samples), fc.array(edit, { maxLength: 3 }))
  .map(([text, edits]) =>
    edits.reduce((current, [where, cut, insert]) => {
      const at = Math.floor(where * current.length);
      return current.slice(0, at) + insert + current.slice(at + cut);
    }, text),
  );

describe('yamlChunks', { timeout: 60_000 }, () => {
  it('cuts at the entries, with what stands below each', () => {
    expect(yamlChunks('v: 1\nc: # x\n  a:\n    b\n\n  # d\n  e: {}\nl:\n')).toEqual([
      { key: 'v', start: 0, text: 'v: 1\n' },
      {
        key: 'c',
        start: 5,
        entries: [
          { key: 'a', start: 12, text: '  a:\n    b\n\n  # d\n' },
          { key: 'e', start: 30, text: '  e: {}\n' },
        ],
      },
      { key: 'l', start: 38, text: 'l:\n' },
    ]);
  });

  it.each([
    '- a\n',
    'a:\n  - b\n',
    'a: 1\na: 2\n',
    'a:\n  b: 1\n c: 2\n',
    '"a": 1\n',
    '---\na: 1\n',
    'a:\n  <<: 1\n',
  ])('leaves %j whole', (text) => expect(yamlChunks(text)).toBeUndefined());

  it('reads the pieces as the whole is read', () => {
    let cut = 0;
    fc.assert(
      fc.property(mutated, (text) => {
        if ((yamlChunks(text) ?? []).length === 0) return;
        cut++;
        expect(written((({ root, problems }) => ({ root, problems }))(parseYaml(text)))).toBe(whole(text));
      }),
      { numRuns: 1000 },
    );
    expect(cut).toBeGreaterThan(200);
  });
});
