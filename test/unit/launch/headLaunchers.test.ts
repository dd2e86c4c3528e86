import { describe, expect, it } from 'vitest';
import type { ClusterModel, HostModel, LaunchModel } from '../../../src/config/model';
import type { Plan } from '../../../src/launch/plan';
import { planLaunch } from '../../../src/launch/planLaunch';
import type { LaunchSpec } from '../../../src/launch/spec';
import { factsFor, hostsWith, specOf } from '../../support/launchSpecs';

const head: HostModel = { ...hostsWith(1)[0]!, name: 'head', peer: '10.0.0.100', slots: undefined };

/** Hosts on one network, with a head that has no slots of its own. */
function behindHead(launch: Partial<LaunchModel>, cluster: Partial<ClusterModel> = {}): LaunchSpec {
  const hosts = hostsWith(2, 2);
  const spec = specOf(hosts, launch, { head, ...cluster });
  const facts = factsFor([head, ...hosts]);
  for (const { name, peer } of [head, ...hosts]) {
    facts[name] = { ...facts[name]!, interfaces: [{ name: 'ens3', address: peer, prefix: 16 }] };
  }
  return { ...spec, facts };
}
const argv = (plan: Plan): string => plan.processes.find(({ id }) => id === 'launcher')?.argv.join(' ') ?? '';
const content = (plan: Plan, path: string): string =>
  plan.files.find((file) => file.path === path)?.content ?? '';

