import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/readConfig';
import { planLaunch } from '../../../src/launch/planLaunch';
import { withStandIns } from '../../../src/launch/standInHosts';

async function preview(yaml: string) {
  const text = `version: 1\n${yaml}`;
  const { launches, clusters, problems } = await readConfig(
    '/w/rankwise.yaml',
    () => Promise.resolve(text),
    undefined,
  );
  expect(problems).toEqual([]);
  const [launch] = launches;
  const cluster = clusters.find(({ name }) => name === launch?.cluster);
  if (launch === undefined || cluster === undefined) throw new Error('no launch');
  const shown = withStandIns(launch, cluster);
  return {
    ...shown,
    known: cluster,
    plan: planLaunch({ run: '<run>', facts: undefined, launch, cluster: shown.cluster }),
  };
}

describe('withStandIns', () => {
  const onHead = 'clusters:\n  c: { hosts: { onHead: ~/workers }, head: master }\n';

  it('stands in for the hosts of a list on the head', async () => {
    const { plan, notes } = await preview(
      `${onHead}launches:\n  l: { cluster: c, launcher: ssh, command: train, np: 4, nodes: 2 }\n`,
    );
    expect(plan.workers.map(({ host, localIndex }) => `${host} ${localIndex}`)).toEqual([
      'host-1 0',
      'host-1 1',
      'host-2 0',
      'host-2 1',
    ]);
    expect(notes).toEqual([
      'The hosts are those that ~/workers on master names at the start; host-1 and so on stand for them here.',
    ]);
  });

  it('stands in for one host of a practice cluster that does not run', async () => {
    const { plan, notes } = await preview(
      'launches:\n  l: { cluster: practice, launcher: ssh, command: train }\n',
    );
    expect(plan.workers.map(({ host }) => host)).toEqual(['host-1']);
    expect(notes).toEqual(['The practice cluster does not run; host-1 and so on stand for them here.']);
  });

  it('leaves hosts that are known as they are', async () => {
    const { cluster, known, notes } = await preview(
      'clusters:\n  c: { hosts: [a, b] }\nlaunches:\n  l: { cluster: c, launcher: ssh, command: train }\n',
    );
    expect(cluster).toBe(known);
    expect(notes).toEqual([]);
  });
});
