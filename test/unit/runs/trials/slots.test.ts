import { describe, expect, it } from 'vitest';
import type { RunView } from '../../../../src/runs/model';
import {
  freeSlots,
  onSlot,
  slotsOfHost,
  takeForRun,
  type TakenSlots,
} from '../../../../src/runs/trials/slots';
import { hostsWith, specOf } from '../../../support/launchSpecs';

const running = (
  host: string,
  locals: number[],
  slot?: number,
  state: RunView['state'] = { kind: 'running' },
): RunView =>
  ({
    state,
    plan: { hosts: [{ name: host, target: { host: '10.0.0.1' }, peer: '' }], slurm: undefined },
    workers: locals.map((localIndex) => ({ host, localIndex })),
    ...(slot === undefined ? {} : { group: { slot: { host, index: slot, gpu: slot } } }),
  }) as unknown as RunView;

describe('slots of trials', () => {
  const hosts = hostsWith(2, undefined);
  const [first, second] = hosts as [(typeof hosts)[0], (typeof hosts)[0]];

  it('are those of the file, else one for each GPU, else one', () => {
    expect(slotsOfHost(first, [])).toMatchObject({ slots: 2, gpus: [] });
    expect(slotsOfHost(second, [0, 1, 2])).toMatchObject({ slots: 3, gpus: [0, 1, 2] });
    expect(slotsOfHost({ ...second, gpus: 2 }, [7])).toMatchObject({ slots: 2, gpus: [0, 1] });
    expect(slotsOfHost(second, [])).toMatchObject({ slots: 1 });
  });

  it('are free host by host, but for those in use under any name', () => {
    const offered = [slotsOfHost(first, [4, 5]), slotsOfHost(second, [0])];
    const free = (...runs: RunView[]): string[] => {
      const taken: TakenSlots = new Map();
      for (const run of runs) takeForRun(taken, run);
      return freeSlots(offered, taken).map(({ host, index, gpu }) => `${host} ${index} ${gpu}`);
    };
    expect(free()).toEqual(['node1 0 4', 'node2 0 0', 'node1 1 5']);
    expect(free(running('other-name', [0]))).toEqual(['node2 0 0', 'node1 1 5']);
    expect(free(running('node1', [0], 1))).toEqual(['node1 0 4', 'node2 0 0']);
    expect(free(running('node1', []))).toEqual(['node2 0 0']);
    expect(free(running('node1', [0, 1], undefined, { kind: 'gone', hosts: [] }))).toHaveLength(3);
  });

  const slot = { host: 'node1', index: 1, gpu: 5 };
  it('give a trial one process on one host, which sees one GPU', () => {
    const { launch, cluster } = specOf(hosts, { gpus: 1 }, { hostfile: { path: '/h', text: '' } });
    const alone = onSlot(launch, cluster, slot);
    expect(alone.launch).toMatchObject({ np: 1, nodes: 1, env: { CUDA_VISIBLE_DEVICES: '5' } });
    expect(alone.launch.gpus).toBeUndefined();
    expect(alone.cluster.hosts.map(({ name, slots }) => [name, slots])).toEqual([['node1', 1]]);
    expect(alone.cluster).not.toHaveProperty('hostfile');
  });

  it('hide the GPUs of a trial that wants none, and leave what the user sets', () => {
    const { launch, cluster } = specOf(hosts, {});
    const envOf = (change: Partial<typeof launch>, own = {}): unknown =>
      onSlot({ ...launch, ...change }, { ...cluster, env: own }, slot).launch.env['CUDA_VISIBLE_DEVICES'];
    expect(envOf({ gpus: 0 })).toBe('');
    expect(envOf({ env: { CUDA_VISIBLE_DEVICES: '3' } })).toBe('3');
    expect(envOf({}, { CUDA_VISIBLE_DEVICES: '2' })).toBeUndefined();
    expect(onSlot(launch, cluster, { ...slot, gpu: undefined }).launch.env).toEqual(launch.env);
  });

  it.each([{ np: 2 }, { nodes: 2 }, { gpus: 2 }])('are too small for %j', (change) => {
    const { launch, cluster } = specOf(hosts, change);
    expect(() => onSlot(launch, cluster, slot)).toThrow(/each has one slot/);
  });
});
