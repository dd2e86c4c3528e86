import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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
  const stop = (): void => {
    agent.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  };
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  // The socket is there a moment before it listens. Status 2: no agent answers.
  for (const end = Date.now() + 60_000; spawnSync('ssh-add', ['-l'], { env }).status === 2;) {
    if (Date.now() > end) {
      stop();
      throw new Error('ssh-agent did not answer within 60 s');
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  for (const key of keys) execFileSync('ssh-add', ['-q', key], { env, stdio: 'pipe' });
  return { socket, stop };
}
