import { describe, expect, it } from 'vitest';
import { checkHostfile } from '../../../src/config/hostfile/checkHostfile';
import { readHostfile } from '../../../src/config/hostfile/readHostfile';
import type { LauncherName } from '../../../src/config/model';
import { applyEdits } from '../../../src/language/applyEdits';
import { hostfileLanguage, type HostfileContext } from '../../../src/language/hostfileLanguage';
import { generateHostfiles } from '../../lab/hostfileTruth/generate';

const readers: readonly LauncherName[] = ['ssh', 'mpirun', 'horovodrun', 'deepspeed', 'mxnet'];

/** Takes the bar out of a text: where the cursor stands. */
function cursor(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf('|');
  return { text: marked.replace('|', ''), offset };
}

const hosts = [
  { name: 'node1', address: '10.0.0.5', user: 'ann', port: 2222, jump: 'gate', gpus: 4 },
  { name: 'node2' },
];

describe('completions of hostfiles', () => {
  const complete = (marked: string, context: HostfileContext = {}): Map<string, string> => {
    const { text, offset } = cursor(marked);
    return new Map(
      hostfileLanguage
        .completions(text, offset, context)
        .map(({ label, insert, start, end }) => [label, text.slice(0, start) + insert + text.slice(end)]),
    );
  };

  it.each([
    ['|', 'node1', 'node1'],
    ['a slots=2\nno|', 'node2', 'a slots=2\nnode2'],
    ['ann@|', 'node1', 'ann@node1'],
    ['no|de slots=2\n', 'node1', 'node1 slots=2\n'],
    ['node1 |', 'slots=', 'node1 slots='],
    ['node1 sl| # c', 'slots=', 'node1 slots= # c'],
    ['node1 slots=2 m|', 'max_slots=', 'node1 slots=2 max_slots='],
    ['node1 sl|=4', 'slots=', 'node1 slots=4'],
    ['node1 slots=|', '4', 'node1 slots=4'],
    ['node9 slots = 1|', '8', 'node9 slots = 8'],
    ['node1 port=|', '22', 'node1 port=22'],
  ])('in %j offers %s', (marked, label, expected) => {
    expect(complete(marked, { hosts }).get(label)).toBe(expected);
  });

  it('offers a host that is there already only once, and nothing in a comment', () => {
    expect([...complete('node1 slots=2\n|', { hosts }).keys()]).toEqual(['node2']);
    expect([...complete('# |', { hosts }).keys()]).toEqual([]);
    expect([...complete('node1 slots=2 # |', { hosts }).keys()]).toEqual([]);
  });

  it('offers the settings that the launchers of the file take', () => {
    const settings = (...launchers: LauncherName[]): string[] => [
      ...complete('node1 |', { use: { launchers } }).keys(),
    ];
    expect(settings('mpirun')).toEqual(['slots=', 'max_slots=', 'port=', 'username=']);
    expect(settings('horovodrun')).toEqual(['slots=']);
    expect(settings('mpirun', 'deepspeed')).toEqual(['slots=']);
    expect(settings('mxnet')).toEqual([]);
    expect([...complete('node1 slots=2 |', { use: { launchers: ['deepspeed'] } }).keys()]).toEqual([]);
  });

  it('offers the GPUs of the host first', () => {
    expect([...complete('node1 slots=|', { hosts }).keys()]).toEqual(['4', '1', '2', '8']);
  });
});

describe('hovers of hostfiles', () => {
  const hover = (marked: string, context: HostfileContext): string | undefined => {
    const { text, offset } = cursor(marked);
    return hostfileLanguage.hover(text, offset, context)?.markdown;
  };

  it('says how a host is reached and what its launcher reads', () => {
    const use = { launchers: ['mpirun', 'mxnet'] as const };
    const markdown = hover('x\nno|de1.lab slots=2\n', {
      use,
      hosts: [{ ...hosts[0], name: 'node1.lab' }],
    });
    for (const part of [
      '`10.0.0.5`',
      '`ann`',
      '`2222`',
      '`gate`',
      'GPUs: `4`',
      'Open MPI reads `node1`, 2 slots',
    ]) {
      expect(markdown).toContain(part);
    }
    expect(markdown).toContain('launch.py reads `node1.lab`, no number of slots');
  });

  it('says what a setting means to each launcher', () => {
    expect(hover('a sl|ots=2', {})).toContain('launch.py ignores it');
    expect(hover('a max|-slots=2', { use: { launchers: ['horovodrun'] } })).toContain('horovodrun refuses');
    expect(hover('a slots=2 # sl|ots', {})).toBeUndefined();
  });
});

describe('outline of hostfiles', () => {
  const text = '# rack 1\n# ours\na slots=2\nb\n\n# rack 2\nc slots=1\n';

  it('has each host', () => {
    expect(hostfileLanguage.symbols(text).map(({ name, detail }) => [name, detail])).toEqual([
      ['a', '2 slots'],
      ['b', undefined],
      ['c', '1 slots'],
    ]);
  });

  it('folds comments and what stands below them', () => {
    expect(hostfileLanguage.folding(text)).toEqual([
      { startLine: 0, endLine: 1, comment: true },
      { startLine: 1, endLine: 3 },
      { startLine: 5, endLine: 6 },
    ]);
  });
});

