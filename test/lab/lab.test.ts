import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../scripts/machine/command.mjs';
import { createLab, type Lab } from '../support/lab';

describe.each(['each', 'shared'] as const)('a lab of 4 hosts, homes: %s', (homes) => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await createLab({ hosts: 4, homes });
  });
  afterAll(() => lab.dispose());

  const ssh = (host: string, command: string, seconds = 60) =>
    run('ssh', [
      ...['-F', lab.sshConfigFile, '-o', 'BatchMode=yes', '-o', `ConnectTimeout=${seconds}`],
      ...[host, command],
    ]);

  it('is reached by OpenSSH, each host with its own name and processes', async () => {
    for (const { name } of lab.hosts) {
      expect(await ssh(name, 'uname -n; cat /proc/1/comm')).toEqual({ code: 0, output: `${name}\ntini\n` });
    }
  });

  it('has one home or four', async () => {
    await lab.exec('node1', 'touch ~/seen-by');
    const { code } = await lab.exec('node4', 'test -e ~/seen-by');
    expect(code).toBe(homes === 'shared' ? 0 : 1);
  });

  it('trains 8 ranks by mpirun, which starts them over SSH between the hosts', async () => {
    const hostfile = lab.hosts.map(({ name }) => `${name} slots=2\n`).join('');
    await lab.exec('node1', `printf '%s' '${hostfile}' > hosts`);
    const mpirun =
      'mpirun -np 8 -hostfile hosts -mca plm_rsh_no_tree_spawn 1 -bind-to none -map-by slot -mca pml ob1 ' +
      '-mca btl ^openib -mca btl_tcp_if_include eth0 -mca oob_tcp_if_include eth0 -x RANKWISE_TRUTH_DIR -x RANKWISE_RUN_ID ' +
      `sh -c 'until [ -e ${lab.truth.inside}/go ]; do sleep 0.1; done; exec /usr/bin/python3 ddp.py --epochs 1 --steps 12 --master-addr node1 --master-port 29517'`;
    const environment = `RANKWISE_TRUTH_DIR=${lab.truth.inside} RANKWISE_RUN_ID=by-hand`;
    const training = lab.exec('node1', `${environment} ${mpirun}`);
    await expect
      .poll(async () => new Set((await lab.processesWith('by-hand')).map(({ host }) => host)).size, {
        timeout: 60_000,
      })
      .toBe(4);
    const go = join(lab.truth.outside, 'go');
    await writeFile(go, '');
    const { code, stdout, stderr } = await training;
    // Open MPI and its child race for the child's process group; who loses on a busy machine says so.
    const complaints = stderr.replaceAll(/^.*plm:rsh: Warning: setpgid.*\n/gm, '');
    expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
    // Lines of several ranks may meet within a line here: what each has printed is counted below.
    expect(stdout).toContain('Epoch: [0][11/12]\tTime ');
    await rm(go);
    const files = await readdir(lab.truth.outside);
    expect(files.sort()).toEqual(Array.from({ length: 8 }, (_, rank) => `rank-${rank}.log`));
    for (const file of files) {
      const lines = (await readFile(join(lab.truth.outside, file), 'utf8')).trimEnd().split('\n');
      expect(lines.map((line) => Number.parseInt(line, 10))).toEqual(
        Array.from({ length: 12 }, (_, n) => n + 1),
      );
    }
    // mpirun does not wait for its ssh.
    await expect.poll(() => lab.processesWith('by-hand'), { timeout: 60_000 }).toEqual([]);
  });

  it('loses and regains a host', async () => {
    await lab.cut('node3');
    expect((await ssh('node3', 'true', 3)).code).toBe(255);
    await lab.restore('node3');
    await expect.poll(async () => (await ssh('node3', 'true')).code, { timeout: 60_000 }).toBe(0);
  });

  it('refuses connections while its sshd is stopped', async () => {
    lab.stopSshd('node2');
    expect((await ssh('node2', 'true')).output).toContain('Connection refused');
    await lab.startSshd('node2');
    expect((await ssh('node2', 'true')).code).toBe(0);
  });

  it('has a disk that fills', async () => {
    await lab.fillDisk('node1');
    expect((await lab.exec('node1', 'echo x > ~/one-more')).stderr).toContain('No space left');
    await lab.freeDisk('node1');
    expect((await lab.exec('node1', 'echo x > ~/one-more')).code).toBe(0);
  });

  it('wants a password, or shows another key', async () => {
    await lab.requirePassword('node4');
    expect((await ssh('node4', 'true')).output).toContain('Permission denied (password)');
    await lab.changeHostKey('node4');
    expect((await ssh('node4', 'true')).output).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED');
  });
});
