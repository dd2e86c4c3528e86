import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRankwise } from '../../../src/config/parseRankwise';
import { rankwiseLanguage, type RankwiseContext } from '../../../src/language/rankwiseLanguage';
import { rankwiseDefinitions, rankwiseReferences, rankwiseRename } from '../../../src/language/rankwiseNames';
import { readCarets } from '../config/carets';

const folder = join(import.meta.dirname, '../../fixtures/config/yaml');
const samples = readdirSync(folder).map((name) => readCarets(readFileSync(join(folder, name), 'utf8')).text);
const context: RankwiseContext = {
  hosts: ['h'],
  files: ['a b.json', 'hosts'],
  secrets: ['s'],
  variables: ['V'],
};

const pieces = [
  '\n',
  '\n    ',
  '\t',
  '#',
  '"',
  "'",
  '[',
  '{',
  '}',
  '- ',
  ': ',
  '|\n',
  '&a ',
  '*a',
  '<<: *a',
  '${',
  '\r',
  '\uFEFF',
];
const where = fc.double({ min: 0, max: 1, noNaN: true });
const damaged = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(where, fc.nat(9), fc.constantFrom(...pieces)), { maxLength: 3 }),
    where,
  )
  .map(([text, edits, cursor]) => {
    const changed = edits.reduce((current, [at, cut, piece]) => {
      const start = Math.floor(at * current.length);
      return current.slice(0, start) + piece + current.slice(start + cut);
    }, text);
    return { text: changed, offset: Math.round(cursor * changed.length) };
  });

// Seconds alone, and longer beside other tests.
describe('the services of rankwise.yaml', { timeout: 60_000 }, () => {
  it('answer at every place of every text, and inside it', () => {
    fc.assert(
      fc.property(damaged, ({ text, offset }) => {
        const inside = ({ start, end }: { start: number; end: number }): void => {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
        };
        for (const completion of rankwiseLanguage.completions(text, offset, context)) {
          inside(completion);
          expect(completion.start).toBeLessThanOrEqual(offset);
          expect(completion.end).toBeGreaterThanOrEqual(offset);
        }
        const hover = rankwiseLanguage.hover(text, offset, context);
        if (hover !== undefined) inside(hover);
        rankwiseLanguage.symbols(text).forEach(inside);
        for (const { startLine, endLine } of rankwiseLanguage.folding?.(text) ?? [])
          expect(endLine).toBeGreaterThan(startLine);
        rankwiseDefinitions(text, offset).forEach(inside);
        rankwiseReferences(text, offset).forEach(inside);
        const renamed = rankwiseRename(text, offset, 'fresh_name');
        if ('edits' in renamed) renamed.edits.forEach(inside);
        for (const problem of parseRankwise(text).problems.slice(0, 5))
          rankwiseLanguage.fixes(text, problem, context).forEach(({ edits }) => edits.forEach(inside));
      }),
      { numRuns: 120 },
    );
  });

  it('rename so that the same things have problems as before', () => {
    for (const text of samples) {
      const count = parseRankwise(text).problems.length;
      for (const match of text.matchAll(/cluster: "?'?(\w+)/g)) {
        const renamed = rankwiseRename(text, match.index + match[0].length, 'fresh_name');
        if (!('edits' in renamed)) continue;
        const next = [...renamed.edits]
          .sort((a, b) => b.start - a.start)
          .reduce(
            (current, { start, end, text: put }) => current.slice(0, start) + put + current.slice(end),
            text,
          );
        expect(parseRankwise(next).problems.length).toBe(count);
      }
    }
  });
});
