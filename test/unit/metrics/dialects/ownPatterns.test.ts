import { describe, expect, it } from 'vitest';
import { ownDialects, ownUnits, type OwnPattern } from '../../../../src/metrics/dialects/ownPatterns';
import { LineReader } from '../../../../src/metrics/dialects/registry';
import { plain } from './read';

const own = (name: string, pattern: string, more: Partial<OwnPattern> = {}): OwnPattern => ({
  name,
  pattern,
  unit: undefined,
  scope: 'worker',
  ...more,
});
const read = (patterns: OwnPattern[], line: string) =>
  new LineReader(ownDialects(patterns)).read(line).map(({ reading, dialect }) => ({
    ...plain(reading),
    scope: reading.scope ?? dialect.scope,
  }));

describe('own patterns', () => {
  it('read a number by one group or by name, with the place that the line or a group names', () => {
    expect(read([own('dice', 'dice is ([0-9.]+)')], 'epoch 3: dice is 0.82')).toEqual([
      { epoch: 3, dice: 0.82, scope: 'worker' },
    ]);
    const named = own('throughput', 'step (?<step>\\d+): (?P<value>[0-9.,]+) images/s', { scope: 'job' });
    expect(read([named], 'step 40: 1,240.5 images/s')).toEqual([
      { step: 40, throughput: 1240.5, scope: 'job' },
    ]);
  });

  it('win over the known formats, which still give their other values', () => {
    const line = 'epoch=1 step=2 loss=0.5 accuracy=0.25';
    expect(read([own('loss', 'accuracy=([0-9.]+)')], line)).toEqual([
      { epoch: 1, step: 2, loss: 0.25, scope: 'worker' },
      { epoch: 1, step: 2, accuracy: 0.25, scope: 'worker' },
    ]);
  });

  it('give percent, milliseconds and the like in the units of known metrics', () => {
    const patterns = [
      own('accuracy', 'right ([0-9.]+)', { unit: '%' }),
      own('step_time', 'took ([0-9.]+)', { unit: 'ms' }),
      own('memory', 'used ([0-9.]+)', { unit: 'GB' }),
    ];
    expect(read(patterns, 'right 0.5 took 12 used 3.5')).toEqual([
      { accuracy: 0.005, step_time: 0.012, memory: 3.5, scope: 'worker' },
    ]);
    expect([...ownUnits(patterns)]).toEqual([['memory', 'GB']]);
  });

  it.each([
    ['(a', /cannot be used/],
    ['a(?=b)', /cannot be used/],
    ['(a)\\1', /cannot be used/],
    ['loss', /needs one group/],
    ['(a)(b)', /needs one group/],
    ['('.repeat(1001), /longer than 1000/],
  ])('refuse %j with the reason', (pattern, message) => {
    expect(() => ownDialects([own('x', pattern)])).toThrowError(message);
  });

  it('leave out what is no number and what a known metric cannot be', () => {
    expect(read([own('x', 'x=(\\S+)')], 'x=many')).toEqual([]);
    expect(read([own('throughput', 'x=(\\S+)')], 'x=-3')).toEqual([]);
  });

  it('cannot be made to hang by a pattern that would try for ever', () => {
    const start = process.cpuUsage();
    for (const pattern of ['^(?:a+)+(b)$', '(?:a|aa)+(b)$', '(?:.*,){12}(b)']) {
      read([own('x', pattern)], `${'a,'.repeat(1000)}!`);
      read([own('x', pattern)], `${'a'.repeat(4000)}!`);
      read([own('x', pattern)], 'a'.repeat(60_000));
    }
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(5);
  });
});
