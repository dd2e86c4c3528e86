import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/language/applyEdits';
import { duplicateEntry } from '../../../src/language/yamlEditsCopy';
import { setValue } from '../../../src/language/yamlEdits';
import type { EditValue } from '../../../src/language/yamlEditsMeaning';

const file = `# of the lab
version: 1
clusters:
  lab:
    hosts: hosts # a file
    env: { NCCL_DEBUG: INFO, OMP_NUM_THREADS: 1 }
launches:
  # the usual one
  train:
    cluster: lab
    launcher: 'mpirun' # Open MPI
    command: python train.py
    np: 8   # all of them
    files:
      - train.py
      # the data
      - "data/"
      - model.py # last

  other: { cluster: lab, launcher: ssh, command: hostname }
`;

const text = (value: string): EditValue => ({ kind: 'scalar', text: value, reading: 'text' });
const value = (written: string): EditValue => ({ kind: 'scalar', text: written, reading: 'value' });
const list = (...items: string[]): EditValue => ({ kind: 'list', items, reading: 'text' });
const map = (entries: Record<string, string>): EditValue => ({
  kind: 'map',
  entries: Object.entries(entries),
  reading: 'literal',
});

/** The text after setting a value, or undefined when that is refused. */
function set(before: string, path: string, to: EditValue | undefined): string | undefined {
  const edits = setValue(before, path.split('.'), to);
  return edits === undefined ? undefined : applyEdits(before, edits);
}

/** The lines that a change takes out (`-`) and puts in (`+`). */
function changed(path: string, to: EditValue | undefined, before = file): string[] {
  const [old, made] = [before.split('\n'), (set(before, path, to) ?? 'refused').split('\n')];
  let start = 0;
  while (start < Math.min(old.length, made.length) && old[start] === made[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, made.length) - start && old.at(-1 - end) === made.at(-1 - end)) end++;
  return [
    ...old.slice(start, old.length - end).map((line) => `-${line}`),
    ...made.slice(start, made.length - end).map((line) => `+${line}`),
  ];
}

describe('a scalar', () => {
  it('keeps comment, blanks and quotes', () => {
    expect(changed('launches.train.np', value('16'))).toEqual([
      '-    np: 8   # all of them',
      '+    np: 16   # all of them',
    ]);
    expect(changed('launches.train.launcher', text("it's"))).toEqual([
      "-    launcher: 'mpirun' # Open MPI",
      "+    launcher: 'it''s' # Open MPI",
    ]);
  });

  it('is edited by as few characters as possible', () => {
    expect(setValue(file, ['launches', 'train', 'command'], text('python test.py'))).toEqual([
      { start: file.indexOf('rain.py\n    np'), end: file.indexOf('rain.py\n    np') + 4, text: 'est' },
    ]);
  });

  it('is quoted where YAML would read it otherwise', () => {
    expect(changed('launches.train.command', text('8'))[1]).toBe('+    command: "8"');
    expect(changed('launches.train.command', text('yes: no'))[1]).toBe('+    command: "yes: no"');
    expect(changed('launches.train.command', text('a "b" # c'))[1]).toBe(`+    command: 'a "b" # c'`);
    expect(changed('launches.other.command', text('a, b'))[1]).toContain('command: "a, b" }');
    expect(changed('launches.train.command', text('a, b'))[1]).toBe('+    command: a, b');
    expect(changed('launches.train.np', value('many'))[1]).toBe('+    np: many   # all of them');
  });

  it('of several lines becomes a block of text', () => {
    expect(changed('launches.train.command', text('cd x\n\nrun\n')).slice(1)).toEqual([
      '+    command: |',
      '+      cd x',
      '+',
      '+      run',
    ]);
    expect(changed('launches.other.command', text('a\nb'))[1]).toContain('command: "a\\nb" }');
  });

  it('that is a block of text keeps its first line and its column', () => {
    const before = 'a:\n  b:\n    command: |-  # why\n       one\n       two\n    # after\n    np: 1\n';
    expect(set(before, 'a.b.command', text('one\nthree'))).toBe(before.replace('two', 'three'));
    expect(set(before, 'a.b.command', text('one\nthree\n'))).toBe(
      before.replace('two', 'three').replace('|-', '|'),
    );
    expect(set(before, 'a.b.command', text('one'))).toBe(
      'a:\n  b:\n    command: one  # why\n    # after\n    np: 1\n',
    );
  });

  it('is put behind a key without a value', () => {
    const before = 'a:\n  b:\n    np:   # todo\n    env: { X: , Y: 1 }\n';
    expect(set(before, 'a.b.np', value('4'))).toBe(before.replace('np:', 'np: 4'));
    expect(set(before, 'a.b.env', map({ X: 'x', Y: '1' }))).toBe(before.replace('X: ', 'X: x '));
  });
});

