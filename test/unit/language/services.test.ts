import { describe, expect, it } from 'vitest';
import { checkFile, fileKinds, type FileKind } from '../../../src/config/checkFile';
import { hostfileLanguage } from '../../../src/language/hostfileLanguage';
import { rankwiseLanguage } from '../../../src/language/rankwiseLanguage';
import { sbatchLanguage } from '../../../src/language/sbatchLanguage';
import { trainingLanguage } from '../../../src/language/trainingLanguage';
import type { DocumentSymbol, LanguageService, TextEdit } from '../../../src/language/types';
import { fuzzSamples, fuzzWords } from '../config/fuzzSamples';
import { Mutator, seededRandom } from '../config/mutate';

const services: Record<FileKind, LanguageService<object>> = {
  hostfile: hostfileLanguage,
  rankwise: rankwiseLanguage,
  sbatch: sbatchLanguage,
  training: trainingLanguage,
};

/** Ranges of all that a service answers for a text with the cursor at an offset, by what they belong to. */
function answers(kind: FileKind, text: string, offset: number): [what: string, start: number, end: number][] {
  const service = services[kind];
  const hover = service.hover(text, offset, {});
  const problems = checkFile(kind, '/ws/file', text);
  const edits = (what: string, list: readonly TextEdit[]) =>
    list.map(({ start, end }): [string, number, number] => [what, start, end]);
  const symbols = (list: readonly DocumentSymbol[]): [string, number, number][] =>
    list.flatMap(({ start, end, nameStart, nameEnd, children = [] }): [string, number, number][] => [
      ['symbol', start, end],
      ['name', nameStart, nameEnd],
      ...symbols(children),
    ]);
  return [
    ...service
      .completions(text, offset, {})
      .map(({ start, end }): [string, number, number] => ['completion', start, end]),
    ...(hover === undefined ? [] : [['hover', hover.start, hover.end] as [string, number, number]]),
    ...symbols(service.symbols(text)),
    ...problems
      .slice(0, 5)
      .flatMap((problem) => service.fixes(text, problem, {}).flatMap((fix) => edits(fix.title, fix.edits))),
    ...edits('format', service.format?.(text) ?? []),
    ...(service.inlayHints?.(text, {}) ?? []).map((hint): [string, number, number] => [
      'hint',
      hint.offset,
      hint.offset,
    ]),
    ...(service.folding?.(text) ?? []).map(({ startLine, endLine }): [string, number, number] => [
      'folding',
      startLine,
      endLine,
    ]),
  ];
}

describe('language services', () => {
  it.each(fileKinds)('answer for a damaged %s without a crash, inside the text', async (kind) => {
    const mutator = new Mutator(fuzzSamples(kind), fuzzWords[kind], 100, seededRandom(3));
    // Each answer about YAML reads the whole of it again.
    const files = kind === 'rankwise' ? 500 : 3000;
    for (let count = 0; count < files; count++) {
      const text = mutator.next();
      const offset = mutator.below(text.length + 1);
      const where = `${JSON.stringify(text)} at ${offset}`;
      let found: [string, number, number][];
      try {
        found = answers(kind, text, offset);
      } catch (error) {
        throw new Error(where, { cause: error });
      }
      const bad = found.filter(([, start, end]) => start < 0 || end > text.length || end < start);
      if (bad.length > 0) expect([where, bad]).toEqual([where, []]);
      // The test's process has to answer its parent now and then.
      if (count % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  });
});
