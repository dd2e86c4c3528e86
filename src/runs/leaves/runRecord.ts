import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { LaunchModel } from '../../config/model';
import { gitState, type GitState } from './gitState';
import type { PackageVersions } from './packageVersions';

/** Longer files are cut. */
const MOST_CHARACTERS = 1 << 20;

/** The text of a file of the workspace when a run began. */
export interface RecordedFile {
  path: string;
  text: string;
  isCut: boolean;
}

/** What a run was made of; stored with it at its start. */
export interface RunRecord {
  version: 1;
  /** Of the folder of `rankwise.yaml`; undefined where it is in no repository or git may not be run. */
  git: GitState | undefined;
  /** The training config file, where the launch names one. */
  config: RecordedFile | undefined;
  /** The launch with parameters filled in, as it ran. */
  launch: LaunchModel;
  /** Its lines in `rankwise.yaml`; undefined for a trial, whose launch is as it was when its group began. */
  yaml: string | undefined;
  /** For each file system; empty where the launch names no packages. */
  packages: PackageVersions[];
}

/** The part of the record that is on this machine. Never throws: a file that cannot be read is left out. */
export async function recordWorkspace(
  launch: LaunchModel,
  mayRunGit: boolean,
  isTrial: boolean,
): Promise<Omit<RunRecord, 'packages'>> {
  const folder = dirname(launch.source);
  const [git, config, source] = await Promise.all([
    mayRunGit ? gitState(folder) : undefined,
    launch.config === undefined ? undefined : recordFile(resolve(folder, launch.config)),
    isTrial ? undefined : recordFile(launch.source),
  ]);
  const { start, end } = launch.range;
  const yaml = source?.text
    .split('\n')
    .slice(start.line, end.line + 1)
    .join('\n');
  return { version: 1, git, config, launch, yaml };
}

async function recordFile(path: string): Promise<RecordedFile | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return { path, text: text.slice(0, MOST_CHARACTERS), isCut: text.length > MOST_CHARACTERS };
}
