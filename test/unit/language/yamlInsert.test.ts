import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../../src/config/yamlTree';
import { toPlain } from '../../../src/config/yamlPath';
import { applyEdits } from '../../../src/language/applyEdits';
import { insertEntry } from '../../../src/language/yamlInsert';

const body = 'cluster: lab\nlauncher: ssh\ncommand: [python, train.py] # why\nenv:\n  A: 1.10\n';

function insert(
  text: string,
  section: 'clusters' | 'launches' = 'launches',
  name = 'new',
  yaml = body,
): string {
  const edits = insertEntry(text, section, name, yaml);
  expect(edits).toBeDefined();
  return applyEdits(text, edits ?? []);
}

const plain = (text: string): unknown => {
  const { root } = parseYaml(text);
  return root && JSON.parse(JSON.stringify(toPlain(root)));
};

const entry = (indent: string, step = '  '): string =>
  [
    `${indent}new:`,
    `${indent}${step}cluster: lab`,
    `${indent}${step}launcher: ssh`,
    `${indent}${step}command: [python, train.py] # why`,
    `${indent}${step}env:`,
    `${indent}${step}${step}A: 1.10`,
    '',
  ].join('\n');

describe('insertEntry', () => {
  it('puts an entry behind the last of its section', () => {
    const text =
      'version: 1\nlaunches:\n  a:\n    cluster: lab # c\n\n# those\nclusters:\n  lab: { hosts: hosts }\n';
    expect(insert(text)).toBe(
      `version: 1\nlaunches:\n  a:\n    cluster: lab # c\n${entry('  ')}\n# those\nclusters:\n  lab: { hosts: hosts }\n`,
    );
  });

  it('takes over four spaces, blank lines between entries, CRLF and a missing last line break', () => {
    const text = 'launches:\n    a:\n        cluster: x\n\n    b:\n        cluster: y'.replaceAll(
      '\n',
      '\r\n',
    );
    const expected = `${text}\r\n\r\n${entry('    ', '    ').trimEnd().replaceAll('\n', '\r\n')}`;
    expect(insert(text)).toBe(expected);
  });

  it('leaves comments where they are: deeper ones above the entry, those of the next section below', () => {
    const text =
      'launches:\n  a:\n    cluster: x\n    # of a\n  # b:\n  #   cluster: y\n\n# about hosts\nclusters:\n';
    expect(insert(text)).toBe(text.replace('\n\n# about', `\n${entry('  ')}\n# about`));
  });

  it('makes a missing section', () => {
    expect(insert('version: 1 # first\n')).toBe(`version: 1 # first\nlaunches:\n${entry('  ')}`);
    expect(insert('version: 1\nclusters:\n  a:\n    hosts: h\n', 'clusters')).toContain(
      '    hosts: h\n  new:\n',
    );
  });

  it.each(['', '\n', '# only a comment\n', '# only a comment', '---\n', '\uFEFF'])(
    'begins a file: %j',
    (text) => {
      const result = insert(text);
      expect(result.startsWith(text)).toBe(true);
      expect(plain(result)).toEqual({ version: 1, launches: { new: plain(body) } });
    },
  );

  it.each([
    ['version: 1\nlaunches:\n', `version: 1\nlaunches:\n${entry('  ')}`],
    [
      'launches: # mine\n  # nothing yet\nversion: 1\n',
      `launches: # mine\n  # nothing yet\n${entry('  ')}version: 1\n`,
    ],
    ['launches: {}\nversion: 1\n', `launches:\n${entry('  ')}version: 1\n`],
    ['launches: null\nversion: 1\n', `launches:\n${entry('  ')}version: 1\n`],
  ])('fills an empty section: %j', (text, expected) => {
    expect(insert(text)).toBe(expected);
  });

  it.each([
    'launches: {} # none\n',
    'launches: ~ # none\n',
    'launches: { } # none\nversion: 1\n',
    '{}',
    '{ version: 1 }\n',
    '{ version: 1, launches: }\n',
    '{ "version": 1, "launches": { "a": { "cluster": "x" } } }',
    'launches: {\n  a: { cluster: x }, # about a\n  b: { cluster: y } # about b\n}\n',
    'launches: { a: { cluster: x }, }\n',
    'launches: { a }\n',
    'launches: {\n  # none\n}\n',
    'clusters:\n  x: &x\n    hosts: h\nlaunches: &all\n  <<: { b: { cluster: x } }\n  a: *x\n',
    'launches:\n  a:\n    command: |+\n      line\n\n\n',
    'launches:\n  a:\n    command: |\n      line\n      # no comment\n\n\nversion: 1\n',
    'launches:\n  a:\n    command: >-\n      line\n      \n  ',
    '  launches:\n    a:\n      cluster: x\n  version: 1\n',
    '\uFEFFlaunches:\n  a: 1\n',
    '--- # start\nlaunches:\n a:\n  cluster: x\n# end\n...\n',
    '"launches":\n  "a": {cluster: x}\n',
    'launches: &anchor {}\n',
  ])('adds exactly the entry, and every old byte stays: %j', (text) => {
    const edits = insertEntry(text, 'launches', 'new', body) ?? [];
    expect(edits).toHaveLength(1);
    const old = (plain(text) ?? {}) as { launches?: object | null };
    const result = applyEdits(text, edits);
    expect(plain(result)).toEqual({ ...old, launches: { ...old.launches, new: plain(body) } });
    expect(result).toContain('# why');
    const removed = text.slice(edits[0]!.start, edits[0]!.end);
    expect(removed).toMatch(/^(?: ?(?:\{\}|null)|~|)$/);
  });

  it('keeps names and bodies that need care', () => {
    for (const name of ['a: b', '#1', "it's", '12', 'null', '{x}', 'ä ö', ' - ', 'yes', 'x'.repeat(100)]) {
      expect(plain(insert('launches:\n  a: {}\n', 'launches', name))).toHaveProperty(['launches', name]);
      expect(plain(insert('{ launches: { a: {} } }', 'launches', name))).toHaveProperty(['launches', name]);
    }
    const script = 'command: |\n  set -e\n    python\n\n  done\nenv:\n  A: x\n';
    expect(insert('launches:\n    a:\n        cluster: x\n', 'launches', 'new', script)).toContain(
      '        command: |\n          set -e\n            python\n\n          done\n',
    );
  });

  it('touches nothing it cannot read or may not replace', () => {
    for (const text of [
      'launches: [a',
      'launches:\n\ta: 1\n',
      'launches: *none\n',
      'a: &a { x: {} }\nlaunches: *a\n',
      'launches: [a]\n',
      'launches: text\n',
      'launches:\n  new: {}\n',
      '- a\n',
      'text\n',
      'a: 1\n---\nb: 2\n',
    ]) {
      expect(insertEntry(text, 'launches', 'new', body), text).toBeUndefined();
    }
    expect(insertEntry('version: 1\n', 'launches', 'new', 'a: [')).toBeUndefined();
  });

  it('adds exactly the entry to whatever file', () => {
    const word = fc.constantFrom(
      'a',
      'b',
      'hosts',
      '# c',
      '1.10',
      '"x y"',
      '|',
      '>-',
      '{}',
      '[1, 2]',
      '&a',
      '*a',
      '~',
    );
    const line = fc
      .tuple(
        fc.constantFrom('', '  ', '    ', '      '),
        fc.constantFrom('a', 'b', 'launches', 'clusters', '#', 'x'),
        word,
      )
      .map(([indent, key, value]) => `${indent}${key}: ${value}`);
    const text = fc
      .tuple(
        fc.array(fc.oneof(line, fc.constantFrom('', '  ', 'launches:', '  a:', '    b:')), { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
      )
      .map(([lines, end]) => lines.join(end) + (lines.length % 2 === 0 ? end : ''));
    let inserted = 0;
    fc.assert(
      fc.property(text, (file) => {
        const edits = insertEntry(file, 'launches', 'new', body);
        const { root, problems } = parseYaml(file);
        const old = plain(file) as { launches?: unknown } | null | undefined;
        const isMap = (value: unknown): boolean =>
          typeof value === 'object' && value !== null && !Array.isArray(value);
        if (edits === undefined) {
          const takes =
            problems.length === 0 &&
            (old == null || (isMap(old) && (old.launches == null || isMap(old.launches))));
          // An alias or an explicit key leads to a mapping too, and is left alone.
          if (takes && !file.includes('*')) throw new Error(`not inserted: ${JSON.stringify(root)}`);
          return;
        }
        inserted++;
        const before = old ?? { version: 1 };
        expect(plain(applyEdits(file, edits))).toEqual({
          ...before,
          launches: { ...(before as { launches?: object }).launches, new: plain(body) },
        });
      }),
      { numRuns: 3000 },
    );
    expect(inserted).toBeGreaterThan(500);
  });
});
