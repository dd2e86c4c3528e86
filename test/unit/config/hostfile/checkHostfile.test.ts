import { describe, expect, it } from 'vitest';
import { checkHostfile, type HostfileUse } from '../../../../src/config/hostfile/checkHostfile';
import { hostfileRefusal } from '../../../../src/config/hostfile/hostfileRefusal';

const found = (text: string, use: HostfileUse = {}): string[] =>
  checkHostfile(text, use).map(
    ({ severity, code, range: { start } }) =>
      `${start.line + 1} ${severity} ${code.replace('hostfile.', '')}`,
  );

describe('checkHostfile', () => {
  it('finds nothing where no launcher is known and all take the file', () => {
    expect(found('localhost slots=8\n10.0.0.5 slots=8\n')).toEqual([]);
  });

  it('names who would refuse a line where no launcher is known', () => {
    const [problem] = checkHostfile('10.0.0.5\n10.0.0.6\n', {});
    expect(problem).toMatchObject({ severity: 'information', range: { start: { line: 0 } } });
    expect(problem?.message).toMatch(/^Refused by horovodrun and DeepSpeed: /);
    expect(found('10.0.0.5\n10.0.0.6\n')).toHaveLength(1);
  });

  it('has an error for what all refuse', () => {
    expect(found('')).toEqual(['1 error noHosts']);
  });

  it('judges for each launcher that uses the file', () => {
    const text = '# c\na slots=2\n';
    expect(found(text, { launchers: ['mpirun', 'deepspeed', 'ssh'] })).toEqual([]);
    expect(found(text, { launchers: ['mpirun', 'horovodrun'] })).toEqual(['1 error comment']);
    expect(found('a:4\n', { launchers: ['mxnet'] })).toEqual(['1 warning colon']);
    expect(found('a\na\nb\n', { launchers: ['mpirun', 'torchrun'] })).toEqual([]);
    expect(found('a slots=1\n\n', { launchers: ['horovodrun'] })).toEqual(['2 error blankLine']);
  });

  it('warns of more slots than GPUs', () => {
    const gpusOf = new Map([
      ['a', 2],
      ['c', 0],
    ]);
    expect(found('a slots=4\nb slots=4\nc slots=4\n', { gpusOf })).toEqual(['1 warning slotsBeyondGpus']);
  });

  it('hints at blanks at the end of a line, and warns of characters that look like others', () => {
    expect(found('a slots=2 \r\n', { launchers: ['deepspeed'] })).toEqual(['1 hint trailingBlanks']);
    expect(found('n\u043ede slots=2\n', { launchers: ['horovodrun'] })).toEqual(['1 warning lookAlike']);
    expect(found('a slots=2 # \u043e\n', { launchers: ['mpirun'] })).toEqual([]);
  });

  it('lets no launch start with a host that ssh takes for an option', () => {
    expect(found('-a slots=1\n', { launchers: ['mpirun'] })).toEqual(['1 warning host']);
    expect(hostfileRefusal('b slots=1\n-a slots=1\n', 'mpirun')).toMatchObject({ line: 2 });
    expect(hostfileRefusal('-u@b slots=1\n', 'mpirun')?.message).toContain('`-u`');
    expect(hostfileRefusal('b slots=1\n', 'mpirun')).toBeUndefined();
  });
});
