import { describe, expect, it } from 'vitest';
import { parseSiteFacts } from '../../../src/cluster/slurm/readSiteFacts';

describe('parseSiteFacts', () => {
  it('brings the kinds of nodes of a partition together', () => {
    const text = [
      'Welcome to the login node',
      'V 23.11.4',
      'P gpu up 2-00:00:00 4 64 256000 gpu:a100:4(S:0-1) a100,ib gpu[1-4]',
      'P gpu up 2-00:00:00 2 128 512000 gpu:h100:8,lustre:1 h100,ib gpu[5,7]',
      'P cpu inact infinite 100 48 192000 (null) (null) c[001-100],big',
      'L gpu NO 4',
      'L cpu YES UNLIMITED',
      'L hidden NO 1',
      'M 1001',
      'A proj42 normal,high',
      'A proj43 ',
      'E',
    ].join('\n');
    const facts = parseSiteFacts(text, 'login');
    expect(facts).toMatchObject({
      version: '23.11.4',
      maxArraySize: 1001,
      features: ['a100', 'h100', 'ib'],
      accounts: ['proj42', 'proj43'],
      qos: ['high', 'normal'],
      nodes: ['gpu[1-4]', 'gpu[5,7]', 'c[001-100]', 'big'],
    });
    expect(facts.partitions).toMatchObject([
      {
        name: 'gpu',
        isDefault: false,
        isUp: true,
        maxTime: 172_800,
        nodes: 6,
        maxNodes: 4,
        cpus: 128,
        memory: 512_000,
        gpus: 8,
        gres: ['gpu:a100:4', 'gpu:h100:8', 'lustre:1'],
      },
      {
        name: 'cpu',
        isDefault: true,
        isUp: false,
        maxTime: Infinity,
        nodes: 100,
        maxNodes: Infinity,
        gpus: 0,
        gres: [],
        features: [],
      },
    ]);
  });

  it('reads an answer without end, such as a broken sinfo prints', () => {
    const open = `P gpu up infinite 1 1 1 ${'('.repeat(6_000_000)} a n1`;
    const kinds = Array.from({ length: 200_000 }, (_, one) => `P many up infinite 1 1 1 g${one} f${one} n`);
    const { partitions } = parseSiteFacts([open, ...kinds, 'E'].join('\n'), 'login');
    expect(partitions?.map(({ gres }) => gres.length)).toEqual([1, 200_000]);
  });

  it('knows no accounts where there is no accounting, and says why there is no answer', () => {
    expect(parseSiteFacts('V 22.05.8\nE', 'login')).toMatchObject({
      accounts: undefined,
      qos: undefined,
      partitions: [],
    });
    expect(() => parseSiteFacts('X Unable to contact slurm controller\nE', 'login')).toThrow(
      /login: Unable to contact/,
    );
    expect(() => parseSiteFacts('V 22.05.8', 'login')).toThrow(/cut short/);
  });
});
