import { describe, expect, it } from 'vitest';
import { parseScan } from '../../../src/runs/scan';

describe('a list of processes', () => {
  it('names pid, role and program', () => {
    const answer =
      '@1 P 12 worker python3\n@1 P 13 supervisor sh\n@1 S 12\n@1 S 12\n@1 U 14 odd name\n@1 E\n';
    expect(parseScan(answer, '@1')).toEqual({
      processes: [
        { pid: 12, role: 'worker', name: 'python3' },
        { pid: 13, role: 'supervisor', name: 'sh' },
      ],
      unreadable: [{ pid: 14, name: 'odd name' }],
      sessions: ['12'],
    });
  });

  it('has nothing of what a login shell prints', () => {
    expect(parseScan('P 1 worker x\n\n@2 U 3 x\n@1 E\nlogged out\n', '@1')).toEqual({
      processes: [],
      unreadable: [],
      sessions: [],
    });
    expect(() => parseScan('@1 P 12 worker python3\nE\n', '@1')).toThrow('incomplete');
  });

  it('proves nothing when it was cut short', () => {
    expect(() => parseScan('@1 P 12 worker python3\n', '@1')).toThrow('incomplete');
    expect(() => parseScan('', '@1')).toThrow('incomplete');
  });
});
