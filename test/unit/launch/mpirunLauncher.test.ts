import { describe, expect, it } from 'vitest';
import type { LaunchModel } from '../../../src/config/model';
import { planMpirun } from '../../../src/launch/mpirunLauncher';
import { factsFor, hostsWith, specOf } from '../../support/launchSpecs';

const mpirun = (options: Partial<LaunchModel['mpirun']>): LaunchModel['mpirun'] => ({
  mca: {},
  x: [],
  bindTo: undefined,
  mapBy: undefined,
  args: [],
  ...options,
});
const argvOf = (launch: Partial<LaunchModel>): string =>
  planMpirun(specOf(hostsWith(2, 2), { launcher: 'mpirun', ...launch })).processes[0]?.argv.join(' ') ?? '';

describe('the mpirun launcher', () => {
  it('starts a rank script through mpirun on the first host', () => {
    expect(argvOf({})).toBe(
      'mpirun -np 4 -hostfile /home/node1/.rankwise/runs/run-1/node1/hostfile -bind-to none -map-by slot ' +
        '-mca plm_rsh_no_tree_spawn 1 -mca orte_launch_agent env RANKWISE_RUN_ID=run-1 RANKWISE_ROLE=launcher orted ' +
        '-mca odls_base_sigkill_timeout 20 -x RANKWISE_RUN_ID -x PYTHONUNBUFFERED -x SPT_NOENV ' +
        'sh -c exec sh "$HOME/.rankwise/runs/run-1/rank.sh"',
    );
  });

  it('passes the options of a Horovod launch on, names only behind -x', () => {
    const argv = argvOf({
      np: 4,
      env: { HOROVOD_FUSION_THRESHOLD: '16777216' },
      mpirun: mpirun({
        bindTo: 'socket',
        mapBy: 'slot',
        mca: { pml: 'ob1', btl: '^openib', btl_tcp_if_exclude: 'lo,docker0' },
        x: ['LD_LIBRARY_PATH', 'PATH'],
      }),
    });
    expect(argv).toContain('-bind-to socket -map-by slot');
    expect(argv).toContain('-mca pml ob1 -mca btl ^openib -mca btl_tcp_if_exclude lo,docker0');
    expect(argv).toContain('-x LD_LIBRARY_PATH -x PATH -x PYTHONUNBUFFERED');
    expect(argv).toContain('-x HOROVOD_FUSION_THRESHOLD ');
    expect(argv).not.toContain('16777216');
  });

  it('lets the flags win that the user wrote', () => {
    const argv = argvOf({
      mpirun: mpirun({
        args: ['--bind-to', 'core', '-np', '2', '--mca', 'plm_rsh_no_tree_spawn', '0', '--hostfile', 'mine'],
      }),
    });
    expect(argv).not.toMatch(/-bind-to none|-np 4|plm_rsh_no_tree_spawn 1|-hostfile \/home/);
    expect(argv).toContain('--bind-to core -np 2 --mca plm_rsh_no_tree_spawn 0 --hostfile mine');
  });

  it("gives the user's hostfile to mpirun byte for byte, and writes one for inline hosts", () => {
    const text = '# mine\nnode1 slots=2  max_slots=4\n';
    const spec = specOf(hostsWith(2, undefined), { launcher: 'mpirun' });
    const file = (content: ReturnType<typeof planMpirun>): string | undefined =>
      content.files.find(({ path }) => path === 'node1/hostfile')?.content;
    expect(
      file(planMpirun({ ...spec, cluster: { ...spec.cluster, hostfile: { path: 'hosts', text } } })),
    ).toBe(text);
    expect(file(planMpirun(spec))).toBe('10.0.0.1 slots=2\n10.0.0.2\n');
  });

  it('knows the workers only where the hostfile alone decides', () => {
    const workers = (launch: Partial<LaunchModel>): string[] =>
      planMpirun(specOf(hostsWith(2, 2), { launcher: 'mpirun', ...launch })).workers.map(({ id }) => id);
    expect(workers({})).toEqual(['node1/0', 'node1/1', 'node2/0', 'node2/1']);
    expect(workers({ mpirun: mpirun({ mapBy: 'node' }) })).toEqual([]);
    expect(workers({ np: 9, mpirun: mpirun({ args: ['--oversubscribe'] }) })).toEqual([]);
  });

  it('refuses two hosts that call themselves the same', () => {
    const hosts = hostsWith(1, 1);
    const facts = factsFor(hosts);
    const same = { ...facts, node2: { ...facts['node2']!, nodeName: 'node1.cluster' } };
    const plan = (): unknown => planMpirun({ ...specOf(hosts, { launcher: 'mpirun' }), facts: same });
    expect(plan).toThrow('node1 and node2 both call themselves node1.cluster');
  });
});
