import { optionDefaults } from '../../src/config/launchModel';
import type { ClusterModel, HostModel, LaunchModel } from '../../src/config/model';
import type { HostFacts } from '../../src/launch/facts';
import type { LaunchSpec } from '../../src/launch/spec';

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Hosts `node1`… with the given slots. */
export function hostsWith(...slots: (number | undefined)[]): HostModel[] {
  return slots.map((count, index) => ({
    name: `node${index + 1}`,
    target: { host: `10.0.0.${index + 1}` },
    peer: `10.0.0.${index + 1}`,
    slots: count,
    gpus: undefined,
    source: { file: '/ws/rankwise.yaml', line: index },
  }));
}

export function factsFor(hosts: readonly HostModel[]): Record<string, HostFacts> {
  return Object.fromEntries(
    hosts.map(({ name }) => [
      name,
      {
        home: `/home/${name}`,
        nodeName: `${name}.cluster`,
        fileSystem: name,
        freePort: 23456,
        morePorts: [23457, 23458, 23459],
        interfaces: [],
        ownAddress: undefined,
        cores: 4,
        gpus: [],
        hasBash: true,
      },
    ]),
  );
}

/** A launch on hosts, with anything changed that a test is about. */
export function specOf(
  hosts: HostModel[],
  launch: Partial<LaunchModel>,
  cluster: Partial<ClusterModel> = {},
): LaunchSpec {
  return {
    run: 'run-1',
    facts: factsFor(hosts),
    cluster: {
      name: 'lab',
      hosts,
      workdir: '~/work',
      setup: [],
      env: {},
      head: undefined,
      slurm: undefined,
      remoteHostfile: undefined,
      practice: false,
      range,
      ...cluster,
    },
    launch: {
      ...optionDefaults,
      name: 'train',
      cluster: 'lab',
      launcher: 'ssh',
      command: 'python train.py',
      np: undefined,
      env: {},
      files: [],
      onWorkerExit: 'stop',
      stop: { interruptSeconds: 10, terminateSeconds: 10 },
      mpirun: { mca: {}, x: [], bindTo: undefined, mapBy: undefined, args: [] },
      source: '/ws/rankwise.yaml',
      range,
      ...launch,
    },
  };
}
