import { describe, expect, it } from 'vitest';
import { checkHostfile } from '../../../../src/config/hostfile/checkHostfile';
import { parseHostfile } from '../../../../src/config/hostfile/hostfile';

const codes = (text: string, launcher: 'ssh' | 'mpirun'): string[] =>
  checkHostfile(text, { launchers: [launcher] }).map(({ code }) => code);

describe('parseHostfile', () => {
  it('gives hosts, users, ports and slots in the order of the file', () => {
    const { entries } = parseHostfile(
      '# head\nubuntu@10.0.0.5 slots=8\n\nnode2 port=2222 max-slots=4\nnode3\n',
    );
    expect(entries).toEqual([
      {
        host: '10.0.0.5',
        user: 'ubuntu',
        port: undefined,
        slots: 8,
        range: { start: { line: 1, character: 0 }, end: { line: 1, character: 15 } },
      },
      {
        host: 'node2',
        user: undefined,
        port: 2222,
        slots: 4,
        range: { start: { line: 3, character: 0 }, end: { line: 3, character: 5 } },
      },
      {
        host: 'node3',
        user: undefined,
        port: undefined,
        slots: undefined,
        range: { start: { line: 4, character: 0 }, end: { line: 4, character: 5 } },
      },
    ]);
  });

  it('counts a slot for each line of a host that is written once per slot', () => {
    const { entries } = parseHostfile('node1\nnode1\nnode2\nnode1\n');
    expect(entries.map(({ host, slots }) => [host, slots])).toEqual([
      ['node1', 3],
      ['node2', undefined],
    ]);
  });

  it('leaves out an entry that it cannot read and keeps its neighbours', () => {
    const { entries } = parseHostfile('a slots=2\nb slots=x\nc slots=2\n');
    expect(entries.map(({ host }) => host)).toEqual(['a', 'c']);
  });

  it('finds Windows line ends for Open MPI, once, on the first line that has one', () => {
    const text = 'a slots=1\nb slots=2\r\nc slots=3\r\n';
    expect(checkHostfile(text, { launchers: ['mpirun'] })).toMatchObject([
      { code: 'hostfile.crlf', range: { start: { line: 1, character: 0 }, end: { line: 1, character: 9 } } },
    ]);
    expect(codes(text, 'ssh')).toEqual([]);
    expect(parseHostfile(text).entries.map(({ host, slots }) => [host, slots])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
  });

  it('lets a Windows line end stand inside a comment, as Open MPI does', () => {
    expect(codes('a slots=1 # x\r\nb slots=1\n', 'mpirun')).toEqual([]);
  });

  it('finds a comment that the end of the file ends', () => {
    expect(codes('a slots=1\n# b', 'mpirun')).toEqual(['hostfile.commentWithoutNewline']);
    expect(codes('a slots=1\n# b', 'ssh')).toEqual([]);
    expect(codes('a slots=1', 'mpirun')).toEqual([]);
  });

  it('finds a byte order mark', () => {
    expect(codes('\uFEFFa slots=1\n', 'mpirun')).toEqual(['hostfile.byteOrderMark']);
    expect(codes('\uFEFFa slots=1\n', 'ssh')).toEqual([]);
  });

  it('says that an empty file has no host, whatever else is wrong with it', () => {
    expect(codes('', 'ssh')).toEqual(['hostfile.noHosts']);
    expect(codes('\uFEFF\r\n', 'mpirun')).toEqual(['hostfile.byteOrderMark', 'hostfile.crlf']);
  });

  it('parses ten thousand lines without getting slow', () => {
    const text = Array.from(
      { length: 10_000 },
      (_, index) => `node${index} slots=8 # rack ${index % 40}\n`,
    ).join('');
    const start = process.cpuUsage();
    expect(parseHostfile(text).entries).toHaveLength(10_000);
    // Some 15 ms on a quiet machine; a search within a search would take minutes.
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(5);
  });
});
