import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real ssh-agent that holds the given keys. */
export interface SshAgent {
  socket: string;
  stop(): void;
}

export async function startSshAgent(...keys: string[]): Promise<SshAgent> {
  const directory = mkdtempSync(join(tmpdir(), 'rankwise-agent-'));
  const socket = join(directory, 'socket');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  for (const end = Date.now() + 5_000; !existsSync(socket);) {
    if (Date.now() > end) throw new Error('ssh-agent did not start');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  for (const key of keys) {
    execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'pipe' });
  }
  return {
    socket,
    stop: () => {
      agent.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