describe('a key', () => {
  it('is added behind the last one, with what leads to it', () => {
    expect(changed('launches.train.nodes', value('2'))).toEqual(['+    nodes: 2']);
    expect(changed('launches.train.mpirun.bindTo', text('none'))).toEqual([
      '+    mpirun:',
      '+      bindTo: none',
    ]);
    expect(changed('launches.other.slurm.time', text('30'))[1]).toContain(
      'command: hostname, slurm: { time: "30" } }',
    );
    expect(changed('clusters.lab.setup', list('module load cuda', 'a: b'))).toEqual([
      '+    setup:',
      '+      - module load cuda',
      '+      - "a: b"',
    ]);
    expect(changed('clusters.lab.env2', map({ A: '1', B: 'x y' }))).toEqual([
      '+    env2:',
      '+      A: 1',
      '+      B: x y',
    ]);
  });

  it('goes with its line and its comment', () => {
    expect(changed('launches.train.np', undefined)).toEqual(['-    np: 8   # all of them']);
    expect(changed('launches.other.cluster', undefined)[1]).toBe(
      '+  other: { launcher: ssh, command: hostname }',
    );
    expect(changed('launches.other.command', undefined)[1]).toBe('+  other: { cluster: lab, launcher: ssh }');
    expect(changed('launches.train.files', list())).toEqual([
      '-    files:',
      '-      - train.py',
      '-      # the data',
      '-      - "data/"',
      '-      - model.py # last',
    ]);
  });

  it('takes the mapping with it that it leaves empty, but not its launch', () => {
    const before = 'a:\n  b:\n    np: 1\n    mpirun: # c\n      bindTo: none\n';
    expect(set(before, 'a.b.mpirun.bindTo', undefined)).toBe('a:\n  b:\n    np: 1\n');
    expect(set('a:\n  b: # c\n    np: 1\n  c: {}\n', 'a.b.np', undefined)).toBe('a:\n  b: {} # c\n  c: {}\n');
    expect(set('a:\n  b: {} # c\n', 'a.b.np', value('1'))).toBe('a:\n  b: # c\n    np: 1\n');
    expect(set('a:\n  b: { np: 1 }\n', 'a.b.np', undefined)).toBe('a:\n  b: {}\n');
  });

  it('at the end of a file without a last line break leaves none', () => {
    expect(set('a:\n  b:\n    c: 1\n    d: 2', 'a.b.d', undefined)).toBe('a:\n  b:\n    c: 1');
    expect(set('a:\n  b:\n    c: 1', 'a.b.d', value('2'))).toBe('a:\n  b:\n    c: 1\n    d: 2');
  });

  it('keeps the line ends of the file', () => {
    const before = 'a:\r\n  b:\r\n    c: 1\r\n    d: 2 # x\r\n';
    expect(set(before, 'a.b.e', list('x', 'y'))).toBe(`${before}    e:\r\n      - x\r\n      - y\r\n`);
    expect(set(before, 'a.b.c', undefined)).toBe('a:\r\n  b:\r\n    d: 2 # x\r\n');
    expect(set(before, 'a.b.c', text('1\n2\n'))).toBe(before.replace('1', '|\r\n      1\r\n      2'));
  });
});

describe('a list', () => {
  it('changes only the items that differ', () => {
    expect(changed('launches.train.files', list('train.py', 'data/', 'new.py', 'model.py'))).toEqual([
      '+      - new.py',
    ]);
    expect(changed('launches.train.files', list('train.py', 'model.py'))).toEqual(['-      - "data/"']);
    expect(changed('launches.train.files', list('train.py', 'other/', 'model.py'))).toEqual([
      '-      - "data/"',
      '+      - "other/"',
    ]);
    expect(changed('launches.train.files', list('first', 'train.py', 'data/', 'model.py'))).toEqual([
      '+      - first',
    ]);
    expect(changed('launches.train.files', list('train.py', 'data/', 'model.py', 'z'))).toEqual([
      '+      - z',
    ]);
  });

  it('on one line stays on it', () => {
    const before = 'a:\n  b:\n    files: [one, "two", three] # c\n';
    const files = (...items: string[]) => set(before, 'a.b.files', list(...items));
    expect(files('one', 'three')).toBe(before.replace(', "two"', ''));
    expect(files('three')).toBe(before.replace('one, "two", ', ''));
    expect(files('one')).toBe(before.replace(', "two", three', ''));
    expect(files('zero', 'one', 'two', 'three', 'x, y')).toBe(
      before.replace('[one, "two", three]', '[zero, "one", two, three, "x, y"]'),
    );
  });

  it('can take the place of text, and text that of a list', () => {
    expect(set('a:\n  b:\n    setup: one # c\n', 'a.b.setup', list('one', 'two'))).toBe(
      'a:\n  b:\n    setup: [one, two] # c\n',
    );
    expect(set('a:\n  b:\n    setup:\n      - one\n      - two\n', 'a.b.setup', text('one'))).toBe(
      'a:\n  b:\n    setup: one\n',
    );
    expect(set('a:\n  b:\n    setup:\n      # why\n      - one\n', 'a.b.setup', text('one'))).toBeUndefined();
  });
});

