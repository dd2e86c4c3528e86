import { describe, expect, it } from 'vitest';
import { parseOptions, readPlace } from '../../../../src/practice/training/options';

describe('parseOptions', () => {
  it('has defaults for everything', () => {
    expect(parseOptions([])).toEqual({
      epochs: 40,
      steps: undefined,
      batch: 128,
      paceMs: 100,
      slowRank: undefined,
      seed: 1,
      joinTimeoutMs: 60_000,
      ignoreTerm: false,
    });
  });

  it('reads every option', () => {
    const args = '--epochs 2 --steps 3 --batch 4 --pace 0 --slow 1 --seed 9 --join-timeout 5 --ignore-term';
    expect(parseOptions(args.split(' '))).toEqual({
      epochs: 2,
      steps: 3,
      batch: 4,
      paceMs: 0,
      slowRank: 1,
      seed: 9,
      joinTimeoutMs: 5000,
      ignoreTerm: true,
    });
  });

  it.each([
    ['--epochs 0', '--epochs is "0"'],
    ['--slow two', '--slow is "two"'],
    ['--batch 1.5', '--batch is "1.5"'],
    ['--unknown', '--unknown'],
    ['extra', 'extra'],
  ])('refuses %s by name', (text, message) => {
    expect(() => parseOptions(text.split(' '))).toThrow(message);
  });
});

describe('readPlace', () => {
  const env = { RANK: '1', WORLD_SIZE: '4', MASTER_ADDR: '127.0.0.1', MASTER_PORT: '2900' };

  it('reads the variables that launchers set', () => {
    expect(readPlace(env)).toEqual({
      rank: 1,
      worldSize: 4,
      masterAddress: '127.0.0.1',
      masterPort: 2900,
    });
  });

  it('names what is missing or wrong', () => {
    expect(() => readPlace({ ...env, MASTER_ADDR: undefined })).toThrow('MASTER_ADDR is not set');
    expect(() => readPlace({ ...env, RANK: '4' })).toThrow('RANK is 4, but WORLD_SIZE is 4');
  });
});
