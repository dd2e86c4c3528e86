import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/language/applyEdits';
import { setHostfileField } from '../../../src/language/hostfileEditsFields';
import {
  duplicateHostfileLines,
  enableHosts,
  insertHostfileLines,
  moveHostfileLines,
  removeHostfileLines,
  setHostfileLine,
} from '../../../src/language/hostfileEditsLines';
import { nextHostName } from '../../../src/language/hostfileEditsNames';
import { pastedHosts } from '../../../src/language/hostfileEditsPaste';
import { hostfileFields, hostfileRows, type HostfileField } from '../../../src/language/hostfileEditsRows';

const shown = (text: string) =>
  hostfileRows(text).map(({ kind, values, more }) => {
    const cells = hostfileFields.map((field) => values[field]?.value ?? '');
    return [kind, ...cells, ...(more === '' ? [] : [more])].join('|');
  });
const set = (text: string, line: number, field: HostfileField, value: string) =>
  applyEdits(text, setHostfileField(text, field, [{ line, value }]));

describe('the rows of a hostfile', () => {
  it.each([
    ['node1 slots=4', 'host|node1|4|||'],
    ['\tubuntu@10.0.0.5   slots = 8 port=2222 # rack A ', 'host|10.0.0.5|8|ubuntu|2222|rack A'],
    ['node1 username=me cpu=2 max-slots=8', 'host|node1|2|me|||max-slots=8'],
    ['node1:4', 'host|node1:4||||'],
    ['node1 slots:2', 'host|node1|||||slots:2'],
    ['node1 slots= port=22', 'host|node1|||22|'],
    ['node1 slots=4 slots=8', 'host|node1|4||||slots=8'],
    ['@node1', 'other|||||'],
    ['node1 // spare', 'host|node1||||spare'],
    ['#node1', 'disabled|node1||||'],
    ['# node1 slots=4 # broken', 'disabled|node1|4|||broken'],
    ['//me@node1', 'disabled|node1||me||'],
    ['# node1', 'comment|||||'],
    ['# see node1 slots=4', 'comment|||||'],
    ['# use slots=4 here', 'comment|||||'],
    ['#', 'comment|||||'],
    ['   ', 'blank|||||'],
    ['slots=4', 'other|||||'],
    ['= 4', 'other|||||'],
    ['node1 slots==4', 'other|||||'],
    ['node1 /* x */', 'other|||||'],
  ])('%j', (line, row) => {
    expect(shown(line)).toEqual([row]);
  });

  it('know comments over several lines, every kind of line break and a byte order mark', () => {
    expect(shown('\uFEFFnode1\r\n/* one\r\nnode2\r\n*/\r\nnode3')).toEqual([
      'host|node1||||',
      'comment|||||',
      'comment|||||',
      'comment|||||',
      'host|node3||||',
    ]);
    expect(shown('')).toEqual([]);
    expect(shown('\n\n')).toEqual(['blank|||||', 'blank|||||']);
  });
});

describe('a field', () => {
  it.each<[string, HostfileField, string, string]>([
    ['node1 slots=4  # a', 'slots', '8', 'node1 slots=8  # a'],
    ['node1 slots = 4', 'slots', '16', 'node1 slots = 16'],
    ['node1   # a', 'slots', '2', 'node1 slots=2   # a'],
    ['node1  slots=4 port=22', 'slots', '', 'node1 port=22'],
    ['node1 port=22', 'slots', '4', 'node1 slots=4 port=22'],
    ['node1 slots=', 'slots', '4', 'node1 slots=4'],
    ['node1 slots=4', 'user', 'me', 'me@node1 slots=4'],
    ['me@node1 slots=4', 'user', '', 'node1 slots=4'],
    ['node1 username=me slots=4', 'user', 'you', 'node1 username=you slots=4'],
    ['node1 username=me slots=4', 'user', '', 'node1 slots=4'],
    ['node1 slots=4', 'port', '2222', 'node1 slots=4 port=2222'],
    ['me@node1 slots=4', 'host', 'node2', 'me@node2 slots=4'],
    ['node1 slots=4 ', 'note', 'rack A', 'node1 slots=4 # rack A'],
    ['node1 // a', 'note', 'b', 'node1 // b'],
    ['node1 #a', 'note', '', 'node1'],
    ['# node1 slots=4 # a', 'slots', '8', '# node1 slots=8 # a'],
    ['#node1', 'user', 'me', '#me@node1'],
  ])('%j: %s %j', (line, field, value, expected) => {
    expect(set(`a\r\n${line}\r\nb`, 1, field, value)).toBe(`a\r\n${expected}\r\nb`);
  });

  it('is refused where it is none, with what to write', () => {
    const refusal = (field: HostfileField, value: string) => {
      try {
        set('node1', 0, field, value);
      } catch (error) {
        return error instanceof Error ? error.message : '';
      }
      return 'taken';
    };
    expect(refusal('slots', '0')).toContain('no number of slots');
    expect(refusal('slots', '4 port=1')).toContain('no number of slots');
    expect(refusal('port', '65536')).toContain('no port');
    expect(refusal('host', '')).toContain('needs a name');
    expect(refusal('host', 'a b')).toContain('no host');
    expect(refusal('host', '-oProxyCommand=x')).toContain('no host');
    expect(refusal('user', 'a b')).toContain('no user');
    expect(refusal('note', 'a\nevil')).toContain('one line');
    expect(() => set('# text', 0, 'slots', '4')).toThrow('holds no host');
    expect(() => set('node1', 7, 'slots', '4')).toThrow('holds no host');
  });
});

