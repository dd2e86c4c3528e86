import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installedPythons } from '../../../scripts/machine/ensurePython.mjs';
import { repository } from '../../../scripts/machine/repository.mjs';
import { labAccount, labAccountFiles } from './labAccount';
import { labCommand } from './labCommand';
import { makeKey, sshdConfig } from './labSshFiles';

const setup = join(repository, 'test/support/lab/labHost.sh');

export interface LabExecResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface LabCable {
  /** Its end on the bridge, a name that this machine has once. */
  link: string;
  /** Its end in the host. */
  device: string;
  address: string;
}

/** One host of the lab: a set of namespaces kept by a process 1 of its own. */
export class LabHost {
  /** Its process 1, as the machine counts. */
  private init = 0;

  /**
   * @param files directory of its configuration
   * @param link end of its network cable on the bridge
   */
  constructor(
    readonly name: string,
    readonly address: string,
    readonly files: string,
    readonly link: string,
    /** Its second address, on the network that only it reaches. */
    readonly privateAddress?: string,
  ) {}

  /** The address by which the other hosts know it. */
  get peerAddress(): string {
    return this.privateAddress ?? this.address;
  }

  /** Writes what the host is configured by, all but the files that name the other hosts. */
  async prepare(): Promise<void> {
    await mkdir(join(this.files, 'ssh'), { recursive: true });
    for (const [file, line] of Object.entries(labAccountFiles)) {
      await writeFile(join(this.files, file), (await readFile(`/etc/${file}`, 'utf8')) + line);
    }
    await writeFile(join(this.files, 'hostname'), `${this.name}\n`);
    await makeKey(this.hostKeyFile, this.name);
    await this.configureSshd('key');
  }

  get hostKeyFile(): string {
    return join(this.files, 'ssh/ssh_host_ed25519_key');
  }

  async configureSshd(accept: 'key' | 'password'): Promise<void> {
    await writeFile(
      join(this.files, 'ssh/sshd_config'),
      sshdConfig([...new Set([this.address, this.peerAddress])], accept),
    );
  }

  /**
   * Brings the namespaces up; the result is the process whose end ends the host.
   *
   * @param slurm directory seen as /etc/slurm
   */
  async boot(home: string, truth: string, slurm: string | undefined): Promise<number> {
    const pythons = installedPythons().flatMap(({ name, directory }) => [name, directory]);
    const spaces = ['--net', '--uts', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const what = [this.name, this.files, home, truth, slurm ?? '', ...pythons];
    const child = spawn('unshare', [...spaces, 'sh', setup, ...what], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${this.name} did not come up: ${output}`);
    });
    const ready = new Promise<void>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
          if (output.includes('ready\n')) resolve();
        });
      }
    });
    await Promise.race([ready, ended]);
    ended.catch(() => undefined);
    const pid = child.pid ?? 0;
    this.init = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
    return pid;
  }

  /** Plugs the host into a bridge: a cable from `link` there to `device` inside. */
  async plugIn(bridge: string, { link, device, address }: LabCable): Promise<void> {
    const peer = ['peer', 'name', device, 'netns', String(this.init)];
    await labCommand('ip', 'link', 'add', link, 'type', 'veth', ...peer);
    await labCommand('ip', 'link', 'set', link, 'master', bridge, 'up');
    await this.mustExec(`ip address add ${address}/24 dev ${device} && ip link set ${device} up`);
  }

  /** The cable that every host has. */
  get cable(): LabCable {
    return { link: this.link, device: 'eth0', address: this.address };
  }

  /** Runs a command line by bash inside the host, without SSH. */
  async exec(command: string, user: 'root' | 'trainer' = 'root'): Promise<LabExecResult> {
    const person = String(labAccount.uid);
    const become = user === 'root' ? [] : ['setpriv', '--reuid', person, '--regid', person, '--clear-groups'];
    const home = user === 'root' ? '/root' : labAccount.home;
    const env = [
      'env',
      '-i',
      `HOME=${home}`,
      `USER=${user}`,
      'LANG=C.UTF-8',
      'PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    ];
    const enter = [
      '-t',
      String(this.init),
      '--net',
      '--uts',
      '--mount',
      '--pid',
      `--wdns=${user === 'root' ? '/' : home}`,
    ];
    const child = spawn('nsenter', [...enter, '--', ...become, ...env, 'bash', '-c', command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  }

  /** As root; a failure is an error. */
  async mustExec(command: string): Promise<string> {
    const { code, stdout, stderr } = await this.exec(command);
    if (code !== 0) throw new Error(`${this.name}: ${command}: exit ${code}\n${stderr}${stdout}`);
    return stdout;
  }

  /** Returns once it listens: sshd detaches before that, and writes its pid after it. */
  async startSshd(): Promise<void> {
    const listens = 'for i in $(seq 600); do [ -s /run/sshd.pid ] && exit; sleep 0.1; done';
    await this.mustExec(
      `rm -f /run/sshd.pid && /usr/sbin/sshd -E /run/sshd.log && { ${listens}; cat /run/sshd.log; exit 1; }`,
    );
  }

  /**
   * Ends the listener and every session, and waits until they are gone: until then the kernel still takes connections.
   * Processes that were started through them stay.
   */
  stopSshd(): void {
    const killed = this.kill('sshd', 'SIGKILL');
    const timer = new Int32Array(new SharedArrayBuffer(4));
    while (killed.some((pid) => commandName(pid) === 'sshd')) Atomics.wait(timer, 0, 0, 5);
  }

  /** Ends every process of that program on the host, and waits until they are gone. */
  async killAll(program: string, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const killed = this.kill(program, signal);
    while (killed.some((pid) => commandName(pid) === program)) await new Promise((r) => setTimeout(r, 20));
  }

  private kill(program: string, signal: 'SIGKILL' | 'SIGTERM'): number[] {
    const pids = this.processes().filter((pid) => commandName(pid) === program);
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // It ended while we looked.
      }
    }
    return pids;
  }

  /** Everything that runs on the host, by the pids of the machine. */
  processes(): number[] {
    const space = readlinkSync(`/proc/${this.init}/ns/pid`);
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        try {
          return readlinkSync(`/proc/${pid}/ns/pid`) === space;
        } catch {
          return false;
        }
      });
  }
}

function commandName(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
