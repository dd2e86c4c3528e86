import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labCommand } from './labCommand';
import type { LabHost } from './labHost';

export interface LabSlurmOptions {
  /** GPUs of each node. They are no GPUs, but Slurm counts them and sets CUDA_VISIBLE_DEVICES. */
  gpus: number;
  /** Further lines of slurm.conf for partitions beside `main`, which is the default and has every node. */
  partitions?: readonly { name: string; nodes: readonly string[]; maxTime?: string }[];
  /** What each node claims to have, whatever this machine has. Default: 4 CPUs and 4000 MB. */
  cpus?: number;
  memoryMb?: number;
  /** Seconds for which a job that ended is remembered. Default 300, as Slurm has it. */
  minJobAge?: number;
}

/** Writes /etc/slurm for every host of a lab: configuration, key of munge, and the GPUs. */
export async function writeSlurmFiles(
  directory: string,
  nodes: readonly string[],
  { gpus, cpus = 4, memoryMb = 4000, partitions = [], minJobAge = 300 }: LabSlurmOptions,
): Promise<void> {
  await mkdir(directory);
  await chmod(directory, 0o755);
  await writeFile(join(directory, 'munge.key'), randomBytes(128), { mode: 0o600 });
  // Slurm wants devices and tells them by number: these are /dev/null.
  for (let gpu = 0; gpu < gpus; gpu++) await labCommand('mknod', join(directory, `gpu${gpu}`), 'c', '1', '3');
  const configuration = [
    'ClusterName=lab',
    'SlurmctldHost=head',
    'SlurmUser=root',
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_Core',
    'JobAcctGatherType=jobacct_gather/none',
    'AccountingStorageType=accounting_storage/none',
    'MpiDefault=none',
    // Outlives a reboot of the head, as the jobs do.
    'StateSaveLocation=/etc/slurm/state',
    'SlurmdSpoolDir=/run/slurmd',
    'SlurmctldPidFile=/run/slurmctld.pid',
    'SlurmdPidFile=/run/slurmd.pid',
    'SlurmctldLogFile=/run/slurmctld.log',
    'SlurmdLogFile=/run/slurmd.log',
    // The nodes may claim more than this machine has.
    'SlurmdParameters=config_overrides',
    // Quick where a site is considerate: jobs start within a second and a node that is gone is noticed.
    'SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,sched_interval=1,bf_interval=1',
    'SlurmdTimeout=10',
    'KillWait=5',
    `MinJobAge=${minJobAge}`,
    'TreeWidth=65533',
    // A node that comes back is used again.
    'ReturnToService=2',
    ...(gpus > 0 ? ['GresTypes=gpu'] : []),
    ...nodes.map(
      (name) =>
        `NodeName=${name} CPUs=${cpus} RealMemory=${memoryMb}${gpus > 0 ? ` Gres=gpu:${gpus}` : ''} State=UNKNOWN`,
    ),
    'PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP',
    ...partitions.map(
      ({ name, nodes: members, maxTime = 'INFINITE' }) =>
        `PartitionName=${name} Nodes=${members.join(',')} MaxTime=${maxTime} State=UP`,
    ),
    '',
  ];
  await writeFile(join(directory, 'slurm.conf'), configuration.join('\n'));
  await writeFile(join(directory, 'cgroup.conf'), 'CgroupPlugin=cgroup/v1\n');
  const files = gpus === 1 ? '/etc/slurm/gpu0' : `/etc/slurm/gpu[0-${gpus - 1}]`;
  await writeFile(join(directory, 'gres.conf'), gpus > 0 ? `Name=gpu File=${files}\n` : '');
}

/** The Slurm of a lab: `slurmctld` on the host `head`, one `slurmd` on each other host. No accounting. */
export class LabSlurm {
  constructor(
    private readonly head: LabHost,
    private readonly nodes: readonly LabHost[],
  ) {}

  /** Starts everything and waits until every node is idle. */
  async start(): Promise<void> {
    await Promise.all([this.head, ...this.nodes].map(startMunge));
    await this.bootController();
    await Promise.all(this.nodes.map(({ name }) => this.startNode(name)));
    await this.settle();
  }

  /** Starts it where it does not run, and waits until it knows again how each node is. */
  async startController(): Promise<void> {
    await this.bootController();
    await until('slurmctld to know its nodes', async () => {
      const states = await this.states();
      return isForEach(states, this.nodes, (state) => !state.startsWith('unknown')) || states.join();
    });
  }

