import { describe, expect, it } from 'vitest';
import { checkFile } from '../../../src/config/checkFile';
import { parseYaml } from '../../../src/config/yamlTree';
import { isTooDeep } from '../../../src/config/yamlDepth';
import { rankwiseLanguage } from '../../../src/language/rankwiseLanguage';
import { trainingLanguage } from '../../../src/language/trainingLanguage';
import { setValue } from '../../../src/language/yamlEdits';

const yamlLevels = [
  '[',
  '{',
  '{a: ',
  '- ',
  '? ',
  '[?',
  '- ? ',
  '- [',
  '[a: ',
  'a: ',
  '{ ? [',
  '!!map {a: ',
  '&a [',
];
const indented = (levels: number, line: (level: number) => string): string =>
  Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}${line(level)}\n`).join('');

describe('ten thousand levels', () => {
  it.each(yamlLevels)('of %j are refused before the parser is at the end of its stack', (level) => {
    const text = level.repeat(10_000);
    expect(isTooDeep(text)).toBe(true);
    expect(checkFile('rankwise', '/ws/rankwise.yaml', text)).toMatchObject([{ code: 'rankwise.syntax' }]);
    expect(setValue(`launches:\n  a: ${text}`, ['launches', 'a'], undefined)).toBeUndefined();
  });

  it('of indentation are refused', () => {
    expect(isTooDeep(indented(2000, () => 'a:'))).toBe(true);
    expect(isTooDeep(indented(2000, (level) => (level % 2 === 0 ? '-' : 'a:')))).toBe(true);
  });

  it('in one entry are told of, and asking for more does no harm', () => {
    const text = `version: 1\nlaunches:\n  a:\n    command: ${'['.repeat(10_000)}`;
    expect(parseYaml(text).problems.map(({ message }) => message)).toEqual([
      'This YAML is nested too deeply to be read. Use fewer levels.',
    ]);
    for (const offset of [0, 20, text.length]) {
      rankwiseLanguage.completions(text, offset, {});
      rankwiseLanguage.hover(text, offset, {});
    }
  });

  it.each(['[', '{"a":', '[{"a":'])('of JSON, %j, are a fault', (level) => {
    const text = level.repeat(10_000);
    expect(checkFile('training', '/ws/a.json', text)).toMatchObject([{ code: 'training.syntax' }]);
    trainingLanguage.completions(text, text.length, {});
  });
});

it('refuses a file that would take seconds', () => {
  const text = `version: 1\n${'# a\n'.repeat(500_001)}`;
  expect(checkFile('rankwise', '/ws/rankwise.yaml', text)).toMatchObject([{ code: 'rankwise.tooLarge' }]);
  expect(parseYaml(text)).toMatchObject({ root: undefined, problems: [{ code: 'rankwise.syntax' }] });
});

describe('what people write', () => {
  it('is not too deep', () => {
    const brackets = 'a: [[1, 2], [3, 4]] # [[[[\nb: "[[[[{{{{: : : - - -"\n'.repeat(500);
    expect(isTooDeep(brackets)).toBe(false);
    expect(isTooDeep(`a: "${'- : ? ['.repeat(1000)}"\n`)).toBe(false);
    expect(isTooDeep(indented(30, () => 'a:'))).toBe(false);
    expect(isTooDeep(`a: ${'['.repeat(40)}${']'.repeat(40)}\n`)).toBe(false);
  });

  it('may have many brackets that are closed', () => {
    const list = Array.from({ length: 5000 }, () => '[1, {"a": 2}]').join(',\n');
    expect(
      checkFile('training', '/ws/a.json', `{"lr": 0.1, "epochs": 1, "extra": [${list}]}`),
    ).not.toContainEqual(expect.objectContaining({ code: 'training.syntax' }));
  });
});
