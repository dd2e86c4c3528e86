import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { RemoteShell } from './connection';
import { LocalProcess } from './localProcess';
import { quote } from './quote';

interface Size {
  columns: number;
  rows: number;
}

/** A shell of this machine on a pseudo terminal. */
export class LocalTerminal extends LocalProcess implements RemoteShell {
  private device = '';
  /** What is to be done about the size once the terminal's name is known and the change before is made. */
  private wanted: string | undefined;
  private isSizing = false;

  /** @param child has the name of its terminal written to descriptor 3. */
  constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
    super(child);
    const names = child.stdio[3] as Readable;
    names.on('data', (chunk: Buffer) => {
      this.device += chunk.toString();
      this.applySize();
    });
    names.on('error', () => undefined);
  }

  /** Setting the size of a terminal from outside makes the kernel send SIGWINCH to what runs in it. */
  resize(size: Size): void {
    this.wanted = sizeCommand(size);
    this.applySize();
  }

  /** One change after the other: of two at once the older one could come last. */
  private applySize(): void {
    const path = /^(\/dev\/[\w/]+)\n$/.exec(this.device)?.[1];
    if (path === undefined || this.wanted === undefined || this.isSizing) return;
    const command = `${this.wanted} <${quote(path)}`;
    this.wanted = undefined;
    this.isSizing = true;
    const made = (): void => {
      this.isSizing = false;
      this.applySize();
    };
    spawn('sh', ['-c', command], { stdio: 'ignore' }).once('error', made).once('exit', made);
  }
}

/**
 * Starts, for {@link LocalTerminal}, a login shell, or `command` by `sh`, on a pseudo terminal lent by `script`: Node has none without a native
 * module.
 */
export function startTerminal(
  size: Size,
  command: string | undefined,
  where: { home: string; shell: string; env: Record<string, string>; platform: NodeJS.Platform },
): ChildProcessByStdio<Writable, Readable, Readable> {
  const run = command === undefined ? `${quote(where.shell)} -l` : `/bin/sh -c ${quote(command)}`;
  // Whoever has the name may set the size: the first one is set before.
  const inner = `${sizeCommand(size)}; tty >&3; exec 3>&-; exec ${run}`;
  // util-linux takes the command as an option, the BSDs as arguments behind the file.
  const args =
    where.platform === 'linux'
      ? ['-q', '-e', '-f', '-c', inner, '/dev/null']
      : ['-q', '/dev/null', '/bin/sh', '-c', inner];
  return spawn('script', args, {
    cwd: where.home,
    env: { ...where.env, TERM: 'xterm-256color', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
}

function sizeCommand({ rows, columns }: Size): string {
  return `stty rows ${rows} cols ${columns}`;
}