describe('a mapping', () => {
  it('changes only the entries that differ, and renames in place', () => {
    expect(changed('clusters.lab.env', map({ NCCL_DEBUG: 'WARN', OMP_NUM_THREADS: '1' }))[1]).toBe(
      '+    env: { NCCL_DEBUG: WARN, OMP_NUM_THREADS: 1 }',
    );
    expect(changed('clusters.lab.env', map({ NCCL_DEBUG: 'INFO', OMP: '1', X: '${secret:a}' }))[1]).toBe(
      '+    env: { NCCL_DEBUG: INFO, OMP: 1, X: "${secret:a}" }',
    );
    expect(changed('clusters.lab.env', map({ OMP_NUM_THREADS: '1' }))[1]).toBe(
      '+    env: { OMP_NUM_THREADS: 1 }',
    );
    const block = 'a:\n  b:\n    env:\n      # first\n      X: "1" # x\n      Y: 1.10\n';
    expect(set(block, 'a.b.env', map({ X: '2', Z: '1.10', W: '1.20' }))).toBe(
      'a:\n  b:\n    env:\n      # first\n      X: "2" # x\n      Z: 1.10\n      W: 1.20\n',
    );
    expect(set(block, 'a.b.env', map({ Y: '1.10' }))).toBe(
      'a:\n  b:\n    env:\n      # first\n      Y: 1.10\n',
    );
  });
});

describe('is refused', () => {
  it.each([
    ['a file that does not parse', 'a:\n  b: [1\n', 'a.b'],
    ['an alias', 'x: &x 1\na:\n  b:\n    c: *x\n', 'a.b.c'],
    ['a value that an alias repeats', 'x:\n  y:\n    c: &x 1\na:\n  b:\n    c: *x\n', 'x.y.c'],
    [
      'a value in a mapping that is merged elsewhere',
      'x:\n  y: &y\n    c: 1\na:\n  b:\n    <<: *y\n',
      'x.y.c',
    ],
    ['a value below an alias', 'x:\n  y: &y\n    c: 1\na:\n  b: *y\n', 'a.b.c'],
    ['a tag', 'a:\n  b:\n    c: !!str 1\n', 'a.b.c'],
    ['a key that begins with a question mark', 'a:\n  b:\n    ? c\n    : 1\n', 'a.b.c'],
    ['a path through text', 'a:\n  b: text\n', 'a.b.c'],
  ])('%s', (_what, before, path) => {
    expect(set(before, path, text('new'))).toBeUndefined();
  });

  it('taking out what only a merge key gives, or what an alias needs', () => {
    expect(set('x:\n  y: &y\n    c: 1\na:\n  b:\n    <<: *y\n', 'a.b.c', undefined)).toBeUndefined();
    expect(set('x:\n  y: &y\n    c: 1\n  z: {}\na:\n  b:\n    <<: *y\n', 'x.y', undefined)).toBeUndefined();
  });
});

describe('entries', () => {
  it('are taken out with their lines; the last one with its section', () => {
    expect(changed('launches.other', undefined)).toEqual([
      '-  other: { cluster: lab, launcher: ssh, command: hostname }',
    ]);
    expect(changed('clusters.lab', undefined)[0]).toBe('-clusters:');
  });

  it('are copied behind themselves, byte for byte', () => {
    const copy = (before: string, name: string, to: string) => {
      const edits = duplicateEntry(before, 'launches', name, to);
      return edits && applyEdits(before, edits);
    };
    const entry = file.slice(file.indexOf('    cluster: lab\n    launcher'), file.indexOf('\n  other'));
    expect(copy(file, 'train', 'train 2')).toBe(
      file.replace('\n\n  other', `\n\n  train 2:\n${entry}\n  other`),
    );
    expect(copy(file, 'train', 'other')).toBeUndefined();
    expect(copy(file, 'none', 'new')).toBeUndefined();
    expect(copy('launches: { a: { np: 1 } }', 'a', 'b')).toBe('launches: { a: { np: 1 }, b: { np: 1 } }');
    expect(copy('x: &x\n  np: 1\nlaunches:\n  a: &a # c\n    <<: *x\n    n: &n 2\n  c: *a', 'a', 'b')).toBe(
      'x: &x\n  np: 1\nlaunches:\n  a: &a # c\n    <<: *x\n    n: &n 2\n  b: # c\n    <<: *x\n    n: 2\n  c: *a',
    );
  });
});
