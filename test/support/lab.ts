import { randomBytes } from 'node:crypto';
import { chmod, chown, copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../scripts/machine/repository.mjs';
import type { SshTarget } from '../../src/ssh/target';
import { labAccount } from './lab/labAccount';
import { labCommand } from './lab/labCommand';
import { LabHost, type LabExecResult } from './lab/labHost';
import {
  labPrefix,
  processStartTime,
  sweepLabs,
  tearDown,
  writeRecord,
  type LabRecord,
} from './lab/labRecord';
import { clientConfig, fillSshHome, knownHostsLine, makeKey } from './lab/labSshFiles';

export interface LabOptions {
  hosts: number;
  /** A home directory per host, or one for all (as on NFS). */
  homes: 'each' | 'shared';
}

/**
 * Real hosts on this machine: network namespaces on a bridge, each with its own name, process list, /tmp, accounts
 * and OpenSSH server. The hosts reach each other by SSH without a password, as mpirun wants. Needs root.
 */
export interface Lab {
  /** `node1`, `node2`, … */
  readonly hosts: readonly { name: string; address: string }[];
  /** For `ssh -F`: names, user, key and known_hosts of this lab alone. */
  readonly sshConfigFile: string;
  /** Holds the keys of all hosts at the start. */
  readonly knownHostsFile: string;
  /** The key that the hosts accept from us. */
  readonly identityFile: string;
  /** One directory outside every home, seen by all hosts as `inside` and by us as `outside`. */
  readonly truth: { inside: string; outside: string };
  target(name: string): SshTarget;
  /** Runs a command line inside a host without SSH: the truth about it. Default user: trainer. */
  exec(name: string, command: string, options?: { user?: 'root' | 'trainer' }): Promise<LabExecResult>;
  /** Silently drops everything between the host and all others (and us), until {@link restore}. */
  cut(name: string): Promise<void>;
  restore(name: string): Promise<void>;
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
  /** Every process that has the run's id in its environment, by the pids of this machine. */
  processesWith(runId: string): Promise<{ host: string; pid: number; command: string }[]>;
  dispose(): Promise<void>;
}

const homeSize = '96m';
const training = join(repository, 'test/lab/training/ddp.py');

/** Builds a lab; takes a second or two. Labs of test runs that were killed are taken down first. */
export async function createLab({ hosts: count, homes }: LabOptions): Promise<Lab> {
  await sweepLabs();
  const directory = await mkdtemp(join(tmpdir(), labPrefix));
  const bridge = `rkw${randomBytes(3).toString('hex')}`;
  const owner = { pid: process.pid, startTime: processStartTime(process.pid) ?? '' };
  const record: LabRecord = { owner, bridge, mounts: [], processes: [] };
  await writeRecord(directory, record);
  try {
    return await build(directory, record, count, homes);
  } catch (error) {
    await tearDown(directory, record);
    throw error;
  }
}

async function build(
  directory: string,
  record: LabRecord,
  count: number,
  homes: LabOptions['homes'],
): Promise<Lab> {
  const { bridge } = record;
  const subnet = await makeBridge(bridge);
  const hosts = Array.from({ length: count }, (_, index) => {
    const name = `node${index + 1}`;
    return new LabHost(name, `${subnet}.${index + 1}`, join(directory, name), `${bridge}n${index + 1}`);
  });
  const identityFile = join(directory, 'id_ed25519');
  const innerKey = join(directory, 'inner_ed25519');
  await Promise.all([
    makeKey(identityFile, 'lab'),
    makeKey(innerKey, 'inner'),
    ...hosts.map((host) => host.prepare()),
  ]);

  const lines = await Promise.all(
    hosts.map(({ name, address, hostKeyFile }) => knownHostsLine([name, address], `${hostKeyFile}.pub`)),
  );
  const knownHostsFile = join(directory, 'known_hosts');
  const sshConfigFile = join(directory, 'ssh_config');
  await writeFile(knownHostsFile, lines.join(''));
  await writeFile(sshConfigFile, clientConfig(hosts, { identity: identityFile, knownHosts: knownHostsFile }));
  const names = hosts.map(({ name, address }) => `${address} ${name}\n`).join('');
  for (const host of hosts) {
    await writeFile(join(host.files, 'hosts'), `127.0.0.1 localhost\n${names}`);
    await writeFile(join(host.files, 'ssh/ssh_known_hosts'), lines.join(''));
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
    await fillSshHome(home, innerKey, identityFile);
    await copyFile(training, join(home, 'ddp.py'));
    await chown(join(home, 'ddp.py'), labAccount.uid, labAccount.uid);
    return home;
  };
  const shared = homes === 'shared' ? await homeOf('all') : undefined;
  for (const host of hosts) {
    const pid = await host.boot(shared ?? (await homeOf(host.name)), outside);
    record.processes.push({ pid, startTime: processStartTime(pid) ?? '' });
    await writeRecord(directory, record);
    await host.plugIn(bridge);
    await host.startSshd();
  }

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
    hosts: hosts.map(({ name, address }) => ({ name, address })),
    sshConfigFile,
    knownHostsFile,
    identityFile,
    truth: { inside: '/mnt', outside },
    target: (name) => ({ host: find(name).name }),
    exec: (name, command, options) => find(name).exec(command, options?.user ?? 'trainer'),
    async cut(name) {
      await labCommand('ip', 'link', 'set', find(name).link, 'down');
    },
    async restore(name) {
      await labCommand('ip', 'link', 'set', find(name).link, 'up');
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
        hosts.flatMap((host) => host.processes().map((pid) => withRunId(host.name, pid, runId))),
      );
      return found.filter((one) => one !== undefined);
    },
    dispose: () => tearDown(directory, record),
  };
}

/** Adds the bridge with our own address on a subnet that nothing here uses. */
async function makeBridge(bridge: string): Promise<string> {
  await labCommand('ip', 'link', 'add', bridge, 'type', 'bridge');
  const inUse = await labCommand('ip', '-4', 'route', 'show', 'table', 'all');
  const free = Array.from({ length: 256 }, (_, n) => `10.77.${n}`).filter(
    (net) => !inUse.includes(`${net}.`),
  );
  const subnet = free[randomBytes(1).readUInt8() % Math.max(free.length, 1)];
  if (subnet === undefined) throw new Error('every subnet below 10.77.0.0/16 is in use here');
  await labCommand('ip', 'address', 'add', `${subnet}.254/24`, 'dev', bridge);
  await labCommand('ip', 'link', 'set', bridge, 'up');
  return subnet;
}

async function withRunId(
  host: string,
  pid: number,
  runId: string,
): Promise<{ host: string; pid: number; command: string } | undefined> {
  try {
    const environ = await readFile(`/proc/${pid}/environ`, 'utf8');
    if (!environ.split('\0').includes(`RANKWISE_RUN_ID=${runId}`)) return undefined;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return { host, pid, command: command.split('\0').join(' ').trim() };
  } catch {
    // It ended while we looked.
    return undefined;
  }
}
