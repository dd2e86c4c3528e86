import { describe, expect, it } from 'vitest';
import { shellWords } from '../../../../src/config/training/shellWords';

describe('shellWords', () => {
  it.each<[string, (string | undefined)[]]>([
    ['python x.py -g 2', ['python', 'x.py', '-g', '2']],
    [`a 'b c' "d e"f`, ['a', 'b c', 'd ef']],
    ['a "$b" $c `d` *e {f}', ['a', undefined, undefined, undefined, undefined, undefined]],
    ['a;b && c|d\ne', ['a', ';', 'b', '&', '&', 'c', '|', 'd', '\n', 'e']],
    ['a \\\n  b\\ c # d e\nf', ['a', 'b c', '\n', 'f']],
    ['a#b ""', ['a#b', '']],
    [`a 'b`, ['a', undefined]],
    ['a "b', ['a', undefined]],
    ['', []],
  ])('splits %j', (text, words) => {
    expect(shellWords(text)).toEqual(words);
  });
});
