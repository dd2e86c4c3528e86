import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCli, type Cli } from '../support/cli';
import { createLab, type Lab } from '../support/lab';

describe('hosts that only their head reaches', () => {
  let lab: Lab;
  let cli: Cli;

  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'each', behindHead: true });
    cli = await createCli(lab.sshConfigFile);
    const hostfile = ['localhost slots=1', ...lab.hosts.map(({ address }) => `${address} slots=1`), ''].join(
      '\n',
    );
    await lab.exec('head', `printf %s '${hostfile}' >~/hosts; cp ~/ddp.py ~/train.py`);
    const { address, peerAddress } = lab.head!;
    await cli.configure(`version: 1
clusters:
  aws:
    hosts: { onHead: ~/hosts }
    head: { host: ${address}, peer: ${peerAddress}, name: leader }
    proxyJump: head
    user: trainer
    identityFile: ${lab.identityFile}
launches:
  ssh:
    cluster: aws
    launcher: ssh
    command: &train RANKWISE_TRUTH_DIR=${lab.truth.inside} exec /usr/bin/python3 ~/ddp.py --epochs 1 --steps 10
  mpirun:
    cluster: aws
    launcher: mpirun
    command: *train
`);
  });
  afterAll(async () => {
    await cli.dispose();
    await lab.dispose();
  });

  it.each(['ssh', 'mpirun'])(
    'train by %s: the head is one of them, its hostfile says who',
    async (launch) => {
      const { id, code, stderr } = await cli.launchAndWait(launch);
      expect([code, stderr.includes('Reading ~/hosts on the head')]).toEqual([0, true]);
      const run = await cli.inspect(id);
      expect(run).toMatchObject({ state: 'ended', exit: 0 });
      expect(run.workers.map(({ rank, host, points }) => [rank, host, points > 0])).toEqual([
        [0, 'leader', true],
        [1, lab.hosts[0]!.address, true],
        [2, lab.hosts[1]!.address, true],
      ]);
      expect(await lab.processesWith(id)).toEqual([]);
    },
  );

  it('name the line of the hostfile on the head that the launcher cannot read', async () => {
    await lab.exec('head', `printf 'localhost:2\\n' >~/hosts`);
    const { code, stderr } = await cli.run('launch', 'mpirun');
    expect(code).toBe(1);
    expect(stderr).toContain('mpirun cannot use ~/hosts:1 on the head');
  });

  it('name the head and the file that is not there', async () => {
    await lab.exec('head', 'rm ~/hosts');
    const { code, stderr } = await cli.run('launch', 'ssh');
    expect(code).toBe(1);
    expect(stderr).toMatch(/hostfile ~\/hosts of cluster "aws" cannot be read on leader: .*No such file/);
  });
});
