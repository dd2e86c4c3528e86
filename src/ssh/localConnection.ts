import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { whenAborted } from '../base/whenAborted';
import { DisposableStore } from '../base/disposable';
import { Emitter } from '../base/emitter';
import { Cancelled, describeError, RankwiseError, throwIfAborted } from '../base/errors';
import type { Logger } from '../base/logger';
import type { Connection, ExecOptions, ExecResult, Forward, RemoteShell, RemoteStream } from './connection';
import type { SshEnvironment } from './environment';
import { LocalProcess } from './localProcess';
import { LocalTerminal, startTerminal } from './localTerminal';
import { openForward } from './portForward';
import { connectionLost, runCommand } from './runCommand';

/** What a login would set. Everything else of this process belongs to the editor that it runs in. */
const passedOn = /^(?:PATH|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|XDG_RUNTIME_DIR|SSH_AUTH_SOCK)$/;

/**
 * This machine as a host, without SSH: a command is a process of this account, started by `sh` in the home directory,
 * in a session of its own as the SSH server would give it, so that it outlives this process.
 */
export class LocalConnection implements Connection {
  readonly hostKey = undefined;
  private readonly processes = new Set<LocalProcess>();
  private readonly forwards = new DisposableStore();
  private readonly closed = new Emitter<{ reason: string }>();
  private isClosed = false;
  readonly onClosed = this.closed.event;

  /** @throws RankwiseError `ssh.localUnsupported` on Windows. */
  constructor(
    readonly host: string,
    private readonly environment: SshEnvironment,
    private readonly logger: Logger,
  ) {
    if (environment.platform === 'win32') {
      throw new RankwiseError(
        'ssh.localUnsupported',
        `${host} is this machine, and Windows cannot be a host`,
        {
          host,
          nextStep: 'Work in WSL, or name a Linux host.',
        },
      );
    }
  }

  async exec(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    throwIfAborted(options.signal);
    return runCommand(this.host, await this.start(command), options);
  }

  async stream(command: string, options: { signal?: AbortSignal } = {}): Promise<RemoteStream> {
    const { signal } = options;
    throwIfAborted(signal);
    const process = await this.start(command);
    void process.ended.then(whenAborted(signal, () => process.dispose()));
    if (signal?.aborted === true) {
      process.dispose();
      throw new Cancelled();
    }
    return process;
  }

  async shell(size: { columns: number; rows: number }, command?: string): Promise<RemoteShell> {
    this.throwIfClosed();
    const { home, platform } = this.environment;
    const env = this.loginEnvironment();
    const child = startTerminal(size, command, { home, shell: env['SHELL'] ?? '/bin/sh', env, platform });
    const terminal = new LocalTerminal(child);
    await this.track(child, terminal);
    return terminal;
  }

  async forward(remoteHost: string, remotePort: number): Promise<Forward> {
    this.throwIfClosed();
    const forward = await openForward(
      (_originPort, done) => {
        const socket = connect({ host: remoteHost, port: remotePort, allowHalfOpen: true });
        const refuse = (error: Error): void => done(error, socket);
        socket.once('error', refuse);
        socket.once('connect', () => {
          socket.off('error', refuse);
          done(undefined, socket);
        });
      },
      this.host,
      remoteHost,
      remotePort,
      this.logger,
    );
    return this.forwards.add(forward);
  }

  close(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const process of this.processes) process.lose();
    this.forwards.dispose();
    this.closed.fire({ reason });
  }

  private async start(command: string): Promise<LocalProcess> {
    this.throwIfClosed();
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: this.environment.home,
      env: this.loginEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const process = new LocalProcess(child);
    await this.track(child, process);
    return process;
  }

  /** Resolves once it runs. @throws RankwiseError `ssh.channelRefused` */
  private async track(child: ChildProcess, process: LocalProcess): Promise<void> {
    try {
      await once(child, 'spawn');
    } catch (error) {
      throw new RankwiseError(
        'ssh.channelRefused',
        `${this.host} does not run a command: ${describeError(error)}`,
        {
          host: this.host,
          nextStep:
            'Check that this machine has /bin/sh, and `script` for terminals, and processes to spare.',
          cause: error,
        },
      );
    }
    child.on('error', (error) => this.logger.warn(`${this.host}: ${describeError(error)}`));
    this.processes.add(process);
    void process.ended.then(() => this.processes.delete(process));
  }

  private loginEnvironment(): Record<string, string> {
    const { env, home, user } = this.environment;
    const kept = Object.entries(env).flatMap(([name, value]): [string, string][] =>
      value !== undefined && passedOn.test(name) ? [[name, value]] : [],
    );
    return { USER: user, LOGNAME: user, ...Object.fromEntries(kept), HOME: home };
  }

  private throwIfClosed(): void {
    if (this.isClosed) throw connectionLost(this.host, new Error('Rankwise is closing'));
  }
}
