import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { RankwiseError } from '../base/errors';
import type { PracticePaths } from './practicePaths';

export interface SpawnedCluster {
  /** @throws RankwiseError `practice.startFailed` when the process has ended with an error. */
  throwIfFailed(): void;
  /** The error for a start that did not succeed, with the last line of the log. */
  failure(why: string): RankwiseError;
}

/**
 * Starts the practice process by the Node that runs us (in an editor that is Electron), detached: it outlives us.
 * Its output goes to the log. A second process beside a running cluster ends at once, without an error.
 */
export function spawnCluster(bundle: string, stateDir: string, paths: PracticePaths): SpawnedCluster {
  let failed: RankwiseError | undefined;
  const failure = (why: string): RankwiseError =>
    new RankwiseError(
      'practice.startFailed',
      `The practice cluster did not start: ${why}${lastLine(paths.log)}`,
      {
        nextStep: `See ${paths.log}, then start it again.`,
      },
    );
  const log = openSync(paths.log, 'a', 0o600);
  const child = spawn(process.execPath, [bundle], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: environment(stateDir),
  });
  closeSync(log);
  child.on('error', (error) => (failed = failure(error.message)));
  child.on('exit', (code, signal) => {
    if (code !== 0) failed = failure(signal === null ? `exit code ${String(code)}` : `ended by ${signal}`);
  });
  child.unref();
  return {
    failure,
    throwIfFailed: () => {
      if (failed !== undefined) throw failed;
    },
  };
}

/**
 * Ours, without what is meant for this process alone: the editor's own variables, debugger hooks, and marks of a run
 * or of another practice cluster, by which the process would be found and ended.
 */
function environment(stateDir: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(VSCODE_|ELECTRON_|RANKWISE_|NODE_OPTIONS$|NODE_CHANNEL_)/.test(name) || name === idleSetting,
  );
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1', RANKWISE_STATE_DIR: stateDir };
}

const idleSetting = 'RANKWISE_PRACTICE_IDLE_SECONDS';

function lastLine(log: string): string {
  try {
    const line = readFileSync(log, 'utf8').trimEnd().split('\n').at(-1);
    return line === undefined || line === '' ? '' : ` (${line})`;
  } catch {
    return '';
  }
}
