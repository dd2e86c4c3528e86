import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote, quoteAll, quotePath } from '../../../src/ssh/quote';

/** What a real `sh` makes of the words: NUL-terminated, so that any character survives the way back. */
function throughShell(words: string[]): string[] {
  const out = execFileSync('sh', ['-c', `printf '%s\\0' ${quoteAll(words)}`]);
  return out.toString('utf8').split('\0').slice(0, -1);
}

test('any words come out of a real sh as they went in', () => {
  const word = fc
    .oneof(
      fc.string({ unit: 'binary', minLength: 0, maxLength: 40 }),
      fc.string({
        unit: fc.constantFrom("'", '"', '$', '`', '\\', '\n', ' ', '-', '*', '~', '!', ';', '(', ')'),
      }),
    )
    .map((text) => text.replaceAll('\0', '').toWellFormed());
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), (words) => {
      expect(throughShell(words)).toEqual(words);
    }),
    { numRuns: 100 },
  );
});

test('an argument never becomes an assignment, an option of printf or an expansion', () => {
  expect(throughShell(['A=b', '$(id)', '~', '=x', '-n'])).toEqual(['A=b', '$(id)', '~', '=x', '-n']);
});

test('a leading ~/ of a path means the home directory, nothing else is expanded', () => {
  const out = execFileSync('sh', ['-c', `printf %s ${quotePath("~/a b/$(x)'y")}`], { env: { HOME: '/h o' } });
  expect(out.toString()).toBe("/h o/a b/$(x)'y");
});

test('NUL is refused', () => {
  expect(() => quote('a\0b')).toThrow(RangeError);
});
