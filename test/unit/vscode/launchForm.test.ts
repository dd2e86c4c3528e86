import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/language/applyEdits';
import type { Field, FieldValue, FormEdit, FormState, Section } from '../../../src/protocol/launches';
import { launchEdits } from '../../../src/vscode/editors/launchEdits';
import { launchFormState } from '../../../src/vscode/editors/launchForm';

const file = `version: 1
clusters:
  lab: { hosts: [node1, node2], env: { A: 1 } }
  uni:
    login: me@login
    slurm:
      time: 30
launches:
  train:
    cluster: lab
    launcher: mpirun
    command: [python, train.py]
    np: 0 # all
    gpus: \${params.g}
    mpirun:
      mca: { pml: ob1 }
      bogus: 1
    matrix: { np: [1, 2] }
  base: &base
    cluster: labb
    launcher: ssh
  child:
    <<: *base
    command: |
      cd x
      run
    onWorkerExit: *base
`;

const stateOf = (text: string, name = 'train', section: Section = 'launches'): FormState =>
  launchFormState(text, { section, name }, []);
const fieldsOf = (state: FormState): Field[] => state.form?.groups.flatMap(({ fields }) => fields) ?? [];
const fieldOf = (state: FormState, path: string): Field => {
  const found = fieldsOf(state).find((field) => field.path.slice(2).join('.') === path);
  if (found === undefined) throw new Error(`no field ${path}`);
  return found;
};
const change = (text: string, edit: FormEdit): string => applyEdits(text, launchEdits(text, edit));

describe('the form of a launch', () => {
  it('has the control that the schema asks for and the value that the file has', () => {
    const state = stateOf(file);
    const shown = [
      'cluster',
      'launcher',
      'command',
      'np',
      'env',
      'mpirun.mca',
      'onWorkerExit',
      'metrics',
    ].map((path) => {
      const { control, value, pairs, locked } = fieldOf(state, path);
      return [path, control, pairs.length > 0 ? pairs : value, locked];
    });
    expect(shown).toEqual([
      ['cluster', 'choice', 'lab', null],
      ['launcher', 'choice', 'mpirun', null],
      ['command', 'lines', 'python\ntrain.py', null],
      ['np', 'number', '0', null],
      ['env', 'pairs', '', null],
      ['mpirun.mca', 'pairs', [{ name: 'pml', value: 'ob1' }], null],
      ['onWorkerExit', 'choice', '', null],
      ['metrics', 'long', '', 'it has parts of its own'],
    ]);
    expect(fieldOf(state, 'cluster').choices).toEqual(['lab', 'uni', 'practice']);
    expect(fieldOf(state, 'cluster').required).toBe(true);
    expect(fieldOf(state, 'np').required).toBe(false);
    expect(fieldOf(state, 'onWorkerExit').placeholder).toBe('stop');
  });

  it('has the findings beside their fields, what belongs to none above them, and counts them in the list', () => {
    const state = stateOf(file);
    expect(fieldOf(state, 'np').problems).toEqual([
      {
        code: 'rankwise.invalidValue',
        severity: 'error',
        message: '`launches.train.np` must be at least 1.',
        at: { line: 12, character: 8 },
      },
    ]);
    expect(state.form?.problems.map(({ code }) => code)).toEqual(['rankwise.unknownKey']);
    expect(state.entries.find(({ name }) => name === 'train')?.errors).toBeGreaterThanOrEqual(3);
    expect(
      fieldOf(stateOf('version: 1\nlaunches:\n  a:\n    np: 1\n', 'a'), 'cluster').problems[0]?.code,
    ).toBe('rankwise.missingKey');
  });

  it('shows findings of the whole workspace at their places', () => {
    const start = { line: 10, character: 14 };
    const other = {
      code: 'x.y',
      severity: 'warning',
      message: 'Not there.',
      range: { start, end: start },
    } as const;
    const state = launchFormState(file, { section: 'launches', name: 'train' }, [other]);
    expect(fieldOf(state, 'launcher').problems).toEqual([
      { code: 'x.y', severity: 'warning', message: 'Not there.', at: start },
    ]);
  });

  it('locks what it cannot hold, and says why', () => {
    const locked = (name: string, path: string) => fieldOf(stateOf(file, name), path).locked;
    expect(locked('train', 'matrix')).toBe('it has parts of its own');
    expect(fieldOf(stateOf(file), 'matrix').value).toBe('{ np: [1, 2] }');
    expect(locked('train', 'gpus')).toBe('it is an expression');
    expect(locked('child', 'launcher')).toBe('a merge key (`<<`) gives it');
    expect(locked('child', 'command')).toBeNull();
    expect(locked('child', 'onWorkerExit')).toBe('it is the alias `*base`');
    expect(locked('base', 'cluster')).toBe('it belongs to `&base`, which other places use');
    expect(
      fieldOf(stateOf('version: 1\nlaunches:\n  a: { command: "x\\ry" }\n', 'a'), 'command').locked,
    ).toBe('it has control characters');
  });

  it('shows options of other launchers only where they are set', () => {
    const groups = (name: string, section?: Section) =>
      stateOf(file, name, section).form?.groups.map(({ name }) => name);
    expect(groups('train')).toEqual(['', 'stop', 'mpirun', 'more']);
    expect(groups('uni', 'clusters')).toEqual(['', 'slurm', 'more']);
    const other = file.replace('launcher: mpirun', 'launcher: ssh');
    expect(stateOf(other).form?.groups.map(({ name }) => name)).toEqual([
      '',
      'stop',
      'mpirun',
      'ssh',
      'more',
    ]);
  });

  it('says what is broken, and shows an empty file as empty', () => {
    const broken = stateOf('version: 1\nlaunches:\n  a: [1\n');
    expect(broken.broken[0]).toMatchObject({ code: 'rankwise.syntax', at: { line: 3, character: 0 } });
    expect(broken.form).toBeNull();
    for (const text of ['', '# only this\n', 'version: 1\n']) {
      expect(stateOf(text)).toMatchObject({ broken: [], entries: [], form: null });
    }
    for (const text of ['- 1\n', 'text\n', 'launches: 3\n', 'launches:\n  a: 3\n', 'launches:\n  a: [1]\n']) {
      expect(() => stateOf(text, 'a')).not.toThrow();
    }
  });
});

