import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { optionDefaults } from '../../../src/config/launchModel';
import type { ConfigModel } from '../../../src/config/model';
import { readConfig, type PracticeHost } from '../../../src/config/readConfig';

const file = '/ws/sub/rankwise.yaml';

function read(
  yaml: string,
  others: Record<string, string> = {},
  practice?: readonly PracticeHost[],
): Promise<ConfigModel> {
  const files = new Map([[file, yaml], ...Object.entries(others)]);
  return readConfig(
    file,
    (path) => {
      const text = files.get(path);
      return text === undefined ? Promise.reject(new Error(`no ${path}`)) : Promise.resolve(text);
    },
    practice,
  );
}

const launch = (more: string, cluster = 'lab', launcher = 'mpirun'): string =>
  `  a: { cluster: ${cluster}, launcher: ${launcher}, command: x${more} }\n`;

describe('readConfig', () => {
  it('makes hosts of a hostfile, with what the cluster says about reaching them', async () => {
    const hosts = 'node1 slots=4\nbob@node2 port=2200 slots=2\n';
    const model = await read(
      'version: 1\nclusters:\n  lab: { hosts: ../hosts, user: ann, port: 22, identityFile: key, proxyJump: gate }\n',
      { '/ws/hosts': hosts },
    );
    expect(model.problems.filter(({ severity }) => severity !== 'information')).toEqual([]);
    expect(model.clusters[0]?.hostfile).toEqual({ path: '/ws/hosts', text: hosts });
    expect(model.clusters[0]?.hosts).toEqual([
      {
        name: 'node1',
        target: { host: 'node1', user: 'ann', port: 22, identityFile: '/ws/sub/key', proxyJump: 'gate' },
        peer: 'node1',
        slots: 4,
        source: { file: '/ws/hosts', line: 0 },
      },
      {
        name: 'node2',
        target: { host: 'node2', user: 'bob', port: 2200, identityFile: '/ws/sub/key', proxyJump: 'gate' },
        peer: 'node2',
        slots: 2,
        source: { file: '/ws/hosts', line: 1 },
      },
    ]);
  });

  it('makes hosts of an inline list, named by address and, where that is not enough, port', async () => {
    const model = await read(
      [
        'version: 1',
        'clusters:',
        '  lab:',
        '    identityFile: ~/.ssh/key',
        '    hosts:',
        '      - ann@localhost:2201',
        '      - localhost:2202',
        '      - me@[fe80::1]:22',
        '      - { host: 203.0.113.7, name: gpu, peer: 10.0.0.7, slots: 8 }',
        '',
      ].join('\n'),
    );
    expect(model.problems).toEqual([]);
    expect(
      model.clusters[0]?.hosts.map(({ name, target, peer, slots, source }) => [
        name,
        target,
        peer,
        slots,
        source.line,
      ]),
    ).toEqual([
      [
        'localhost-2201',
        { host: 'localhost', user: 'ann', port: 2201, identityFile: '~/.ssh/key' },
        'localhost',
        undefined,
        5,
      ],
      [
        'localhost-2202',
        { host: 'localhost', port: 2202, identityFile: '~/.ssh/key' },
        'localhost',
        undefined,
        6,
      ],
      [
        'fe80--1',
        { host: 'fe80::1', user: 'me', port: 22, identityFile: '~/.ssh/key' },
        'fe80::1',
        undefined,
        7,
      ],
      ['gpu', { host: '203.0.113.7', identityFile: '~/.ssh/key' }, '10.0.0.7', 8, 8],
    ]);
    expect(model.clusters[0]?.hostfile).toBeUndefined();
  });

  it('keeps values as they are written and fills in defaults', async () => {
    const model = await read(
      [
        'version: 1',
        'clusters:',
        '  lab: { hosts: [a], env: { V: 1.10, H: 0x1F, T: True }, setup: "a\\nb\\n", workdir: ~/w }',
        'launches:',
        '  run:',
        '    cluster: lab',
        '    launcher: mpirun',
        '    command: [python, t.py, 0.10, 1e3, true, "x y"]',
        '    mpirun: { mca: { plm_rsh_no_tree_spawn: 1, btl: ^openib }, x: [PATH], args: [-v, 010] }',
        '',
      ].join('\n'),
    );
    expect(model.problems).toEqual([]);
    expect(model.clusters[0]).toMatchObject({
      env: { V: '1.10', H: '0x1F', T: 'True' },
      setup: ['a', 'b'],
      workdir: '~/w',
    });
    expect(model.launches[0]).toEqual({
      ...optionDefaults,
      name: 'run',
      cluster: 'lab',
      launcher: 'mpirun',
      command: ['python', 't.py', '0.10', '1e3', 'true', 'x y'],
      np: undefined,
      env: {},
      files: [],
      onWorkerExit: 'stop',
      stop: { interruptSeconds: 10, terminateSeconds: 10 },
      mpirun: {
        mca: { plm_rsh_no_tree_spawn: '1', btl: '^openib' },
        x: ['PATH'],
        bindTo: undefined,
        mapBy: undefined,
        args: ['-v', '010'],
      },
      source: file,
      range: { start: { line: 4, character: 2 }, end: { line: 8, character: 91 } },
    });
  });

  it('leaves out what has an error, names it, and keeps its neighbours', async () => {
    const model = await read(
      [
        'version: 1',
        'clusters:',
        '  bad: { hosts: [-x] }',
        '  good: { hosts: [a] }',
        'launches:',
        '  first: { cluster: bad, launcher: ssh, command: x }',
        '  second: { cluster: good, launcher: ssh, command: x }',
        '  third: { cluster: good, launcher: ssh, command: x, nq: 1 }',
        '',
      ].join('\n'),
    );
    expect(model.launches.map(({ name }) => name)).toEqual(['second']);
    expect(model.clusters.map(({ name }) => name)).toEqual(['good', 'practice']);
    expect(model.broken?.map(({ kind, name, range }) => [kind, name, range.start.line])).toEqual([
      ['cluster', 'bad', 2],
      ['launch', 'first', 5],
      ['launch', 'third', 7],
    ]);
    expect(model.problems.map(({ code }) => code)).toEqual([
      'rankwise.invalidValue',
      'rankwise.brokenCluster',
      'rankwise.unknownKey',
    ]);
  });

  it('blocks a launch whose launcher cannot use the hostfile, and only that one', async () => {
    const yaml = [
      'version: 1',
      'clusters:',
      '  lab: { hosts: hosts }',
      'launches:',
      '  mpi: { cluster: lab, launcher: mpirun, command: x }',
      '  own: { cluster: lab, launcher: ssh, command: x }',
      '',
    ].join('\n');
    const model = await read(yaml, { '/ws/sub/hosts': 'a slots=1\nmy_node slots=1\n' });
    expect(model.launches.map(({ name }) => name)).toEqual(['own']);
    expect(model.clusters[0]?.hosts).toHaveLength(2);
    expect(model.problems.map(({ file: at, code, range }) => [at, code, range.start])).toEqual([
      [file, 'rankwise.hostfileErrors', { line: 4, character: 18 }],
      ['/ws/sub/hosts', 'hostfile.nameForOpenMpi', { line: 1, character: 0 }],
    ]);
    expect(model.problems[0]?.message).toContain('(hosts, line 2)');
  });

  it('names a finding of a hostfile once, whatever number of clusters and launchers use it', async () => {
    const yaml = [
      'version: 1',
      'clusters: { one: { hosts: hosts }, two: { hosts: ./hosts } }',
      'launches:',
      '  a: { cluster: one, launcher: mpirun, command: x }',
      '  b: { cluster: two, launcher: ssh, command: x }',
      '',
    ].join('\n');
    const model = await read(yaml, { '/ws/sub/hosts': 'a slots=0\n' });
    expect(model.problems.filter(({ file: at }) => at === '/ws/sub/hosts')).toHaveLength(1);
    expect(model.launches).toEqual([]);
  });

  it('names the launchers that would refuse a hostfile that no launch uses', async () => {
    const yaml = 'version: 1\nclusters: { one: { hosts: ~/hosts } }\n';
    const at = `${homedir()}/hosts`;
    expect((await read(yaml, { [at]: 'node slots=2\n' })).problems).toEqual([]);
    expect((await read(yaml, { [at]: '# lab\nnode slots=2\n' })).problems).toMatchObject([
      {
        file: at,
        code: 'hostfile.comment',
        severity: 'information',
        message: expect.stringContaining('Refused by horovodrun') as string,
      },
    ]);
    // The cluster loses this host, whatever launch.py would make of it.
    const lost = await read(yaml, { [at]: 'node:4\n' });
    expect(lost.clusters[0]?.hosts).toEqual([]);
    expect(lost.problems).toMatchObject([{ file: at, code: 'hostfile.colon', severity: 'error' }]);
  });

  it('reads the practice hosts, or none while the practice cluster is stopped', async () => {
    const yaml = `version: 1\nlaunches:\n${launch(', np: 3', 'practice', 'ssh')}`;
    const stopped = await read(yaml);
    expect(stopped.clusters).toMatchObject([{ name: 'practice', practice: true, hosts: [] }]);
    expect(stopped.launches).toHaveLength(1);
    const target = { host: '127.0.0.1', port: 40001, isolated: { knownHostsFile: '/state/known_hosts' } };
    const running = await read(yaml, {}, [{ name: 'node1', target, peer: '127.0.0.1', slots: 2 }]);
    expect(running.clusters[0]?.hosts).toMatchObject([
      { name: 'node1', target, peer: '127.0.0.1', slots: 2 },
    ]);
    expect(running.problems.map(({ code }) => code)).toEqual(['rankwise.tooManyProcesses']);
  });

  it('counts slots for mpirun only where every host says how many it has', async () => {
    const yaml = (hosts: string): string =>
      `version: 1\nclusters: { lab: { hosts: ${hosts} } }\nlaunches:\n${launch(', np: 9')}`;
    expect((await read(yaml('[{ host: a, slots: 4 }, b]'))).problems).toEqual([]);
    expect((await read(yaml('[{ host: a, slots: 4 }, { host: b, slots: 4 }]'))).problems).toHaveLength(1);
  });

  it('reports a file that cannot be read', async () => {
    const model = await readConfig(file, () => Promise.reject(new Error('EACCES')), undefined);
    expect(model.problems).toMatchObject([{ code: 'rankwise.unreadable', file }]);
    expect(model.clusters.map(({ name }) => name)).toEqual(['practice']);
  });

  it('reads two thousand lines without getting slow', async () => {
    const entry = (index: number): string =>
      `  l${index}:\n    cluster: lab\n    launcher: ssh\n    command: x\n    env: { A: ${index} }\n    np: 1\n    nq: 1\n`;
    const yaml = `version: 1\nclusters: { lab: { hosts: [a] } }\nlaunches:\n${Array.from({ length: 285 }, (_, index) => entry(index)).join('')}`;
    const start = process.cpuUsage();
    expect((await read(yaml)).broken).toHaveLength(285);
    // Some 40 ms on a quiet machine.
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(5);
  });
});
