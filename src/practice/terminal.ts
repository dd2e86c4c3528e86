import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { quote } from '../ssh/quote';
import { loginShell, type HostHome } from './hostHome';

export interface TerminalSize {
  rows: number;
  cols: number;
}

export interface Terminal {
  process: ChildProcess;
  resize(size: TerminalSize): void;
}

let usable: boolean | undefined;

/** Whether this machine's `script` (util-linux) can lend its pseudo terminal: Node has none without a native module. */
export function hasPseudoTerminal(): boolean {
  usable ??=
    spawnSync('script', ['-q', '-e', '-f', '-c', 'true', '/dev/null'], { stdio: 'ignore' }).status === 0;
  return usable;
}

/** Starts a login shell, or `command` by `sh`, on a pseudo terminal. */
export function openTerminal(host: HostHome, term: string, size: TerminalSize, command?: string): Terminal {
  const run = command === undefined ? `${quote(loginShell(host))} -l` : `/bin/sh -c ${quote(command)}`;
  const inner = `tty >&3; exec 3>&-; ${sizeCommand(size)}; exec ${run}`;
  const child = spawn('script', ['-q', '-e', '-f', '-c', inner, '/dev/null'], {
    cwd: host.home,
    env: { ...host.env, TERM: /^[\w.+-]+$/.test(term) ? term : 'dumb' },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let device = '';
  (child.stdio[3] as Readable).on('data', (chunk: Buffer) => (device += chunk.toString()));
  return {
    process: child,
    resize(next) {
      // Setting the size of a terminal from outside makes the kernel send SIGWINCH to what runs in it.
      const path = device.trim();
      if (/^\/dev\/[\w/]+$/.test(path)) {
        spawn('sh', ['-c', `${sizeCommand(next)} <${quote(path)}`], { stdio: 'ignore' }).on(
          'error',
          () => undefined,
        );
      }
    },
  };
}

/** A size of 0 means that the client does not know. */
function sizeCommand({ rows, cols }: TerminalSize): string {
  return rows > 0 && cols > 0 ? `stty rows ${String(rows)} cols ${String(cols)}` : ':';
}