describe('format of hostfiles', () => {
  const format = (text: string): string => applyEdits(text, hostfileLanguage.format(text));

  it('aligns the columns, keeps comments and their place, and ends lines with LF', () => {
    const text = '#  head \r\n  a slots=2  # one\r\nnode10   slots=16 max_slots=20 #two\r\n\r\nb\r\n';
    expect(format(text)).toBe(
      '#  head\na      slots=2               # one\nnode10 slots=16 max_slots=20 #two\n\nb\n',
    );
  });

  it('changes nothing that any program reads, and is done in one go', () => {
    for (const { text } of [...generateHostfiles(11, 1500), ...generateHostfiles(12, 1500)]) {
      const formatted = format(text);
      expect(format(formatted), JSON.stringify(text)).toBe(formatted);
      const unix = /\r(?!\n)|"/.test(text) ? text : text.replaceAll('\r\n', '\n');
      for (const launcher of readers) {
        const read = (source: string): unknown => {
          const { hosts, refused } = readHostfile(source, launcher);
          return refused === undefined
            ? hosts.map(({ host, user, port, slots }) => [host, user, port, slots])
            : 'refused';
        };
        expect({ text, launcher, read: read(formatted) }).toEqual({ text, launcher, read: read(unix) });
      }
    }
  });
});

describe('fixes of hostfiles', () => {
  const fixed = (
    text: string,
    launcher: LauncherName,
    code: string,
    context: HostfileContext = {},
  ): string[] => {
    const use = { ...context.use, launchers: [launcher] };
    const problem = checkHostfile(text, use).find((one) => one.code === `hostfile.${code}`);
    if (problem === undefined) throw new Error(`no ${code} in ${JSON.stringify(text)}`);
    return hostfileLanguage
      .fixes(text, problem, { ...context, use })
      .map(({ edits }) => applyEdits(text, edits));
  };

  it.each<[string, LauncherName, string, string]>([
    ['a slots=2\na slots=3\nb\n', 'mpirun', 'duplicateHost', 'a slots=2\nb\n'],
    ['a slots=1\na slots=2', 'deepspeed', 'duplicateHost', 'a slots=1'],
    ['a:4\n', 'mpirun', 'colon', 'a slots=4\n'],
    ['a:2222\n', 'mpirun', 'colon', 'a port=2222\n'],
    ['a:4\n', 'horovodrun', 'colon', 'a slots=4\n'],
    ['a:4\n', 'mxnet', 'colon', 'a\n'],
    ['a slots=1\r\nb slots=2\r\n', 'mpirun', 'crlf', 'a slots=1\nb slots=2\n'],
    ['node[1-3] slots=2\n', 'mpirun', 'rangeNotExpanded', 'node1 slots=2\nnode2 slots=2\nnode3 slots=2\n'],
    ['node[08-10]\nx\n', 'ssh', 'rangeNotExpanded', 'node08\nnode09\nnode10\nx\n'],
    ['a slots=2 \t\nb\n', 'mpirun', 'trailingBlanks', 'a slots=2\nb\n'],
    ['a\u00a0slots=2\n', 'mpirun', 'lookAlike', 'a slots=2\n'],
    ['n\u043ede1 slots=2\n', 'horovodrun', 'lookAlike', 'node1 slots=2\n'],
    ['a\nb # c', 'mpirun', 'commentWithoutNewline', 'a\nb # c\n'],
    ['\uFEFFa slots=2\n', 'mpirun', 'byteOrderMark', 'a slots=2\n'],
    ['a slots=2 # c\n', 'horovodrun', 'comment', 'a slots=2\n'],
    ['# c\na slots=2\n', 'horovodrun', 'comment', 'a slots=2\n'],
    ['a slots=2\n\nb slots=2\n', 'horovodrun', 'blankLine', 'a slots=2\nb slots=2\n'],
    ['a\n', 'deepspeed', 'noSlots', 'a slots=1\n'],
    ['a slots:4\n', 'mpirun', 'ignoredWord', 'a slots=4\n'],
    ['a slots = 4\n', 'deepspeed', 'format', 'a slots=4\n'],
    ['a slot=4\n', 'mpirun', 'unknownKey', 'a slots=4\n'],
    ['a slots=0\nb slots=1\n', 'mpirun', 'slots', 'b slots=1\n'],
    ['u@a slots=2\n', 'horovodrun', 'user', 'a slots=2\n'],
  ])('%j for %s: %s', (text, launcher, code, expected) => {
    expect(fixed(text, launcher, code)[0]).toBe(expected);
  });

  it('takes the number of GPUs where it is known', () => {
    const use = { gpusOf: new Map([['a', 2]]) };
    expect(fixed('u@a slots=4\n', 'mpirun', 'slotsBeyondGpus', { use })).toEqual(['u@a slots=2\n']);
    expect(fixed('a\n', 'horovodrun', 'noSlots', { use })).toEqual(['a slots=2\n']);
  });

  it('mends what it says it mends', () => {
    for (const { text } of generateHostfiles(21, 1200)) {
      for (const launcher of readers) {
        const problems = checkHostfile(text, { launchers: [launcher] });
        for (const problem of problems) {
          for (const { edits } of hostfileLanguage.fixes(text, problem, { use: { launchers: [launcher] } })) {
            expect(applyEdits(text, edits), JSON.stringify([text, problem])).not.toBe(text);
          }
        }
      }
    }
  });
});
