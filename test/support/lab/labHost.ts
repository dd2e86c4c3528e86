import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  ) {}

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
    await writeFile(join(this.files, 'ssh/sshd_config'), sshdConfig(this.address, accept));
  }

  /** Brings the namespaces up; the result is the process whose end ends the host. */
  async boot(home: string, truth: string): Promise<number> {
    const spaces = ['--net', '--uts', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const child = spawn('unshare', [...spaces, 'sh', setup, this.name, this.files, home, truth], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
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

  /** Plugs the host into the bridge. */
  async plugIn(bridge: string): Promise<void> {
    await labCommand(
      'ip',
      'link',
      'add',
      this.link,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      String(this.init),
    );
    await labCommand('ip', 'link', 'set', this.link, 'master', bridge, 'up');
    const inside = `ip address add ${this.address}/24 dev eth0 && ip link set eth0 up`;
    await this.mustExec(inside);
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

  async startSshd(): Promise<void> {
    await this.mustExec('/usr/sbin/sshd -E /run/sshd.log');
  }

  /** Ends the listener and every session; processes that were started through it stay. */
  stopSshd(): void {
    for (const pid of this.processes()) {
      if (commandName(pid) === 'sshd') process.kill(pid, 'SIGKILL');
    }
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
