import { describe, expect, it } from 'vitest';
import type { LaunchModel } from '../../../src/config/model';
import type { Plan } from '../../../src/launch/plan';
import { planLaunch } from '../../../src/launch/planLaunch';
import { factsFor, hostsWith, specOf } from '../../support/launchSpecs';

const torchrun = (options: Partial<LaunchModel['torchrun']>): Partial<LaunchModel> => ({
  launcher: 'torchrun',
  torchrun: {
    program: 'torchrun',
    rendezvous: 'static',
    minNodes: undefined,
    maxRestarts: 0,
    args: [],
    ...options,
  },
});
const plan = (launch: Partial<LaunchModel>, ...slots: (number | undefined)[]): Plan =>
  planLaunch(specOf(hostsWith(...slots), launch));
const argvs = ({ processes }: Plan): string[] => processes.map(({ argv }) => argv.join(' '));

describe('launchers with an agent on every host', () => {
  it('torchrun: ranks by the order of the hosts', () => {
    const made = plan(torchrun({ args: ['--master_port', '1'] }), 2, 1);
    expect(argvs(made)).toEqual([
      'torchrun --nproc_per_node=2 --nnodes=2 --node_rank=0 --master_addr=10.0.0.1 --master_port 1 --no_python ' +
        'sh /home/node1/.rankwise/runs/run-1/rank.sh',
      'torchrun --nproc_per_node=1 --nnodes=2 --node_rank=1 --master_addr=10.0.0.1 --master_port 1 --no_python ' +
        'sh /home/node2/.rankwise/runs/run-1/rank.sh',
    ]);
    expect(made.workers.map(({ id, rank }) => [id, rank])).toEqual([
      ['node1/0', 0],
      ['node1/1', 1],
      ['node2/0', 2],
    ]);
    expect(made).toMatchObject({ signalled: 'all', onWorkerExit: 'stop' });
  });

  it('torchrun: elastic, with restarts that do not end the run and ranks by arrival', () => {
    const made = plan(torchrun({ rendezvous: 'c10d', minNodes: 1, maxRestarts: 3 }), 2, 2);
    expect(argvs(made)[1]).toBe(
      'torchrun --nproc_per_node=2 --nnodes=1:2 --rdzv_backend=c10d --rdzv_endpoint=10.0.0.1:23456 ' +
        '--rdzv_id=run-1 --rdzv_conf=is_host=0 --max_restarts=3 --no_python sh /home/node2/.rankwise/runs/run-1/rank.sh',
    );
    expect(made.workers.map(({ rank }) => rank)).toEqual(Array(4).fill(undefined));
    expect(made.onWorkerExit).toBe('keep');
  });

  it('torchrun: says the address where a host takes its own name for another one', () => {
    const hosts = hostsWith(1, 1);
    const facts = factsFor(hosts);
    const addressed = Object.fromEntries(
      hosts.map(({ name, peer }) => [
        name,
        {
          ...facts[name]!,
          ownAddress: name === 'node1' ? '127.0.1.1' : peer,
          interfaces: [{ name: 'eth0', address: peer, prefix: 24 }],
        },
      ]),
    );
    const made = planLaunch({ ...specOf(hosts, torchrun({ rendezvous: 'c10d' })), facts: addressed });
    expect(argvs(made).map((argv) => argv.includes('--local_addr=10.0.0.1'))).toEqual([true, false]);
    expect(made.processes[0]?.env).toMatchObject({ NCCL_SOCKET_IFNAME: 'eth0', GLOO_SOCKET_IFNAME: 'eth0' });
  });

  it('torch.distributed.launch: with the Python of the command, and as many processes on every host', () => {
    const old = { ...torchrun({ program: 'torch.distributed.launch' }), command: '/opt/py/bin/python3 t.py' };
    expect(argvs(plan(old, 2, 2))[1]).toBe(
      '/opt/py/bin/python3 -m torch.distributed.launch --nnodes=2 --node_rank=1 --nproc_per_node=2 ' +
        '--master_addr=10.0.0.1 --master_port=23456 --use_env --no_python sh /home/node2/.rankwise/runs/run-1/rank.sh',
    );
    expect(() => plan(old, 2, 1)).toThrow(
      'needs the same number of processes on every host, not node1: 2, node2: 1',
    );
  });

  it('deepspeed: without SSH, on a hostfile in its dialect', () => {
    const made = plan({ launcher: 'deepspeed', np: 3 }, 2, 2, 2);
    expect(made.hosts.map(({ name }) => name)).toEqual(['node1', 'node2']);
    expect(made.files.find(({ path }) => path === 'node2/hostfile')?.content).toBe(
      '10.0.0.1 slots=2\n10.0.0.2 slots=1\n',
    );
    expect(argvs(made)[1]).toMatch(/^deepspeed --hostfile=\S+\/node2\/hostfile --node_rank=1 .* --no_ssh /);
    expect(made.signalled).toBe('workers');
  });

  it('accelerate: several processes by --multi_gpu, on CPUs where no GPU was found', () => {
    const made = plan({ launcher: 'accelerate' }, 2, 2);
    expect(argvs(made)[0]).toContain('--num_machines=2 --machine_rank=0 --num_processes=4');
    expect(argvs(made)[0]).toContain(' --multi_gpu --no_python sh ');
    expect(made.processes[0]?.env['ACCELERATE_USE_CPU']).toBe('true');
    const cpu = plan({ launcher: 'accelerate', accelerate: { args: ['--cpu'] } }, 2, 2);
    expect(cpu.notes).toContainEqual(
      expect.stringMatching(/^With --cpu .* no worker can start\. Leave it out/),
    );
    const own = plan({ launcher: 'accelerate', accelerate: { args: ['--use-fsdp'] } }, 2, 2);
    expect(argvs(own)[0]).not.toContain('--multi_gpu');
  });

  it('takes as many processes as the launch names GPUs, on as many hosts as it names nodes', () => {
    const made = plan({ ...torchrun({}), nodes: 2, gpus: 4 }, 1, 1, 1);
    expect(argvs(made).map((argv) => argv.split(' ')[1])).toEqual(Array(2).fill('--nproc_per_node=4'));
    expect(() => plan({ ...torchrun({}), nodes: 4 }, 1)).toThrow('wants 4 hosts, cluster "lab" has 1');
  });
});
