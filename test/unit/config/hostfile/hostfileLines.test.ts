import { describe, expect, it } from 'vitest';
import { checkHostfile } from '../../../../src/config/hostfile/checkHostfile';
import { HostfileLines } from '../../../../src/config/hostfile/hostfileLines';
import { launcherNames, type LauncherName } from '../../../../src/config/model';
import type { Problem } from '../../../../src/config/problem';
import { seededRandom } from '../mutate';

const pieces = [
  '\n',
  '\r\n',
  '\r',
  'a',
  'a slots=2\n',
  'n1 slots=4 max_slots=2\n',
  '/*',
  '*/',
  '"',
  '#',
  '//',
];
pieces.push('=', 'u@', '.b', '\uFEFF', '\u00a0', '0', 'user', 'rank 0=a', ' ');

/** Texts as they come of typing and deleting. */
function* typed(count: number): Generator<string> {
  const random = seededRandom(11);
  const below = (limit: number): number => Math.floor(random() * limit);
  let text = 'n1 slots=4\nn2 slots=4 # rack 2\nn3.example.org slots=8\nu@n4 slots=2\n';
  for (let number = 0; number < count; number++) {
    const at = below(text.length + 1);
    const piece = text.length < 600 ? (pieces[below(pieces.length)] ?? '') : '';
    text = text.slice(0, at) + piece + text.slice(at + below(3) * below(6));
    yield text;
  }
}

function allFindings(text: string): Problem[][] {
  const launchers: (LauncherName | undefined)[] = [undefined, ...launcherNames];
  return launchers.map((name) => checkHostfile(text, name === undefined ? {} : { launchers: [name] }));
}

/** Makes every remembered text another one that has nothing in common with hostfiles. */
function forget(): void {
  for (const letter of '(){}[]') HostfileLines.of(letter);
}

describe('lines that are remembered between keystrokes', () => {
  it('make up the text, whatever was there before', () => {
    for (const text of typed(3000)) {
      const { lines, starts } = HostfileLines.of(text);
      expect(lines.map((line) => line.text).join('\n')).toBe(text.replace(/\n$/, ''));
      lines.forEach((line, index) => {
        expect(text.startsWith(line.text, starts[index])).toBe(true);
        expect(index === 0 || text[(starts[index] ?? 0) - 1] === '\n').toBe(true);
      });
    }
  });

  it('give the findings of a text that is read for the first time', () => {
    const texts = [...typed(600)];
    const whileTyping = texts.map(allFindings);
    texts.forEach((text, index) => {
      forget();
      expect({ text, found: allFindings(text) }).toEqual({ text, found: whileTyping[index] });
    });
  });

  it('are the same but for the one that changed', () => {
    const text = Array.from({ length: 100 }, (_, index) => `node${index} slots=4\n`).join('');
    const before = new Set(HostfileLines.of(text).lines);
    const after = HostfileLines.of(text.replace('node50 ', 'node500 ')).lines;
    expect(after.filter((line) => !before.has(line)).map((line) => line.text)).toEqual(['node500 slots=4']);
  });
});

it('lists 200 findings of a kind and says how many more there are', () => {
  const text = Array.from({ length: 10_000 }, (_, index) => `node${index} slots=x\n`).join('');
  const problems = checkHostfile(text, { launchers: ['mpirun'] });
  expect(problems).toHaveLength(200);
  expect(problems.at(-1)?.message).toMatch(/ 9800 more findings of this kind follow\.$/);
});
