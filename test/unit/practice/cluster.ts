import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, type ClientChannel } from 'ssh2';
import { readRecord, type ClusterRecord } from '../../../src/practice/clusterRecord';
import { practicePaths } from '../../../src/practice/practicePaths';

/** A directory as an installed extension has it: `dist/` with the two real bundles. */
export async function buildExtension(): Promise<string> {
  const directory = await temporaryDirectory();
  await build({
    entryPoints: {
      practice: 'src/practice/main.ts',
      'practice-training': 'src/practice/training/main.ts',
    },
    outdir: join(directory, 'dist'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['cpu-features', '*.node'],
    logLevel: 'error',
  });
  return directory;
}

export function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'rankwise-test-'));
}

export async function removeDirectories(directories: string[]): Promise<void> {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
}

/** Polls until `look` gives something; the error names what was waited for. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  limitMs = 60_000,
): Promise<T> {
  for (const start = Date.now(); Date.now() - start < limitMs; await delay(50)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`waited ${String(limitMs)} ms for ${what}`);
}

export async function recordOf(stateDir: string): Promise<ClusterRecord> {
  return until('the record', () => readRecord(practicePaths(stateDir).record));
}

/** What is on disk below the practice directory, but for the log. */
export async function filesLeft(stateDir: string): Promise<string[]> {
  const names = await readdir(practicePaths(stateDir).directory, { recursive: true });
  return names.filter((name) => name !== 'practice.log');
}

export function portAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

/** Connects by ssh2 and refuses any host key but the recorded one. */
export async function sshClient(
  record: ClusterRecord,
  name: string,
  privateKey?: string,
  username = record.user,
): Promise<Client> {
  const host = record.hosts.find((each) => each.name === name);
  if (host === undefined) throw new Error(`no host ${name}`);
  const key = privateKey ?? (await readFile(record.identityFile, 'utf8'));
  const expected = host.hostKey.split(' ')[1];
  const client = new Client();
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve).once('error', reject);
    client.connect({
      host: host.address,
      port: host.port,
      username,
      privateKey: key,
      readyTimeout: 60_000,
      hostVerifier: (offered: Buffer) => offered.toString('base64') === expected,
    });
  });
  client.on('error', () => undefined);
  client.setNoDelay(true);
  return client;
}

export function openChannel(client: Client, command: string, pty = false): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, { pty }, (error, channel) =>
      error === undefined ? resolve(channel) : reject(error),
    );
  });
}

export interface Outcome {
  code: number | undefined;
  signal: string | undefined;
  stdout: string;
  stderr: string;
}

export function exec(client: Client, command: string, stdin = ''): Promise<Outcome> {
  const outcome: Outcome = { code: undefined, signal: undefined, stdout: '', stderr: '' };
  return new Promise((resolve, reject) => {
    // Listeners at once: the exit of a quick command may be in the same packet as the channel's confirmation.
    client.exec(command, (error, channel) => {
      if (error !== undefined) return reject(error);
      channel.on('data', (chunk: Buffer) => (outcome.stdout += chunk.toString()));
      channel.stderr.on('data', (chunk: Buffer) => (outcome.stderr += chunk.toString()));
      channel.on('exit', (code: number | null, signal?: string) => {
        outcome.code = code ?? undefined;
        outcome.signal = signal;
      });
      channel.on('close', () => resolve(outcome));
      channel.end(stdin);
    });
  });
}

/** Runs a program of this machine, with nothing on its input unless given. */
export async function run(
  file: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; stdin?: string } = {},
): Promise<Outcome> {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], cwd: options.cwd, env: options.env });
  const outcome: Outcome = { code: undefined, signal: undefined, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (outcome.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (outcome.stderr += chunk.toString()));
  child.stdin.end(options.stdin ?? '');
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      outcome.code = code ?? undefined;
      outcome.signal = signal ?? undefined;
      resolve();
    });
  });
  return outcome;
}
