import { describe, expect, it } from 'vitest';
import { parseRankwise } from '../../../src/config/parseRankwise';

const told = (command: string, more = ''): string[] => {
  const text = `version: 1\nclusters:\n  lab: { hosts: [node1] }\nlaunches:\n  a:\n    cluster: lab\n    launcher: mpirun\n    command: ${command}\n${more}`;
  const lines = text.split('\n');
  return parseRankwise(text).problems.map(({ code, severity, range: { start, end } }) =>
    [code, severity, lines[start.line]?.slice(start.character, end.character)].join(' '),
  );
};
const warned = (value: string): string => `rankwise.plainSecret warning ${value}`;

describe('options that name a secret', () => {
  it('are warned of with a value in plain text', () => {
    expect(told('python t.py --api-key abc --lr 1')).toEqual([warned('abc')]);
    expect(told('"python t.py --token=abc"')).toEqual([warned('abc')]);
    expect(told('[python, t.py, --password, hunter2, -x]')).toEqual([warned('hunter2')]);
    expect(told('[python, t.py, --hub-token=abc]')).toEqual([warned('abc')]);
    expect(told('[python, t.py]', '    mpirun: { args: [--auth-token, abc] }\n')).toEqual([warned('abc')]);
    expect(told("python t.py --hf_token 'hf_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'")).toHaveLength(1);
  });

  it('are left alone where they name none', () => {
    for (const command of [
      'python t.py --token $TOKEN --token-file x --password',
      '"python t.py --token ~/token --pad_token <pad> --eos-token end --max-tokens 5 --use-token true"',
      '[python, t.py, --token, --lr, "1"]',
      '[python, t.py, --tokens, abc, token, abc, --pad-token, "[PAD]"]',
    ]) {
      expect(told(command)).toEqual([]);
    }
  });
});
