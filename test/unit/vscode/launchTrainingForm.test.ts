import fc from 'fast-check';
import { parse } from 'jsonc-parser/lib/esm/main.js';
import { describe, expect, it } from 'vitest';
import { checkTraining } from '../../../src/config/training/checkTraining';
import { applyEdits } from '../../../src/language/applyEdits';
import type { Field, FormEdit } from '../../../src/protocol/launches';
import { trainingEdits, trainingFormState } from '../../../src/vscode/editors/launchTrainingForm';

const file = `{
  // tried by hand
  "lr": 0.001, "epochs": 20, /* enough */
  "nodes": 2,
  "gpus": 4,
  "batch_size": [16, 32],
  "num_workers": 7,
  "other": { "x": 1 }
}
`;

const stateOf = (text: string) => trainingFormState(text, checkTraining(text, {}));
const fieldOf = (text: string, key: string): Field => {
  const found = stateOf(text).form?.groups[0]?.fields.find(({ label }) => label === key);
  if (found === undefined) throw new Error(`no field ${key}`);
  return found;
};
const set = (key: string, text: string | null): FormEdit => ({
  kind: 'set',
  path: [key],
  value: text === null ? null : { kind: 'text', text },
});
const change = (text: string, key: string, value: string | null): string =>
  applyEdits(text, trainingEdits(text, set(key, value)));

describe('the form of a training configuration', () => {
  it('has the known keys of its shape, with values, findings and places', () => {
    expect(fieldOf(file, 'num_workers')).toMatchObject({
      control: 'number',
      value: '7',
      isSet: true,
      locked: null,
      at: { line: 6, character: 2 },
    });
    expect(fieldOf(file, 'num_workers').problems.map(({ code }) => code)).toEqual(['training.workers']);
    expect(fieldOf(file, 'use_gpu')).toMatchObject({
      control: 'choice',
      choices: ['true', 'false'],
      isSet: false,
    });
    expect(fieldOf(file, 'batch_size')).toMatchObject({
      value: '[16, 32]',
      locked: 'it is a list of values to search',
    });
    expect(() => fieldOf(file, 'other')).toThrow();
  });

  it('shows what the workers come to', () => {
    const totals = (text: string) => stateOf(text).totals.map(({ label, value }) => `${label} ${value}`);
    expect(totals(file)).toEqual(['Total workers 7', 'Total batch ?']);
    expect(totals('{"num_replicas": 4, "batch_size_per_replica": 2, "num_epochs": 1}')).toEqual([
      'Total replicas 4',
      'Total batch 8',
    ]);
  });

  it('says what is broken, and offers keys to an empty file', () => {
    expect(stateOf('{"lr": }')).toMatchObject({ form: null, broken: [{ code: 'training.syntax' }] });
    expect(stateOf('[]')).toMatchObject({ form: null, broken: [{ code: 'training.notAMapping' }] });
    expect(stateOf('')).toMatchObject({ form: null });
    expect(change('{}', 'lr', '0.1').replaceAll(/\s/g, '')).toBe('{"lr":0.1}');
  });
});

describe('a change', () => {
  it('touches its value alone; numbers and truth values are written as such', () => {
    expect(change(file, 'epochs', '30')).toBe(file.replace('20', '30'));
    expect(change(file, 'lr', ' 1e-3 ')).toBe(file.replace('0.001', '0.001'));
    expect(change(file, 'nodes', 'true')).toBe(file.replace('"nodes": 2', '"nodes": true'));
    expect(change(file, 'nodes', 'two')).toBe(file.replace('"nodes": 2', '"nodes": "two"'));
  });

  it('adds a key behind the others and takes one out, and leaves comments', () => {
    const added = change(file, 'use_gpu', 'true');
    expect(added).toBe(file.replace('{ "x": 1 }', '{ "x": 1 },\n  "use_gpu": true'));
    expect(change(added, 'use_gpu', null)).toBe(file);
    expect(change(file, 'nodes', null)).toContain('// tried by hand');
    expect(change(file, 'nodes', null)).toContain('/* enough */');
    const windows = file.replaceAll('\n', '\r\n');
    expect(change(windows, 'use_gpu', 'true')).toBe(added.replaceAll('\n', '\r\n'));
  });

  it('of a file that does not parse is refused', () => {
    for (const text of ['{', '[]', '', '{"lr": }']) {
      expect(() => trainingEdits(text, set('lr', '1'))).toThrow(/cannot be changed/);
    }
    expect(() => trainingEdits(file, { kind: 'remove', section: 'launches', name: 'lr' })).toThrow();
  });

  it('means exactly that, whatever the file and the order of its keys', () => {
    const keys = ['lr', 'epochs', 'nodes', 'gpus', 'use_gpu', 'mine'];
    const entry = fc.tuple(
      fc.constantFrom(...keys),
      fc.constantFrom('1', '"a"', 'true', '[1]', 'null'),
      fc.constantFrom('', ' // c', ' /* d */'),
    );
    const files = fc
      .tuple(
        fc.uniqueArray(entry, { selector: ([key]) => key }),
        fc.constantFrom('\n', '\r\n', ' '),
        fc.constantFrom('', '  ', '\t'),
      )
      .map(([entries, newline, indentation]) => {
        const lines = entries.map(([key, value, comment], index) => {
          const comma = index < entries.length - 1 ? ',' : '';
          return `${indentation}"${key}": ${value}${comma}${newline === ' ' ? '' : comment}`;
        });
        return ['{', ...lines, '}'].join(newline);
      });
    fc.assert(
      fc.property(
        files,
        fc.constantFrom('lr', 'epochs', 'use_gpu'),
        fc.option(fc.constantFrom('2', 'true', 'x "y"')),
        (text, key, value) => {
          const made = change(text, key, value);
          const expected = parse(text) as Record<string, unknown>;
          if (value === null) Reflect.deleteProperty(expected, key);
          else expected[key] = value === '2' ? 2 : value === 'true' ? true : value;
          expect(parse(made)).toEqual(expected);
          const comments = (one: string) => one.match(/\/\/ c|\/\* d \*\//g)?.length ?? 0;
          // The comment behind a value goes with it at most.
          expect(comments(text) - comments(made)).toBeLessThanOrEqual(value === null ? 1 : 0);
        },
      ),
    );
  });
});
