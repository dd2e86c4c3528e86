import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Logger } from '../../src/base/logger';
import type { Core } from '../../src/core';
import { createCore, type CoreOptions } from '../../src/coreMain';
import type { RunView } from '../../src/runs/model';
import type { HostKeyQuestion } from '../../src/ssh/ask';

/** A core with directories of its own, and what it said and asked. */
export interface TestCore {
  core: Core;
  stateDir: string;
  /** Folder of `rankwise.yaml`. */
  folder: string;
  questions: HostKeyQuestion[];
  log: string[];
  /** Writes `rankwise.yaml` and reads it. */
  configure(yaml: string): Promise<void>;
  /** Throws the core away as a killed editor would, and makes another on the same directories. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * A real core on real directories; host keys are answered with `answer`. With the state directory of another one it is
 * a second window.
 */
export async function createTestCore(
  sshConfigFile: string | undefined,
  answer: 'accept' | 'reject' = 'reject',
  sharedStateDir?: string,
  further: Pick<CoreOptions, 'mayRunGit' | 'keepRuns'> = {},
): Promise<TestCore> {
  const root = await mkdtemp(join(tmpdir(), 'rankwise-core-'));
  const folder = join(root, 'folder');
  const file = join(folder, 'rankwise.yaml');
  const stateDir = sharedStateDir ?? join(root, 'state');
  await mkdir(folder);
  const questions: HostKeyQuestion[] = [];
  const log: string[] = [];
  const make = (): Core =>
    createCore({
      stateDir,
      extensionPath: fileURLToPath(new URL('../..', import.meta.url)),
      ask: {
        hostKey: (question) => {
          questions.push(question);
          return Promise.resolve(answer);
        },
        secret: () => Promise.resolve(undefined),
      },
      logger: collectInto(log),
      secretOf: () => Promise.resolve(undefined),
      sshConfigFile: () => sshConfigFile,
      ...further,
    });
  const test: TestCore = {
    core: make(),
    stateDir,
    folder,
    questions,
    log,
    configure: async (yaml) => {
      await writeFile(file, yaml);
      await test.core.config.reload(file);
    },
    restart: async () => {
      test.core.dispose();
      test.core = make();
      await test.core.config.reload(file);
    },
    dispose: async () => {
      test.core.dispose();
      await rm(root, { recursive: true, force: true });
    },
  };
  return test;
}

function collectInto(log: string[]): Logger {
  return {
    debug: (message) => void log.push(`debug ${message}`),
    info: (message) => void log.push(`info ${message}`),
    warn: (message) => void log.push(`warn ${message}`),
    error: (message, cause) =>
      void log.push(`error ${message} ${cause instanceof Error ? cause.message : ''}`),
  };
}

/** Waits until a run satisfies a condition, and gives its view. */
export async function runReaches(
  test: TestCore,
  id: string,
  condition: (view: RunView) => boolean,
  timeoutMs = 90_000,
): Promise<RunView> {
  const current = (): RunView | undefined => test.core.runs.get(id);
  await expect
    .poll(
      () => {
        const view = current();
        return view !== undefined && condition(view) ? 'reached' : summary(view);
      },
      { timeout: timeoutMs, interval: 100 },
    )
    .toBe('reached');
  return current()!;
}

/** What a failing wait shows. */
function summary(view: RunView | undefined): string {
  if (view === undefined) return 'no such run';
  return JSON.stringify({
    state: view.state,
    contact: view.contact,
    workers: view.workers.map(({ id, state }) => [id, state]),
  });
}

export const isOver = ({ state }: RunView): boolean => state.kind === 'ended' || state.kind === 'gone';