describe('changes in the form', () => {
  const samples: Record<Field['control'], FieldValue[]> = {
    text: [
      { kind: 'text', text: 'a: b' },
      { kind: 'text', text: '8' },
    ],
    number: [
      { kind: 'text', text: '8' },
      { kind: 'text', text: 'many' },
    ],
    choice: [],
    long: [
      { kind: 'text', text: 'one\ntwo' },
      { kind: 'text', text: '# three' },
    ],
    lines: [{ kind: 'lines', lines: ['a', '- b', '8'] }],
    pairs: [
      {
        kind: 'pairs',
        pairs: [
          { name: 'A', value: '1.10' },
          { name: 'b', value: 'x y' },
        ],
      },
    ],
  };
  const shownOf = (field: Field) => (field.control === 'pairs' ? field.pairs : field.value);
  const meantBy = (value: FieldValue) =>
    value.kind === 'pairs' ? value.pairs : value.kind === 'lines' ? value.lines.join('\n') : value.text;

  it.each([
    ['launches', 'train'],
    ['launches', 'child'],
    ['clusters', 'lab'],
    ['clusters', 'uni'],
  ] as const)(
    'of every field of %s.%s are what the form shows next, and nothing else is',
    (section, name) => {
      const before = stateOf(file, name, section);
      let changed = 0;
      for (const field of fieldsOf(before).filter(({ locked }) => locked === null)) {
        const values = [
          ...samples[field.control],
          ...field.choices.map((text): FieldValue => ({ kind: 'text', text })),
        ];
        for (const value of values) {
          const after = stateOf(change(file, { kind: 'set', path: field.path, value }), name, section);
          const key = field.path.slice(2).join('.');
          expect([key, shownOf(fieldOf(after, key))]).toEqual([key, meantBy(value)]);
          const others = (state: FormState) =>
            fieldsOf(state)
              .filter(({ path, isSet }) => isSet && path.join() !== field.path.join())
              .map((one) => [one.path.join('.'), shownOf(one)]);
          expect(others(after)).toEqual(others(before));
          changed++;
        }
        const without = stateOf(change(file, { kind: 'set', path: field.path, value: null }), name, section);
        expect(fieldsOf(without).some(({ path, isSet }) => isSet && path.join() === field.path.join())).toBe(
          false,
        );
      }
      expect(changed).toBeGreaterThanOrEqual(20);
    },
  );

  it('write numbers as numbers, and text that looks like one as text', () => {
    const set = (key: string, text: string) =>
      change(file, { kind: 'set', path: ['launches', 'train', key], value: { kind: 'text', text } });
    expect(set('np', '16')).toBe(file.replace('np: 0 #', 'np: 16 #'));
    expect(set('partition', '16')).toContain('    partition: "16"\n');
    expect(set('parallel', 'slots')).toContain('    parallel: slots\n');
    expect(set('parallel', '4')).toContain('    parallel: 4\n');
  });

  it('add, copy, rename and remove entries, with what refers to them', () => {
    const added = change(file, { kind: 'add', section: 'launches', name: 'new' });
    expect(stateOf(added, 'new').form?.entry?.name).toBe('new');
    expect(stateOf(added, 'new').entries.find(({ name }) => name === 'new')?.errors).toBe(0);
    expect(change('', { kind: 'add', section: 'clusters', name: 'c' })).toBe(
      'version: 1\nclusters:\n  c:\n    hosts:\n      - node1\n',
    );
    const copied = change(file, { kind: 'duplicate', section: 'clusters', name: 'lab', newName: 'lab-2' });
    expect(copied).toBe(
      file.replace(/( {2}lab: .*\n)/, `$1${/ {2}lab: .*\n/.exec(file)?.[0].replace('lab', 'lab-2')}`),
    );
    const renamed = change(file, { kind: 'rename', section: 'clusters', name: 'lab', newName: 'my lab' });
    expect(renamed).toBe(file.replace('  lab:', '  my lab:').replace('cluster: lab\n', 'cluster: my lab\n'));
    expect(change(file, { kind: 'remove', section: 'clusters', name: 'lab' })).toBe(
      file.replace(/ {2}lab: .*\n/, ''),
    );
  });

  it('that would touch something else are refused with the next step', () => {
    const refuse = (edit: FormEdit) =>
      expect(() => launchEdits(file, edit)).toThrow(/without touching something else/);
    const value: FieldValue = { kind: 'text', text: 'x' };
    refuse({ kind: 'set', path: ['launches', 'base', 'cluster'], value });
    refuse({ kind: 'remove', section: 'launches', name: 'base' });
    expect(() =>
      launchEdits(file, { kind: 'rename', section: 'launches', name: 'base', newName: 'train' }),
    ).toThrow('There is a launch `train` already');
    refuse({ kind: 'add', section: 'launches', name: 'train' });
    expect(() => launchEdits('a: [', { kind: 'set', path: ['a'], value })).toThrow();
  });

  it('of a large file take no longer than a person notices', () => {
    const large = `version: 1\nlaunches:\n${Array.from({ length: 250 }, (_, index) => `  l${index}:\n    cluster: practice\n    launcher: ssh\n    command: hostname\n    np: 1\n    env:\n      A: 1\n      B: 2\n`).join('')}`;
    const begun = performance.now();
    const edits = launchEdits(large, {
      kind: 'set',
      path: ['launches', 'l200', 'np'],
      value: { kind: 'text', text: '2' },
    });
    launchFormState(applyEdits(large, edits), { section: 'launches', name: 'l200' }, []);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('the starter file', () => {
  it('is shown without a finding', () => {
    const text = readFileSync('src/vscode/text/starterConfig.ts', 'utf8');
    const yaml = /`([^`]+)`/.exec(text)?.[1] ?? '';
    const state = launchFormState(yaml, undefined, []);
    expect(state.form?.entry?.section).toBe('launches');
    expect([...state.problems, ...(state.form?.problems ?? [])]).toEqual([]);
  });
});
