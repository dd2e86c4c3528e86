import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkHostfile } from '../../../src/config/hostfile/checkHostfile';
import { launcherNames } from '../../../src/config/model';
import { parseRankwise } from '../../../src/config/parseRankwise';
import type { Problem } from '../../../src/config/problem';
import { readCarets } from './carets';

const folder = join(import.meta.dirname, '../../fixtures/config');
const samples = (...kinds: string[]): string[] =>
  kinds.flatMap((kind) =>
    readdirSync(join(folder, kind)).map(
      (name) => readCarets(readFileSync(join(folder, kind, name), 'utf8')).text,
    ),
  );

/** A sample with a few pieces cut out, doubled, or replaced by characters that mean something. */
function mutated(texts: string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.constantFrom(
      ...[
        '\r\n',
        '\r',
        '\t',
        '\0',
        '\uFEFF',
        '#',
        '//',
        '/*',
        '*/',
        '=',
        ':',
        '- ',
        '? ',
        '|',
        '>',
        '&a ',
        '*a',
        '<<: *a',
      ],
      ...[
        '[',
        ']',
        '{',
        '}',
        '"',
        "'",
        '---\n',
        '%YAML 1.1\n',
        '!!set ',
        '\u2028',
        '\ud800',
        '1e999',
        '.inf',
        '~',
        '@',
      ],
    ),
  );
  const edit = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(20), piece);
  return fc.tuple(fc.constantFrom(...texts), fc.array(edit, { maxLength: 6 })).map(([text, edits]) =>
    edits.reduce((current, [where, cut, insert]) => {
      const at = Math.floor(where * current.length);
      return current.slice(0, at) + insert + current.slice(at + cut);
    }, text),
  );
}

function expectInside(text: string, problems: readonly Problem[]): void {
  const lines = text.split(/\r\n|\r|\n/);
  for (const { range, code, message } of problems) {
    for (const { line, character } of [range.start, range.end]) {
      expect(line, code).toBeLessThan(lines.length);
      expect(character, code).toBeLessThanOrEqual(lines[line]?.length ?? -1);
      expect(Math.min(line, character), code).toBeGreaterThanOrEqual(0);
    }
    const backwards =
      range.end.line < range.start.line ||
      (range.end.line === range.start.line && range.end.character < range.start.character);
    expect(backwards, `${code} ${message}`).toBe(false);
  }
}

describe('parsers are total', () => {
  it('a damaged hostfile gives problems inside the text', () => {
    fc.assert(
      fc.property(mutated(samples('mpirun', 'ssh')), (text) => {
        for (const launcher of launcherNames) expectInside(text, checkHostfile(text, { launchers: [launcher] }));
        expectInside(text, checkHostfile(text, {}));
      }),
      { numRuns: 500 },
    );
  });

  // Three hundred files take seconds alone, and much longer beside other tests.
  it('a damaged rankwise.yaml gives problems inside the text', () => {
    fc.assert(
      fc.property(mutated(samples('yaml')), (text) => {
        expectInside(text, parseRankwise(text).problems);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['flow lists', '['.repeat(20_000)],
    ['closed flow lists', `a: ${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    ['block lists', '- '.repeat(20_000)],
    ['nested maps', Array.from({ length: 3_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('very deep %s are a problem, not a crash', (_name, text) => {
    const { problems } = parseRankwise(text);
    expect(problems.some(({ severity }) => severity === 'error')).toBe(true);
    expectInside(text, problems);
  });

  it('aliases that grow without bound are a problem, not a hang', () => {
    const levels = Array.from({ length: 30 }, (_, level) =>
      level === 0 ? 'l0: &l0 [x, x]' : `l${level}: &l${level} [*l${level - 1}, *l${level - 1}]`,
    );
    const { problems } = parseRankwise(`${levels.join('\n')}\n`);
    expect(problems).toMatchObject([{ code: 'rankwise.syntax' }]);
  });

  it('an alias to itself is a problem', () => {
    expect(parseRankwise('a: &a [*a]\n').problems[0]).toMatchObject({ code: 'rankwise.syntax' });
  });
});
