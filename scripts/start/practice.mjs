import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MachineError } from '../machine/machineError.mjs';
import { repository } from '../machine/repository.mjs';
import { isAlive, processesWithEnvironment } from '../vscode/processes.mjs';

/** Longer than anybody leaves a page open without a run: the cluster of `npm start` ends with it, not before. */
const idleSeconds = 7 * 24 * 3600;

/**
 * @typedef {object} PracticeRecord what the practice cluster says of itself in its state file
 * @property {number} pid
 * @property {string} instance the value of RANKWISE_PRACTICE in everything it runs
 * @property {string} identityFile
 * @property {{ name: string, address: string, port: number }[]} hosts
 */

/**
 * Starts the built-in practice cluster from the build in dist/ and waits until its hosts listen.
 * @param {string} stateDirectory
 * @param {string} logFile
 * @returns {Promise<PracticeRecord>}
 * @throws {MachineError} with what it printed
 */
export async function startPractice(stateDirectory, logFile) {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [join(repository, 'dist/practice.cjs')], {
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      RANKWISE_STATE_DIR: stateDirectory,
      RANKWISE_PRACTICE_IDLE_SECONDS: String(idleSeconds),
    },
  });
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const record = await practiceRecord(stateDirectory);
    if (record !== undefined && record.pid === child.pid) {
      child.unref();
      return record;
    }
    await pause(50);
  }
  throw new MachineError(
    `the practice hosts did not start\n${(await readFile(logFile, 'utf8')).trim()}`,
    'The lines above are what they say.',
  );
}

/**
 * @param {string} stateDirectory
 * @returns {Promise<PracticeRecord | undefined>} undefined: no cluster
 */
export async function practiceRecord(stateDirectory) {
  const file = join(stateDirectory, 'practice/state.json');
  if (!existsSync(file)) return undefined;
  return JSON.parse(await readFile(file, 'utf8'));
}

/**
 * Asks the cluster to end and waits until it and everything it ran are gone.
 * @param {PracticeRecord} record
 * @returns {Promise<number[]>} pids of what did not go
 */
export async function stopPractice(record) {
  const left = () => [
    ...(isAlive(record.pid) ? [record.pid] : []),
    ...processesWithEnvironment('RANKWISE_PRACTICE', record.instance).map(({ pid }) => pid),
  ];
  if (isAlive(record.pid)) process.kill(record.pid, 'SIGTERM');
  const deadline = Date.now() + 20_000;
  while (left().length > 0 && Date.now() < deadline) await pause(100);
  return left();
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
