import { randomBytes } from 'node:crypto';
import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedPythons, pythonHome } from '../../scripts/machine/ensurePython.mjs';
import { repository } from '../../scripts/machine/repository.mjs';
import type { PythonName } from '../../scripts/machine/ensurePython.mjs';
import type { SshTarget } from '../../src/ssh/target';
import { labAccount } from './lab/labAccount';
import { labCommand } from './lab/labCommand';
import { LabHost, type LabExecResult } from './lab/labHost';
import { makeBridge } from './lab/labNetwork';
import {
  endProcesses,
  labPrefix,
  privateBridge,
  processStartTime,
  sweepLabs,
  tearDown,
  writeRecord,
  type LabRecord,
} from './lab/labRecord';
import { clientConfig, fillSshHome, knownHostsLine, makeKey } from './lab/labSshFiles';
import { LabSlurm, writeSlurmFiles, type LabSlurmOptions } from './lab/labSlurm';

export interface LabOptions {
  hosts: number;
  /** A home directory per host, or one for all (as on NFS). */
  homes: 'each' | 'shared';
  /** A further host `head` with Slurm's controller, to submit from; the other hosts are its nodes. */
  slurm?: LabSlurmOptions;
  /** A further host `head` with two addresses: the other hosts are on a network that only it reaches. */
  behindHead?: boolean;
  /** Whether the hosts reach each other by SSH without being asked anything. Default true. */
  passwordless?: boolean;
  /** The disk under a home, as `mount -o size=` takes it; it is memory of this machine. Default 96m. */
  homeSize?: string;
}

/**
 * Real hosts on this machine: network namespaces on a bridge, each with its own name, process list, /tmp, accounts
 * and OpenSSH server. Needs root.
 */
export interface Lab {
  /** `node1`, `node2`, … */
  readonly hosts: readonly { name: string; address: string }[];
  /** The host `head`, where the lab has one. `peerAddress` is the one by which the other hosts know it. */
  readonly head: { name: string; address: string; peerAddress: string } | undefined;
  /** @throws Error in a lab without Slurm */
  readonly slurm: LabSlurm;
  /** For `ssh -F`: names, user, key and known_hosts of this lab alone. */
  readonly sshConfigFile: string;
  /** Holds the keys of all hosts at the start. */
  readonly knownHostsFile: string;
  /** The key that the hosts accept from us. */
  readonly identityFile: string;
  /** One directory outside every home, seen by all hosts as `inside` and by us as `outside`. */
  readonly truth: { inside: string; outside: string };
  target(name: string): SshTarget;
  /**
   * The directory of a Python environment on the hosts: `bin/python`, `bin/torchrun`, `bin/ray` …
   *
   * @throws Error when this machine does not have it
   */
  python(name: PythonName): string;
  /** Runs a command line inside a host without SSH: the truth about it. Default user: trainer. */
  exec(name: string, command: string, options?: { user?: 'root' | 'trainer' }): Promise<LabExecResult>;
  /** Silently drops everything between the host and all others (and us), until {@link restore}. */
  cut(name: string): Promise<void>;
  restore(name: string): Promise<void>;
  /** The host loses power: every process is gone and so are /tmp and /run; the home stays. */
  powerOff(name: string): Promise<void>;
  /** Starts the host again, with sshd and its part of Slurm. */
  powerOn(name: string): Promise<void>;
  /** Connections break and new ones are refused; other processes stay. */
  stopSshd(name: string): void;
  startSshd(name: string): Promise<void>;
  /** Gives the host another key, as a machine installed anew has. */
  changeHostKey(name: string): Promise<void>;
  /** From now on the host wants a password and takes no key. */
  requirePassword(name: string): Promise<void>;
  /** Fills the disk that the home is on, to the last byte; {@link freeDisk} takes it back. */
  fillDisk(name: string): Promise<void>;
  freeDisk(name: string): Promise<void>;
  /**
   * Every process that has the run's id in its environment, by the pids of this machine. One that was killed but has not
   * been given a core to end on since is none: it does nothing any more.
   */
  processesWith(runId: string): Promise<{ host: string; pid: number; command: string }[]>;
  dispose(): Promise<void>;
}

const trainings = join(repository, 'test/lab/training');