describe('launchers on the head', () => {
  it('mpirun runs there, keeps to the network that all share, and its ranks know their interface', () => {
    const plan = planLaunch(behindHead({ launcher: 'mpirun' }));
    expect(plan.hosts.map(({ name }) => name)).toEqual(['head', 'node1', 'node2']);
    expect(plan.processes).toMatchObject([{ id: 'launcher', host: 'head' }]);
    expect(argv(plan)).toContain('-mca btl_tcp_if_include 10.0.0.0/16 -mca oob_tcp_if_include 10.0.0.0/16');
    expect(plan.workers.map(({ host }) => host)).toEqual(['node1', 'node1', 'node2', 'node2']);
    expect(content(plan, 'node2/rank-job.sh')).toContain('export NCCL_SOCKET_IFNAME=ens3\n');
    expect(content(plan, 'node2/rank-job.sh')).toContain('export MASTER_ADDR=10.0.0.1\n');
    expect(plan.notes.join('\n')).toContain('10.0.0.0/16 (ens3) carries the traffic: all hosts share');
  });

  it('mpirun gives the first ranks to a head that is one of the hosts, wherever it stands', () => {
    const hosts = hostsWith(2, 2);
    const plan = planLaunch(specOf(hosts, { launcher: 'mpirun' }, { head: hosts[1]! }));
    expect(plan.workers.map(({ id, rank }) => [id, rank])).toEqual([
      ['node2/0', 0],
      ['node2/1', 1],
      ['node1/0', 2],
      ['node1/1', 3],
    ]);
    expect(content(plan, 'node1/rank-job.sh')).toContain('export MASTER_ADDR=10.0.0.2\n');
  });

  it('leaves the network to a user who chose it, each part for itself', () => {
    const mpirun = {
      mca: { btl_tcp_if_exclude: 'lo,docker0' },
      x: ['NCCL_SOCKET_IFNAME'],
      bindTo: undefined,
      mapBy: undefined,
      args: ['-x', 'GLOO_SOCKET_IFNAME=ens5'],
    };
    const plan = planLaunch(behindHead({ launcher: 'mpirun', mpirun }));
    expect(argv(plan)).not.toContain('btl_tcp_if_include');
    expect(argv(plan)).toContain('-mca oob_tcp_if_include 10.0.0.0/16');
    expect(content(plan, 'node1/rank-job.sh')).not.toMatch(/export (NCCL|GLOO)_SOCKET_IFNAME=ens3/);
  });

  it('uses a hostfile on the head where it lies, and writes one for a part of the hosts', () => {
    const remote = { remoteHostfile: '~/src/hosts' };
    expect(argv(planLaunch(behindHead({ launcher: 'mpirun' }, remote)))).toContain(
      '-hostfile /home/head/src/hosts ',
    );
    const part = planLaunch(behindHead({ launcher: 'mpirun', nodes: 1 }, remote));
    expect(content(part, 'head/hostfile')).toBe('10.0.0.1 slots=2\n');
  });

  it('horovodrun gets a hostfile its parser accepts, the interface, and an ssh that checks host keys', () => {
    const options = { controller: 'gloo', interface: undefined, args: ['--autotune'] } as const;
    const plan = planLaunch(
      behindHead({ launcher: 'horovodrun', np: 3, horovodrun: { ...options, args: [...options.args] } }),
    );
    expect(content(plan, 'head/hostfile')).toBe('10.0.0.1 slots=2\n10.0.0.2 slots=1\n');
    expect(argv(plan)).toBe(
      'sh /home/head/.rankwise/runs/run-1/head/with-ssh.sh horovodrun -np 3 ' +
        '--hostfile /home/head/.rankwise/runs/run-1/head/hostfile --gloo --network-interfaces ens3 --autotune ' +
        'sh -c exec sh "$HOME/.rankwise/runs/run-1/rank.sh"',
    );
    expect(plan.notes.join('\n')).toContain('switches the checks of host keys off; Rankwise');
  });

  it('horovodrun: says when the network has another interface on the head', () => {
    const spec = behindHead({ launcher: 'horovodrun' });
    const interfaces = [{ name: 'eth1', address: head.peer, prefix: 16 }];
    const facts = { ...spec.facts, head: { ...spec.facts!['head']!, interfaces } };
    const plan = planLaunch({ ...spec, facts });
    expect(argv(plan)).not.toContain('--network-interfaces');
    expect(plan.notes.join('\n')).toContain('but it is eth1 on head, ens3 on node1, ens3 on node2');
  });

  it('MXNet has a scheduler and servers as services, and workers that tell their rank by themselves', () => {
    const plan = planLaunch(
      behindHead({
        launcher: 'mxnet',
        command: ['/opt/py/bin/python3', 'train.py'],
        mxnet: {
          servers: 3,
          launchPy: undefined,
          tracker: 'ssh',
          syncDstDir: undefined,
          interface: undefined,
          args: [],
        },
      }),
    );
    expect(plan.processes.map(({ host, id, role }) => `${host}/${id} ${role}`)).toEqual([
      'node1/scheduler service',
      'node1/server-0 service',
      'node2/server-1 service',
      'node1/server-2 service',
      'node1/0 worker',
      'node1/1 worker',
      'node2/0 worker',
      'node2/1 worker',
    ]);
    expect(plan.processes[2]).toMatchObject({
      argv: ['/opt/py/bin/python3', '-c', 'import mxnet'],
      env: {
        DMLC_ROLE: 'server',
        DMLC_PS_ROOT_URI: '10.0.0.1',
        DMLC_NODE_HOST: '10.0.0.2',
        DMLC_NUM_SERVER: '3',
        DMLC_NUM_WORKER: '4',
        DMLC_INTERFACE: 'ens3',
      },
    });
    expect(plan.workers.map(({ rank }) => rank)).toEqual(Array(4).fill(undefined));
  });

  it('launch.py gets addresses, and says what cannot be followed', () => {
    const mxnet = {
      servers: undefined,
      launchPy: '~/tools/launch.py',
      tracker: 'ssh',
      syncDstDir: '/tmp/job',
      interface: undefined,
      args: [],
    } as const;
    const plan = planLaunch(behindHead({ launcher: 'mxnet', mxnet: { ...mxnet, args: [] } }));
    expect(argv(plan)).toContain(
      'python /home/head/tools/launch.py -n 4 -s 4 -H /home/head/.rankwise/runs/run-1/head/hostfile ' +
        '--sync-dst-dir /tmp/job --launcher ssh sh "$HOME/.rankwise/runs/run-1/rank.sh"',
    );
    expect(content(plan, 'head/hostfile')).toBe('10.0.0.1\n10.0.0.2\n');
    const queued = planLaunch(
      behindHead({ launcher: 'mxnet', mxnet: { ...mxnet, args: [], tracker: 'yarn' } }),
    );
    expect(queued.notes.join('\n')).toContain('only what launch.py prints is followed');
  });

  it('ssh takes one process per host, and a service on the first', () => {
    const plan = planLaunch(behindHead({ launcher: 'ssh', ssh: { per: 'host', service: 'python ns.py' } }));
    expect(plan.hosts.map(({ name }) => name)).toEqual(['node1', 'node2']);
    expect(plan.processes.map(({ host, id, role }) => `${host}/${id} ${role}`)).toEqual([
      'node1/service service',
      'node1/0 worker',
      'node2/0 worker',
    ]);
    expect(plan.processes[2]?.env).toMatchObject({
      RANK: '1',
      LOCAL_RANK: '0',
      WORLD_SIZE: '2',
      LOCAL_WORLD_SIZE: '1',
      NODE_RANK: '1',
    });
  });
});
