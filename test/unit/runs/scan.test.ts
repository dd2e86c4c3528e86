import { describe, expect, it } from 'vitest';
import { parseScan } from '../../../src/runs/scan';

describe('a list of processes', () => {
  it('names pid, role and program', () => {
    expect(parseScan('P 12 worker python3\nP 13 supervisor sh\nS 12\nS 12\nU 14 odd name\nE\n')).toEqual({
      processes: [
        { pid: 12, role: 'worker', name: 'python3' },
        { pid: 13, role: 'supervisor', name: 'sh' },
      ],
      unreadable: [{ pid: 14, name: 'odd name' }],
      sessions: ['12'],
    });
  });

  it('proves nothing when it was cut short', () => {
    expect(() => parseScan('P 12 worker python3\n')).toThrow('incomplete');
    expect(() => parseScan('')).toThrow('incomplete');
  });
});
