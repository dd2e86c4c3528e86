import { quote, quoteAll, quotePath } from '../ssh/quote';

/** A job to write as a script that a person can read and run by hand. */
export interface Job {
  /** First lines of the script, for the reader. */
  title: string;
  env: Readonly<Record<string, string>>;
  /** Text put as it is after the environment, for values that are only known on the host. */
  preamble?: string;
  workdir: string;
  setup: readonly string[];
  /** A string is shell text and stands unchanged; a list is literal arguments. */
  command: string | readonly string[];
  hasBash: boolean;
}

/**
 * A shell waits for its child when it has a trap, and ends with the signal's status afterwards. Without these a
 * string command's shell would die at once and leave the training saving its state behind an "ended" worker.
 */
const WAIT_FOR_CHILD = ["trap 'exit 130' INT", "trap 'exit 143' TERM"];

/** The command that runs a job script: bash as a login shell, `sh` where there is no bash. */
export function interpreter(hasBash: boolean): string[] {
  return hasBash ? ['bash', '-l'] : ['sh'];
}

/** Renders a job. Everything of ours is quoted; the user's setup lines and string command stand unchanged. */
export function renderJob(job: Job): string {
  const { command } = job;
  const setup = job.setup.length === 0 ? [] : ['', '# setup', ...job.setup];
  const lines = [
    job.hasBash ? '#!/usr/bin/env -S bash -l' : '#!/bin/sh',
    ...job.title.split('\n').map((line) => `# ${line}`),
    '',
    ...renderEnvironment(job.env),
    ...(job.preamble === undefined ? [] : [job.preamble]),
    `cd -- ${quotePath(job.workdir)} || exit`,
    ...setup,
    '',
    '# command',
    ...(typeof command === 'string' ? [...WAIT_FOR_CHILD, command] : [`exec ${quoteAll(command)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** `export NAME='value'` lines. */
function renderEnvironment(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}`);
}
