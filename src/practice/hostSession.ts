import { spawn, type ChildProcess } from 'node:child_process';
import type { ServerChannel, Session } from 'ssh2';
import type { Event } from '../base/emitter';
import { copyOutput } from './channelOutput';
import { loginShell, type HostHome } from './hostHome';
import { hasPseudoTerminal, openTerminal, type Terminal, type TerminalSize } from './terminal';

/** What a shell reports for a command that it cannot run. */
const notStarted = 127;

/**
 * Answers one SSH session: `exec` by `/bin/sh -c` in the host's home, `shell` by a login shell, both on a terminal
 * where one was asked for. As under OpenSSH, a process outlives its channel; only its input ends.
 * @param connectionClosed fires with the connection of the session.
 */
export function serveSession(session: Session, connectionClosed: Event<void>, host: HostHome): void {
  const closed = new AbortController();
  const listening = connectionClosed(() => closed.abort());
  session.on('close', () => {
    listening.dispose();
    closed.abort();
  });

  let wanted: (TerminalSize & { term: string }) | undefined;
  let terminal: Terminal | undefined;
  session.on('pty', (accept, _reject, info) => {
    wanted = info;
    acknowledge(accept);
  });
  session.on('window-change', (accept, _reject, info) => {
    terminal?.resize(info);
    acknowledge(accept);
  });

  const open = (channel: ServerChannel, command: string | undefined): void => {
    if (wanted !== undefined && hasPseudoTerminal()) {
      const opened = openTerminal(host, wanted.term, wanted, command);
      terminal = opened;
      // The terminal goes with its window: its master closes when `script` is gone, and the kernel hangs up on the rest.
      closed.signal.addEventListener('abort', () => opened.process.kill('SIGKILL'), { once: true });
      void attach(channel, opened.process, closed.signal, host.name);
      return;
    }
    if (wanted !== undefined) {
      channel.stderr.write(`${host.name}: no terminal, because \`script\` (util-linux) does not work here\n`);
    }
    const shell: [string, string[]] = wanted === undefined ? [loginShell(host), ['-l']] : ['/bin/sh', ['-i']];
    const [file, args] = command === undefined ? shell : ['/bin/sh', ['-c', command]];
    const child = spawn(file, args, { cwd: host.home, env: host.env, detached: true });
    void attach(channel, child, closed.signal, host.name);
  };
  session.on('exec', (accept, _reject, info) => open(accept(), info.command));
  session.on('shell', (accept) => open(accept(), undefined));
}

/** Joins a process and its channel until the process has ended and all it wrote is sent. */
async function attach(
  channel: ServerChannel,
  child: ChildProcess,
  closed: AbortSignal,
  host: string,
): Promise<void> {
  const { stdin, stdout, stderr } = child;
  // With no stdio streams the process could not be made at all: `error` follows.
  const exit = new Promise<[code: number | null, signal: NodeJS.Signals | null]>((resolve) => {
    child.on('exit', (code, signal) => resolve([code, signal]));
    child.on('error', (error) => {
      channel.stderr.write(`${host}: cannot start a process: ${error.message}\n`);
      resolve([notStarted, null]);
    });
  });
  channel.on('error', () => undefined);
  if (stdin !== null) {
    stdin.on('error', () => undefined);
    channel.pipe(stdin);
    // What the client still sends goes nowhere, but must not fill its window.
    void exit.then(() => {
      channel.unpipe(stdin);
      channel.resume();
    });
  }
  const output =
    stdout === null || stderr === null ? undefined : copyOutput(channel, { stdout, stderr }, closed);
  const [code, signal] = await exit;
  if (!closed.aborted) {
    if (signal === null) channel.exit(code ?? notStarted);
    else channel.exit(signal.replace(/^SIG/, ''), false, '');
  }
  await output;
  if (!closed.aborted) channel.end();
}

/** ssh2 passes no function where the client wants no reply. */
function acknowledge(reply: (() => unknown) | undefined): void {
  reply?.();
}