  private async bootController(): Promise<void> {
    await this.head.mustExec('pgrep -x slurmctld >/dev/null || { mkdir -p /etc/slurm/state && slurmctld; }');
    await until('slurmctld to answer', async () => {
      const { stdout, stderr } = await this.head.exec('scontrol ping');
      return stdout.includes('UP') || `${stdout}${stderr}`;
    });
  }

  private async states(): Promise<string[]> {
    return (await this.head.exec('sinfo -h -N -p main -o %T')).stdout.trim().split('\n');
  }

  /** An orderly end: jobs go on, `squeue` and `sbatch` fail until the controller is started again. */
  async stopController(): Promise<void> {
    await this.head.killAll('slurmctld', 'SIGTERM');
  }

  /** A crash: what the controller learned in the last 5 s or so, even of a job, may never have been written down. */
  async killController(): Promise<void> {
    await this.head.killAll('slurmctld');
  }

  async restartController(): Promise<void> {
    await this.stopController();
    await this.startController();
  }

  /** No new job starts there; those that run go on. */
  async drain(node: string, reason: string): Promise<void> {
    await this.head.mustExec(`scontrol update NodeName=${node} State=DRAIN Reason='${reason}'`);
  }

  async resume(node: string): Promise<void> {
    await this.head.mustExec(`scontrol update NodeName=${node} State=RESUME`);
  }

  /** The node's daemon alone dies; its jobs go on until the controller misses it (about 10 s). */
  async killNode(node: string): Promise<void> {
    await this.find(node).killAll('slurmd');
  }

  async startNode(node: string): Promise<void> {
    await this.find(node).mustExec(`mkdir -p /run/slurmd && slurmd -N ${node}`);
  }

  /**
   * A real machine needs longer to boot than Slurm to call it down and its jobs failed. This one does not, and its
   * uptime, by which Slurm would tell too, is that of the machine all hosts are on.
   */
  private async startRebooted(node: string): Promise<void> {
    await this.head.mustExec(
      `scontrol update NodeName=${node} State=DOWN Reason='Node unexpectedly rebooted'`,
    );
    await this.startNode(node);
  }

  /** After a reboot of a host: what was running on it starts again. */
  async startOn(host: LabHost): Promise<void> {
    await startMunge(host);
    await (host === this.head ? this.startController() : this.startRebooted(host.name));
  }

  /** Waits until no job is left on any node and every node can take one. */
  async settle(): Promise<void> {
    await until('every node to be idle', async () => {
      const states = await this.states();
      return isForEach(states, this.nodes, (state) => state === 'idle') || (await this.picture());
    });
  }

  /** Cancels every job, also those that are being handed over, and waits as {@link settle} does. */
  async clear(): Promise<void> {
    await until('every job to be gone', async () => {
      await this.head.exec('scancel --quiet --user=trainer');
      const { code, stdout } = await this.head.exec('squeue -h -o %i');
      return (code === 0 && stdout === '') || (await this.picture());
    });
    await this.settle();
  }

  private async picture(): Promise<string> {
    return (await this.head.exec('sinfo -N -o "%N %T %E" 2>&1; squeue -o "%i %j %T %r %N" 2>&1')).stdout;
  }

  private find(name: string): LabHost {
    const host = this.nodes.find((node) => node.name === name);
    if (host === undefined) throw new Error(`the lab's Slurm has no node ${name}`);
    return host;
  }
}

async function startMunge(host: LabHost): Promise<void> {
  await host.mustExec(
    'mkdir -p -m 755 /run/munge && munged --force --key-file=/etc/slurm/munge.key --socket=/run/munge/munge.socket.2 ' +
      '--pid-file=/run/munge/munged.pid --log-file=/run/munge/munged.log --seed-file=/run/munge/munged.seed',
  );
}

function isForEach(
  states: readonly string[],
  nodes: readonly LabHost[],
  isSo: (state: string) => boolean,
): boolean {
  return states.length === nodes.length && states.every((state) => state !== '' && isSo(state));
}

/**
 * Asks again until the answer is true; any other answer is what is there instead.
 * @throws Error naming what did not come within two minutes, and the last answer
 */
async function until(what: string, isSo: () => Promise<true | string>): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const answer = await isSo();
    if (answer === true) return;
    if (Date.now() > deadline) throw new Error(`waited 120 s for ${what}; instead:\n${answer}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