describe('lines', () => {
  it('are taken out, moved, copied and put in with the line breaks of the file', () => {
    const text = 'a\r\nb\r\nc';
    const after = (edits: ReturnType<typeof removeHostfileLines>) => applyEdits(text, edits);
    expect(after(removeHostfileLines(text, [1]))).toBe('a\r\nc');
    expect(after(removeHostfileLines(text, [2]))).toBe('a\r\nb');
    expect(after(removeHostfileLines(text, [2, 1, 0]))).toBe('');
    expect(after(moveHostfileLines(text, [2], -1))).toBe('a\r\nc\r\nb');
    expect(after(moveHostfileLines(text, [0, 1], 1))).toBe('c\r\na\r\nb');
    expect(after(moveHostfileLines(text, [0], -1))).toBe(text);
    expect(after(insertHostfileLines(text, 1, ['x', 'y']))).toBe('a\r\nx\r\ny\r\nb\r\nc');
    expect(after(insertHostfileLines(text, 3, ['x']))).toBe('a\r\nb\r\nc\r\nx');
    expect(after(duplicateHostfileLines(text, [0]))).toBe('a\r\na2\r\nb\r\nc');
    expect(applyEdits('', insertHostfileLines('', 0, ['x']))).toBe('x\n');
    expect(applyEdits('a\n', insertHostfileLines('a\n', 1, ['x']))).toBe('a\nx\n');
    expect(applyEdits(text, setHostfileLine(text, 1, '# b'))).toBe('a\r\n# b\r\nc');
    expect(() => setHostfileLine(text, 1, 'b\nc')).toThrow('one line');
    expect(applyEdits('# rack A\na', setHostfileLine('# rack A\na', 0, 'rack B'))).toBe('# rack B\na');
    expect(applyEdits('# rack A\na', setHostfileLine('# rack A\na', 0, ''))).toBe('\na');
  });

  it('are copied with names that are free', () => {
    const text = 'me@node1 slots=2 # x\nnode2\n';
    const many = Array.from({ length: 20_000 }, (_, index) => `node${index} slots=8`).join('\n');
    const edits = duplicateHostfileLines(
      many,
      Array.from({ length: 2000 }, (_, index) => index),
    );
    expect(edits[0]?.text).toMatch(/^node20000 slots=8\nnode20001 [^]*node21999 slots=8\n$/);
    expect(applyEdits(text, duplicateHostfileLines(text, [0, 1]))).toBe(
      'me@node1 slots=2 # x\nnode2\nme@node3 slots=2 # x\nnode4\n',
    );
    expect(nextHostName('10.0.0.254', new Set())).toBe('10.0.1.1');
    expect(nextHostName('gpu09.lab.org', new Set(['gpu10.lab.org']))).toBe('gpu11.lab.org');
  });

  it('are disabled by a comment, and enabled again whoever made the comment', () => {
    const text = '  node1 slots=2\n# node2 slots=4\n// node3 slots=4\n# words\n';
    const off = applyEdits(text, enableHosts(text, [0, 1, 3], false));
    expect(off).toBe('  #node1 slots=2\n# node2 slots=4\n// node3 slots=4\n# words\n');
    expect(applyEdits(off, enableHosts(off, [0, 1, 2, 3], true))).toBe(
      '  node1 slots=2\nnode2 slots=4\nnode3 slots=4\n# words\n',
    );
  });
});

describe('what is pasted', () => {
  it.each([
    ['node[1-3]', ['node1 slots=4', 'node2 slots=4', 'node3 slots=4']],
    ['gpu[08-10,12]', ['gpu08 slots=4', 'gpu09 slots=4', 'gpu10 slots=4', 'gpu12 slots=4']],
    ['r[1-2]n[1-2] slots=2 # x', ['r1n1', 'r1n2', 'r2n1', 'r2n2'].map((host) => `${host} slots=2 # x`)],
    ['a, b;c:8\nd', ['a slots=4', 'b slots=4', 'c slots=8', 'd slots=4']],
    ['a:2,b:2', ['a slots=2', 'b slots=2']],
    ['- "10.0.0.5"\n- "10.0.0.6"', ['10.0.0.5 slots=4', '10.0.0.6 slots=4']],
    ['# rack A\n\nme@a slots=1\n', ['# rack A', 'me@a slots=1']],
    ['a # x', ['a # x']],
    ['  ', []],
  ])('%j', (text, lines) => {
    expect(pastedHosts(text, '4')).toEqual(lines);
  });

  it('is refused where it is no range, or no cluster', () => {
    for (const text of ['node[1-', 'node[a-b]', 'node[4-1]', 'node[]']) {
      expect(() => pastedHosts(text, '')).toThrow('no range');
    }
    for (const text of ['n[1-10001]', 'n[1-999999999]', 'a[1-200]b[1-200]']) {
      expect(() => pastedHosts(text, '')).toThrow('more than 10000');
    }
  });
});

