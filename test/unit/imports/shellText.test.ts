import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellCommands } from '../../../src/imports/shellCommands';
import { readShell } from '../../../src/imports/shellText';

const texts = (text: string): (string | undefined)[] =>
  shellCommands(text).flatMap(({ words }) => words.map((word) => word.text));

describe('readShell', () => {
  it('reads words as bash does', () => {
    const character = fc.constantFrom(...'abcXYZ019 \t\\\'"#=:,./-_+@%^!|;&()<>\n'.split(''));
    const inner = fc.string({ unit: character, maxLength: 8 });
    const part = fc.oneof(
      fc.constantFrom(
        'a',
        'b-c',
        '--x=1',
        '#',
        'é',
        '0.1',
        '^openib',
        '%j',
        '\\ ',
        "\\'",
        '\\"',
        '\\#',
        '\\\n',
        '"a\\\nb"',
      ),
      inner.map((text) => `'${text.replaceAll("'", '')}'`),
      inner.map((text) => `"${text.replaceAll(/["\\!]/g, '')}"`),
      fc.constantFrom('"a\\"b"', '"a\\$b"', '"\\\\"', '"\\n"'),
    );
    const word = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
    const lines = fc
      .sample(fc.array(word, { minLength: 1, maxLength: 5 }), 400)
      .map((words) => `x${words.join(' ')}`);
    // A comment ends a line for bash; here the next line would belong to another command.
    const safe = lines.filter((line) => !/(?:^|\s)#/.test(line));
    expect(safe.length).toBeGreaterThan(150);
    const script = safe.map((line) => `printf '%s\\0' ${line}\nprintf '\\1\\0'`).join('\n');
    const said = execFileSync('bash', ['--norc', '-s'], { input: script, maxBuffer: 1 << 24 }).toString();
    const bash = said
      .split('\u0001\0')
      .slice(0, -1)
      .map((words) => words.split('\0').slice(0, -1));
    const own = safe.map((line) => texts(line));
    expect(own).toEqual(bash);
  });

  it('tells what a shell would change, and keeps it as it was written', () => {
    const source = 'a$b "q $c" `d e` $(f "g)" \')\') ${h:-i j} {k,l} ~/m n* o[1] \'$p\' \\$q "r\\$s" t<(u v)';
    const words = readShell(source).flatMap((token) => (token.kind === 'word' ? [token.word] : []));
    expect(words.map((word) => word.source).join(' ')).toBe(source);
    expect(
      words.map((word) => (word.plain ? word.text : word.text === undefined ? 'unknown' : `?${word.text}`)),
    ).toEqual([...Array<string>(6).fill('unknown'), '?~/m', '?n*', '?o[1]', '$p', '$q', 'r$s', 'unknown']);
  });

  it.each([
    '{a,b}',
    "{'a','b'}",
    '{"a b",c}',
    '{a,{b}}',
    '{a,$(b c)}',
    '{1..3}',
    'x{,y}',
    '{"a":1,"b":2}',
    '$[1+2]',
    '"$[1+2]"',
  ])('knows that bash expands %s', (source) => {
    const said = execFileSync('bash', ['--norc', '-s'], { input: `printf '%s\\n' ${source}` }).toString();
    expect(said).not.toBe(`${source.replaceAll(/["']/g, '')}\n`);
    const [word] = readShell(source);
    expect(word?.kind === 'word' && word.word).toMatchObject({ source, text: undefined, plain: false });
  });

  it('takes braces without a list for what they are', () => {
    expect(texts('{} {a} a{ }b "{a,b}" \\{a,b} {a\\} {"x"}')).toEqual([
      '{}',
      '{a}',
      'a{',
      '}b',
      '{a,b}',
      '{a,b}',
      '{a}',
      '{x}',
    ]);
  });

  it('parts commands, and leaves loops and functions whole', () => {
    const kinds = (text: string): string[] =>
      shellCommands(text).map(
        ({ source, isCompound, after }) =>
          `${isCompound ? 'compound ' : ''}${source}${after === '\n' ? '' : after}`,
      );
    expect(kinds('a; b && c || d | e & f\ng')).toEqual(['a;', 'b&&', 'c||', 'd|', 'e&', 'f', 'g']);
    expect(kinds('for i in 1 2; do a; done; b')).toEqual(['compound for i in 1 2; do a; done;', 'b']);
    expect(kinds('if a; then b; else c; fi\nd')).toEqual(['compound if a; then b; else c; fi', 'd']);
    expect(kinds('function f { a; }; f() { b; }\nc')).toEqual([
      'compound function f { a; };',
      'compound f() { b; }',
      'c',
    ]);
    expect(kinds('(a; b); c')).toEqual(['compound (a; b);', 'c']);
    expect(kinds('case a in b) c;; esac; d')).toEqual(['compound case a in b) c;; esac;', 'd']);
    expect(kinds('cat <<EOF >x\nmpirun y\nEOF\nb')).toEqual(['cat <<EOF >x\nmpirun y\nEOF', 'b']);
    expect(kinds('echo for done { }; a')).toEqual(['echo for done { };', 'a']);
  });
});
