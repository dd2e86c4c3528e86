import type { HostStatus } from '../../../src/core';
import { hostsChecks, hostsState } from '../../../src/vscode/editors/hostsState';
import { foundGpus } from '../../../src/vscode/editors/hostsLive';
import { readConfig } from '../../../src/config/readConfig';
import type { HostsState } from '../../../src/protocol/hosts';

const path = '/w/hosts';

/** Every state of the hosts editor, by name: what the extension would send for these texts. */
export const states: Readonly<Record<string, () => Promise<HostsState>>> = {
  empty: () => stateOf('', 'mpirun'),
  four: () =>
    stateOf(
      '# rack A\nubuntu@node1 slots=4  # switch 3\nnode2 slots=4\n\n# rack B\nnode3 slots=4 max-slots=8 port=2222\n#node4 slots=4 # broken fan\n',
      'mpirun',
      statusOf,
    ),
  invalid: () =>
    stateOf(
      'node1 slots=4\nnode2 slots=two\nslots=4\nnode1 slots=2\nnode[4-7] slots=4\nnode8:4\n= nonsense ==\nnode9 slots:2\n',
      'mpirun',
    ),
  untrusted: async () => ({
    ...(await stateOf('node1 slots=4\n', 'ssh')),
    noCheck: 'This workspace is not trusted, so no host is asked.',
  }),
  many: () => stateOf(hosts(200), 'mpirun', statusOf),
  thousand: () => stateOf(hosts(1000), 'mpirun', statusOf),
  thousandInvalid: () => stateOf(`${hosts(700)}${hosts(300)}`, 'mpirun', statusOf),
};

function hosts(count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `gpu${String(index + 1).padStart(4, '0')}.cluster.lab slots=8\n`,
  ).join('');
}

function statusOf(_cluster: string, host: string): HostStatus {
  const number = Number(/\d+/.exec(host)?.[0]);
  const gpus = Array.from({ length: number % 5 === 3 ? 2 : 4 }, (_, index) => ({
    index,
    name: 'NVIDIA A100-SXM4-40GB',
  }));
  if (number % 7 === 2) {
    return { kind: 'unreachable', reason: `${host} refused the connection (port 22)`, code: 'ssh.refused' };
  }
  if (number % 11 === 6) return { kind: 'checking' };
  return { kind: 'reachable', cores: 64, gpus, load: number / 10, latencyMs: 0.4 + (number % 9) };
}

async function stateOf(
  text: string,
  launcher: string,
  status: (cluster: string, host: string) => HostStatus = () => ({ kind: 'unknown' }),
): Promise<HostsState> {
  const yaml = `version: 1\nclusters:\n  lab:\n    hosts: hosts\nlaunches:\n  train:\n    cluster: lab\n    launcher: ${launcher}\n    command: python3 train.py\n`;
  const config = await readConfig(
    '/w/rankwise.yaml',
    (file) => Promise.resolve(file === path ? text : yaml),
    undefined,
  );
  return hostsState({
    path,
    text,
    config,
    checks: hostsChecks(path, text, config, foundGpus(path, config, status)),
    trusted: true,
    status,
  });
}
