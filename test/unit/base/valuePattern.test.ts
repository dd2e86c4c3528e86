import { describe, expect, it } from 'vitest';
import { compileValuePattern } from '../../../src/base/valuePattern';
import { parseRankwise } from '../../../src/config/parseRankwise';

describe('a pattern for a value', () => {
  it('has one group for the number, or a group of that name', () => {
    expect(compileValuePattern('loss is ([0-9.]+)')).toMatchObject({ value: 1, step: undefined });
    expect(compileValuePattern(String.raw`step (?<step>\d+): (?<value>[0-9.]+)`)).toMatchObject({
      value: 'value',
      step: 'step',
    });
    expect(compileValuePattern('loss is [0-9.]+')).toContain('needs one group');
    expect(compileValuePattern('(?<number>[0-9.]+)')).toContain('named `value`');
  });

  it.each(['(?=loss)([0-9.]+)', '(?<!val_)loss ([0-9.]+)', String.raw`(a)\1`])(
    'that RE2 does not know is a problem at its very place: %s',
    (pattern) => {
      const yaml = `version: 1\nclusters:\n  lab: { hosts: [a] }\nlaunches:\n  train:\n    cluster: lab\n    launcher: ssh\n    command: train\n    metrics:\n      - name: loss\n        pattern: '${pattern}'\n`;
      const { problems } = parseRankwise(yaml);
      expect(problems).toMatchObject([
        {
          code: 'rankwise.pattern',
          severity: 'error',
          message: expect.stringMatching(/of RE2: .*without look-around and back-references/) as string,
          range: { start: { line: 10, character: 17 }, end: { line: 10, character: 19 + pattern.length } },
        },
      ]);
    },
  );
});
