import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../../scripts/machine/repository.mjs';
import { createCli, type Cli } from '../../support/cli';
import { createLab, type Lab } from '../../support/lab';
import { createTestCore } from '../../support/testCore';

// A leader with a public address and two further instances with private ones, as on AWS.
describe('Horovod on AWS', () => {
  let lab: Lab;
  let cli: Cli;
  const machines = ['head', 'node1', 'node2'];

  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'each', behindHead: true, passwordless: false });
    cli = await createCli(lab.sshConfigFile);
    await copyFile(
      join(repository, 'test/lab/writeups/DermAI_train_horovod.py'),
      join(lab.truth.outside, 'DermAI_train_horovod.py'),
    );
    // `conda` is a function of the login shell, as conda's own set-up makes it.
    const profile = `conda() { export CONDA_DEFAULT_ENV="$2" PATH="${lab.python('horovod')}/bin:$PATH" LD_LIBRARY_PATH=/opt/derm/lib RANKWISE_TRUTH_DIR=${lab.truth.inside}; }`;
    for (const machine of machines) {
      await must(
        machine,
        `mkdir -p ~/src/derm-ai && cp ${lab.truth.inside}/*.py ~/src/derm-ai && echo '${profile}' >~/.bash_profile`,
      );
    }
    // The leader's way to us is no network of the workers; under this name mpirun is told to leave it out.
    await lab.exec(
      'head',
      'ip link set eth0 down && ip link set eth0 name docker0 && ip link set docker0 up',
      {
        user: 'root',
      },
    );
    const privateHosts = lab.hosts.map(({ address }) => `${address} slots=1\n`).join('');
    await must('head', `printf 'localhost slots=2\\n${privateHosts}' >~/src/derm-ai/hosts`);
  });
  afterAll(async () => {
    await cli.dispose();
    await lab.dispose();
  });

  async function must(machine: string, command: string): Promise<string> {
    const { code, stdout, stderr } = await lab.exec(machine, command);
    if (code !== 0) throw new Error(`${machine}: ${command}: ${stderr}`);
    return stdout;
  }

  const config = (): string => `version: 1
clusters:
  derm:
    hosts: { onHead: ~/src/derm-ai/hosts }
    head: { host: ${lab.head!.address}, name: leader, peer: ${lab.head!.peerAddress} }
    user: trainer
    identityFile: ${lab.identityFile}
    proxyJump: head
    workdir: ~/src/derm-ai
    setup: conda activate derm-ai
launches:
  train:
    cluster: derm
    launcher: mpirun
    command: python -W ignore ~/src/derm-ai/DermAI_train_horovod.py
    env:
      HOROVOD_HIERARCHICAL_ALLREDUCE: 1
      HOROVOD_FUSION_THRESHOLD: 16777216
      NCCL_MIN_NRINGS: 4
      NCCL_SOCKET_IFNAME: ens3
      TF_CPP_MIN_LOG_LEVEL: 0
    mpirun:
      x: [LD_LIBRARY_PATH, PATH]
      bindTo: socket
      mapBy: slot
      mca:
        plm_rsh_no_tree_spawn: 1
        pml: ob1
        btl: ^openib
        btl_tcp_if_exclude: lo,docker0
`;

  it('sets up SSH between the hosts and trains by the mpirun of the write-up', async () => {
    await cli.configure(config());
    const before = await cli.run('launch', 'train');
    expect([before.code, before.stderr]).toEqual([
      1,
      expect.stringMatching(/without a password|permission denied|host key/i),
    ]);

    const { core, configure, dispose } = await createTestCore(lab.sshConfigFile);
    try {
      await configure(config());
      expect(core.config.current?.problems).toEqual([]);
      await core.keys.carryOut(await core.keys.preview('derm', 'apply'));
      expect((await core.keys.prove('derm')).filter(({ ok }) => !ok)).toEqual([]);
    } finally {
      await dispose();
    }
    for (const machine of machines) {
      expect(await must(machine, 'grep -ri stricthostkeychecking ~/.ssh || true')).toBe('');
    }

    const { id, code } = await cli.launchAndWait('train');
    expect(code).toBe(0);
    const run = await cli.inspect(id);
    const [first, second] = lab.hosts.map(({ address }) => address);
    expect(run).toMatchObject({ state: 'ended', exit: 0, by: 'itself' });
    expect(run.workers.map(({ rank, host, state }) => [rank, host, state])).toEqual([
      [0, 'leader', 'exited 0'],
      [1, 'leader', 'exited 0'],
      [2, first, 'exited 0'],
      [3, second, 'exited 0'],
    ]);

    // mpirun got the flags as they were typed, and the user's own hostfile byte for byte.
    const directory = `~/.rankwise/runs/${id}/leader`;
    const script = await must('head', `cat ${directory}/launcher.sh`);
    const flags = '-bind-to socket -map-by slot -mca plm_rsh_no_tree_spawn 1 -mca pml ob1 -mca btl ^openib';
    for (const words of [flags, '-np 4', '-mca btl_tcp_if_exclude lo,docker0']) {
      expect(script.replaceAll("'", '')).toContain(words);
    }
    const points = await cli.points(id);
    for (const rank of [0, 1, 2, 3]) {
      const printed = (await readFile(join(lab.truth.outside, `rank-${rank}.log`), 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(line.indexOf('\t') + 1));
      expect(JSON.parse(printed[0] ?? '')).toEqual({
        warnings: ['ignore'],
        HOROVOD_HIERARCHICAL_ALLREDUCE: '1',
        HOROVOD_FUSION_THRESHOLD: '16777216',
        NCCL_MIN_NRINGS: '4',
        NCCL_SOCKET_IFNAME: 'ens3',
        TF_CPP_MIN_LOG_LEVEL: '0',
        LD_LIBRARY_PATH: '/opt/derm/lib',
        CONDA_DEFAULT_ENV: 'derm-ai',
      });
      const losses = printed.flatMap((line) => /Train Epoch.*Loss: ([\d.]+)/.exec(line)?.[1] ?? []);
      expect(losses).toHaveLength(8);
      expect(
        points.filter((point) => point.rank === rank && point.name === 'loss').map(({ value }) => value),
      ).toEqual(losses.map(Number));
    }
    expect(await lab.processesWith(id)).toEqual([]);
  });
});
