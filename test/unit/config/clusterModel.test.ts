import { describe, expect, it } from 'vitest';
import { withRemoteHostfile } from '../../../src/config/clusterModel';
import type { ClusterModel } from '../../../src/config/model';
import { readConfig } from '../../../src/config/readConfig';

/** The first cluster of a file with these lines under its name. */
async function cluster(lines: string, hostfile = ''): Promise<ClusterModel> {
  const yaml = `version: 1\nclusters:\n  lab: ${lines}\n`;
  const model = await readConfig(
    '/ws/rankwise.yaml',
    (path) => Promise.resolve(path === '/ws/rankwise.yaml' ? yaml : hostfile),
    undefined,
  );
  expect(model.problems).toEqual([]);
  const [first] = model.clusters;
  if (first === undefined) throw new Error('no cluster');
  return first;
}

const hostsOf = ({ hosts }: ClusterModel): unknown =>
  hosts.map(({ name, target, peer, slots, gpus }) => ({ name, target, peer, slots, gpus }));

describe('the head of a cluster', () => {
  it('is one of the hosts by its name; the others go through it, it does not', async () => {
    const model = await cluster('{ hosts: [a, b:2222], head: a, user: me, proxyJump: head }');
    const head = { host: 'a', user: 'me' };
    expect(hostsOf(model)).toMatchObject([
      { name: 'a', target: head },
      { name: 'b', target: { host: 'b', user: 'me', port: 2222, via: head } },
    ]);
    expect(model.hosts[0]?.target).toEqual(head);
    expect(model.hosts[1]?.target).not.toHaveProperty('proxyJump');
    expect(model.head).toBe(model.hosts[0]);
  });

  it('keeps the name it has where ports tell hosts apart', async () => {
    const model = await cluster('{ hosts: ["localhost:2201", "localhost:2202"], head: "localhost:2202" }');
    expect(model.hosts.map(({ name }) => name)).toEqual(['localhost-2201', 'localhost-2202']);
    expect(model.head).toBe(model.hosts[1]);
  });

  it('is found in the list by its private address', async () => {
    const model = await cluster(
      '{ hosts: [10.0.0.4, 10.0.0.5], head: { host: lead.example.com, peer: 10.0.0.4, user: root, identityFile: k.pem }, user: me }',
    );
    expect(hostsOf(model)).toMatchObject([
      {
        name: 'lead.example.com',
        target: { host: 'lead.example.com', user: 'root', identityFile: '/ws/k.pem' },
        peer: '10.0.0.4',
      },
      { name: '10.0.0.5', target: { host: '10.0.0.5', user: 'me' } },
    ]);
  });

  it('outside the list runs workers only where it has slots', async () => {
    const without = await cluster('{ hosts: [a], head: { host: gate } }');
    expect(without.hosts.map(({ name }) => name)).toEqual(['a']);
    expect(without.head?.name).toBe('gate');
    const own = await cluster('{ hosts: [a], head: { host: gate, slots: 2 } }');
    expect(own.hosts.map(({ name, slots }) => [name, slots])).toEqual([
      ['gate', 2],
      ['a', undefined],
    ]);
  });

  it('is what `localhost` means in a hostfile, which stays as it is', async () => {
    const text = 'localhost slots=8\n10.0.0.5 slots=4\n';
    const model = await cluster('{ hosts: hosts, head: ubuntu@54.12.0.7, proxyJump: head, gpus: 2 }', text);
    expect(hostsOf(model)).toEqual([
      {
        name: '54.12.0.7',
        target: { host: '54.12.0.7', user: 'ubuntu' },
        peer: '54.12.0.7',
        slots: 8,
        gpus: 2,
      },
      {
        name: '10.0.0.5',
        target: { host: '10.0.0.5', via: { host: '54.12.0.7', user: 'ubuntu' } },
        peer: '10.0.0.5',
        slots: 4,
        gpus: 2,
      },
    ]);
    expect(model.hostfile?.text).toBe(text);
  });

  it('without a head, `proxyJump: head` is a host of that name', async () => {
    const model = await cluster('{ hosts: [a], proxyJump: head }');
    expect(model.hosts[0]?.target).toEqual({ host: 'a', proxyJump: 'head' });
  });

  it('may hold the hostfile, whose hosts come once it was read', async () => {
    const model = await cluster(
      '{ hosts: { onHead: ~/hosts }, head: "me@lead:2200", proxyJump: head, gpus: 4 }',
    );
    expect(model).toMatchObject({ hosts: [], remoteHostfile: '~/hosts' });
    const { cluster: read, problems } = withRemoteHostfile(model, 'localhost slots=2\nroot@w1 slots=2\n');
    expect(problems).toEqual([]);
    const head = { host: 'lead', user: 'me', port: 2200 };
    expect(read.hosts).toMatchObject([
      { name: 'lead', target: head, slots: 2, gpus: 4, source: { file: '~/hosts', line: 0 } },
      { name: 'w1', target: { host: 'w1', user: 'root', via: head }, slots: 2, gpus: 4 },
    ]);
    expect(read.head).toBe(read.hosts[0]);
    expect(withRemoteHostfile(model, 'a:4\n').problems).toMatchObject([{ code: 'hostfile.colon' }]);
  });
});

describe('other clusters', () => {
  it('of Slurm have a login node and what their launches say to sbatch', async () => {
    const model = await cluster('{ login: me@login, slurm: { partition: gpu, time: 30 }, port: 2222 }');
    expect(model).toMatchObject({
      hosts: [],
      head: undefined,
      slurm: {
        login: { name: 'login', target: { host: 'login', user: 'me', port: 2222 }, peer: 'login' },
        pollSeconds: 30,
      },
    });
    expect(model.slurm?.options).toEqual({ partition: 'gpu', time: '30' });
  });

  it('may be this machine, without SSH', async () => {
    const model = await cluster(
      '{ hosts: [{ host: localhost, local: true, slots: 2 }], user: me, proxyJump: x }',
    );
    expect(model.hosts[0]).toMatchObject({ name: 'localhost', slots: 2 });
    expect(model.hosts[0]?.target).toEqual({ host: 'localhost', local: true });
  });
});