describe('over random files', () => {
  const host = fc.constantFrom('node1', 'me@10.0.0.5', 'gpu-7.lab', 'head');
  const setting = fc.constantFrom(
    'slots=4',
    'slots = 2',
    'port=22',
    'max-slots=8',
    'cpu=1',
    'word',
    'username=u',
  );
  const hostLine = fc
    .tuple(
      fc.constantFrom('', '  ', '#', '# ', '//'),
      host,
      fc.array(setting, { maxLength: 3 }),
      fc.constantFrom('', ' # n', '#n', '  '),
    )
    .map(([mark, name, settings, note]) => `${mark}${[name, ...settings].join(' ')}${note}`);
  const line = fc.oneof(
    { weight: 4, arbitrary: hostLine },
    fc.constantFrom('', '# prose here', '/* open', 'x */', '=', 'slots=4', '\t'),
    fc.string({ unit: fc.constantFrom('a', '=', '#', '/', '*', ' ', '@', ':', '[', 'é'), maxLength: 12 }),
  );
  const file = fc
    .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean())
    .map(
      ([lines, lineBreak, ends, mark]) =>
        `${mark ? '\uFEFF' : ''}${lines.join(lineBreak)}${ends ? lineBreak : ''}`,
    );
  const texts = (text: string) => hostfileRows(text).map((row) => row.text);

  it('rows hold the whole text', () => {
    fc.assert(
      fc.property(file, (text) => {
        const rows = hostfileRows(text);
        const whole = rows.map((row) => row.text + text.slice(row.end, row.next)).join('');
        expect(whole).toBe(text.replace(/^\uFEFF/, ''));
        for (const { values, bodyStart, bodyEnd, start, end } of rows) {
          expect(start <= bodyStart && bodyStart <= bodyEnd && bodyEnd <= end).toBe(true);
          for (const value of Object.values(values))
            expect(text.slice(value.start, value.end)).toBe(value.value);
        }
      }),
    );
  });

  it('a field that is set is read again, and nothing else is another', () => {
    const values: Record<HostfileField, string[]> = {
      host: ['new1', '10.1.1.1'],
      slots: ['7', ''],
      user: ['ann', ''],
      port: ['77', ''],
      note: ['new', ''],
    };
    fc.assert(
      fc.property(
        file,
        fc.nat(7),
        fc.constantFrom(...hostfileFields),
        fc.nat(1),
        (text, line, field, which) => {
          const row = hostfileRows(text)[line];
          if (row?.kind !== 'host' && row?.kind !== 'disabled') return;
          const value = values[field][which] ?? '';
          const after = hostfileRows(set(text, line, field, value));
          expect(after.map((other) => other.text).filter((_, index) => index !== line)).toEqual(
            texts(text).filter((_, index) => index !== line),
          );
          const changed = after[line];
          for (const each of hostfileFields) {
            const had = row.values[each]?.value ?? '';
            // A second setting of the same kind takes the place of one that is taken away.
            if (each === field && value === '' && /=/.test(row.more)) continue;
            if (changed?.kind === 'comment' && row.kind === 'disabled') continue;
            expect(changed?.values[each]?.value ?? '').toBe(each === field ? value : had);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('what is done can be done back: disabled and enabled, up and down, in and out', () => {
    fc.assert(
      fc.property(file, fc.uniqueArray(fc.nat(7), { maxLength: 4 }), (text, lines) => {
        const off = applyEdits(text, enableHosts(text, lines, false));
        const hosts = lines.filter((line) => hostfileRows(text)[line]?.kind === 'host');
        const offRows = hostfileRows(off);
        const enabled = hosts.filter((line) => offRows[line]?.kind === 'disabled');
        if (enabled.length === hosts.length)
          expect(applyEdits(off, enableHosts(off, hosts, true))).toBe(text);

        const inside = applyEdits(text, insertHostfileLines(text, 2, ['x1', 'x2']));
        const at = Math.min(2, texts(text).length);
        expect(applyEdits(inside, removeHostfileLines(inside, [at, at + 1])).replace(/[\r\n]+$/, '')).toBe(
          text.replace(/[\r\n]+$/, ''),
        );
        const order = texts(text);
        for (const by of [-1, 1] as const) {
          const moved = applyEdits(text, moveHostfileLines(text, lines, by));
          expect(texts(moved).concat('').sort()).toEqual(
            expect.arrayContaining([...order].filter((t) => t !== '').sort()),
          );
          expect(moved.length).toBe(text.length);
        }
        const removed = applyEdits(text, removeHostfileLines(text, lines));
        expect(texts(removed).join('\n').trimEnd()).toBe(
          order
            .filter((_, index) => !lines.includes(index))
            .join('\n')
            .trimEnd(),
        );
      }),
    );
  });
});