/** Builds a lab; takes a second or two. Labs of test runs that were killed are taken down first. */
export async function createLab(options: LabOptions): Promise<Lab> {
  await sweepLabs();
  const directory = await mkdtemp(join(tmpdir(), labPrefix));
  const bridge = `rkw${randomBytes(3).toString('hex')}`;
  const owner = { pid: process.pid, startTime: processStartTime(process.pid) ?? '' };
  const record: LabRecord = { owner, bridge, mounts: [], processes: [] };
  await writeRecord(directory, record);
  try {
    return await build(directory, record, options);
  } catch (error) {
    await tearDown(directory, record);
    throw error;
  }
}

async function build(directory: string, record: LabRecord, options: LabOptions): Promise<Lab> {
  const { bridge } = record;
  const { homes, behindHead = false, passwordless = true, homeSize = '96m' } = options;
  const subnet = await makeBridge(bridge, true);
  const inner = behindHead ? await makeBridge(privateBridge(record), false, [subnet]) : undefined;
  const innerBridge = inner === undefined ? bridge : privateBridge(record);
  const nodes = Array.from({ length: options.hosts }, (_, index) => {
    const name = `node${index + 1}`;
    const address = `${inner ?? subnet}.${index + 1}`;
    return new LabHost(name, address, join(directory, name), `${bridge}n${index + 1}`);
  });
  const head =
    options.slurm !== undefined || behindHead
      ? new LabHost(
          'head',
          `${subnet}.100`,
          join(directory, 'head'),
          `${bridge}h`,
          inner === undefined ? undefined : `${inner}.100`,
        )
      : undefined;
  const hosts = head === undefined ? nodes : [head, ...nodes];
  const identityFile = join(directory, 'id_ed25519');
  const innerKey = join(directory, 'inner_ed25519');
  await Promise.all([
    makeKey(identityFile, 'lab'),
    makeKey(innerKey, 'inner'),
    ...hosts.map((host) => host.prepare()),
  ]);

  const lines = await Promise.all(
    hosts.map(({ name, address, peerAddress, hostKeyFile }) =>
      knownHostsLine([...new Set([name, address, peerAddress])], `${hostKeyFile}.pub`),
    ),
  );
  const knownHostsFile = join(directory, 'known_hosts');
  const sshConfigFile = join(directory, 'ssh_config');
  await writeFile(knownHostsFile, lines.join(''));
  const reached = hosts.map((host) => ({
    name: host.name,
    address: host.address,
    jump: behindHead && host !== head ? 'head' : undefined,
  }));
  await writeFile(
    sshConfigFile,
    clientConfig(reached, { identity: identityFile, knownHosts: knownHostsFile }),
  );
  const names = hosts.map(({ name, peerAddress }) => `${peerAddress} ${name}\n`).join('');
  for (const host of hosts) {
    await writeFile(join(host.files, 'hosts'), `127.0.0.1 localhost\n${names}`);
    if (passwordless) await writeFile(join(host.files, 'ssh/ssh_known_hosts'), lines.join(''));
  }
  const slurmFiles = options.slurm === undefined ? undefined : join(directory, 'slurm');
  if (options.slurm !== undefined && slurmFiles !== undefined) {
    const members = nodes.map(({ name }) => name);
    await writeSlurmFiles(slurmFiles, members, options.slurm);
  }

  const outside = join(directory, 'truth');
  await mkdir(outside);
  await chmod(outside, 0o777);
  const homeOf = async (name: string): Promise<string> => {
    const home = join(directory, 'homes', name);
    await mkdir(home, { recursive: true });
    record.mounts.push(home);
    await writeRecord(directory, record);
    await labCommand('mount', '-t', 'tmpfs', '-o', `size=${homeSize},mode=755`, 'tmpfs', home);
    await fillSshHome(home, passwordless ? innerKey : undefined, identityFile);
    for (const file of await readdir(trainings)) {
      await copyFile(join(trainings, file), join(home, file));
      await chown(join(home, file), labAccount.uid, labAccount.uid);
    }
    return home;
  };
  const sharedHome = homes === 'shared' ? await homeOf('all') : undefined;
  const up = new Map<LabHost, LabRecord['processes'][number]>();
  const homeDirectories = new Map<LabHost, string>();
  const start = async (host: LabHost): Promise<void> => {
    const home = sharedHome ?? homeDirectories.get(host) ?? (await homeOf(host.name));
    homeDirectories.set(host, home);
    const pid = await host.boot(home, outside, slurmFiles);
    const process = { pid, startTime: processStartTime(pid) ?? '' };
    up.set(host, process);
    record.processes.push(process);
    await writeRecord(directory, record);
    if (host === head) await host.plugIn(bridge, host.cable);
    else await host.plugIn(innerBridge, host.cable);
    if (host === head && inner !== undefined) {
      await host.plugIn(innerBridge, { link: `${bridge}i`, device: 'eth1', address: host.peerAddress });
    }
    await host.startSshd();
  };
  for (const host of hosts) await start(host);
  const slurm = head === undefined || slurmFiles === undefined ? undefined : new LabSlurm(head, nodes);
  await slurm?.start();

  const find = (name: string): LabHost => {
    const host = hosts.find((one) => one.name === name);
    if (host === undefined) throw new Error(`the lab has no host ${name}`);
    return host;
  };
  const restartSshd = async (host: LabHost): Promise<void> => {
    host.stopSshd();
    await host.startSshd();
  };
  const filler = `${labAccount.home}/.filler`;
  return {
    hosts: nodes.map(({ name, address }) => ({ name, address })),
    head: head && { name: head.name, address: head.address, peerAddress: head.peerAddress },
    get slurm() {
      if (slurm === undefined) throw new Error('this lab has no Slurm');
      return slurm;
    },
    sshConfigFile,
    knownHostsFile,
    identityFile,
    truth: { inside: '/mnt', outside },
    target: (name) => ({ host: find(name).name }),
    python(name) {
      if (installedPythons().some((one) => one.name === name)) return pythonHome(name);
      throw new Error(`this machine lacks the Python environment ${name}: npm test -- lab installs it`);
    },
    exec: (name, command, options) => find(name).exec(command, options?.user ?? 'trainer'),
    async cut(name) {
      await labCommand('ip', 'link', 'set', find(name).link, 'down');
    },
    async restore(name) {
      await labCommand('ip', 'link', 'set', find(name).link, 'up');
    },
    async powerOff(name) {
      const host = find(name);
      const process = up.get(host);
      if (process === undefined) return;
      up.delete(host);
      await labCommand('ip', 'link', 'delete', host.link);
      await endProcesses([process]);
    },
    async powerOn(name) {
      const host = find(name);
      if (up.has(host)) return;
      await start(host);
      await slurm?.startOn(host);
    },
    stopSshd: (name) => find(name).stopSshd(),
    startSshd: (name) => find(name).startSshd(),
    async changeHostKey(name) {
      const host = find(name);
      await makeKey(host.hostKeyFile, name);
      await restartSshd(host);
    },
    async requirePassword(name) {
      const host = find(name);
      await host.configureSshd('password');
      await restartSshd(host);
    },
    async fillDisk(name) {
      const { stderr } = await find(name).exec(`dd if=/dev/zero of=${filler} bs=4096`);
      if (!stderr.includes('No space left')) throw new Error(`${name}: the disk did not fill: ${stderr}`);
    },
    async freeDisk(name) {
      await find(name).mustExec(`rm ${filler}`);
    },
    async processesWith(runId) {
      const found = await Promise.all(
        [...up.keys()].flatMap((host) => host.processes().map((pid) => withRunId(host.name, pid, runId))),
      );
      return found.filter((one) => one !== undefined);
    },
    dispose: () => tearDown(directory, record),
  };
}

async function withRunId(
  host: string,
  pid: number,
  runId: string,
): Promise<{ host: string; pid: number; command: string } | undefined> {
  try {
    const environ = await readFile(`/proc/${pid}/environ`, 'utf8');
    if (!environ.split('\0').includes(`RANKWISE_RUN_ID=${runId}`)) return undefined;
    if (isKilled(await readFile(`/proc/${pid}/status`, 'utf8'))) return undefined;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return { host, pid, command: command.split('\0').join(' ').trim() };
  } catch {
    // It ended while we looked.
    return undefined;
  }
}

/** Whether SIGKILL waits for the process whose /proc/PID/status this is: the ninth bit of the pending signals. */
function isKilled(status: string): boolean {
  return [...status.matchAll(/^(?:SigPnd|ShdPnd):\s+([0-9a-f]+)$/gm)].some(
    ([, signals]) => (Number.parseInt(signals?.slice(-3) ?? '0', 16) & 0x100) !== 0,
  );
}
