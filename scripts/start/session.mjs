import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureVsCode } from '../machine/ensureVsCode.mjs';
import { repository } from '../machine/repository.mjs';
import { startServer } from '../vscode/server.mjs';
import { packageExtension } from './packageExtension.mjs';
import { startPractice, stopPractice } from './practice.mjs';

/**
 * @typedef {object} Session
 * @property {import('../vscode/server.mjs').Server} server
 * @property {string} address of the page a person opens
 * @property {string} stateDirectory
 * @property {import('./practice.mjs').PracticeRecord} practice
 * @property {() => Promise<void>} close ends everything that the session started and removes its directory
 */

/**
 * VS Code in the browser with Rankwise installed from its package, a copy of the sample workspace and the practice
 * hosts, all in a directory of its own.
 * @param {{ say: (message: string) => void, port?: number | undefined, graceSeconds: number }} options
 * @returns {Promise<Session>}
 */
export async function openSession({ say, port, graceSeconds }) {
  const vsCode = await ensureVsCode(say);
  const directory = await mkdtemp(join(tmpdir(), 'rankwise-'));
  /** @type {(() => Promise<void>)[]} */
  const undo = [() => rm(directory, { recursive: true, force: true })];
  const close = async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    say('building and packing the extension');
    const vsix = join(directory, 'rankwise.vsix');
    await packageExtension(vsix);

    const workspace = join(directory, 'practice');
    await cp(join(repository, 'examples/practice'), workspace, { recursive: true });
    const stateDirectory = join(directory, 'state');
    await mkdir(stateDirectory, { mode: 0o700 });

    say('starting the practice hosts');
    const practice = await startPractice(stateDirectory, join(directory, 'practice.log'));
    undo.push(async () => {
      const left = await stopPractice(practice);
      if (left.length > 0) console.error(`✖ still running on the practice hosts: ${left.join(', ')}`);
    });

    say('starting VS Code');
    const server = await startServer({
      vsCode,
      vsix,
      graceSeconds,
      directory: join(directory, 'vscode'),
      env: { RANKWISE_STATE_DIR: stateDirectory },
      ...(port === undefined ? {} : { port }),
    });
    undo.push(() => server.stop());
    return { server, address: server.address(workspace), stateDirectory, practice, close };
  } catch (error) {
    await close();
    throw error;
  }
}
