import { resolve } from 'node:path';
import { Cancelled, describeError, RankwiseError } from '../base/errors';
import type { Logger } from '../base/logger';
import { stripAnsi } from '../base/plainText';
import { stateDir } from '../base/stateDir';
import type { Core } from '../core';
import { createCore } from '../coreMain';
import { runTimeText } from '../metrics/runTimeText';
import { comparisonText, epochTableText } from '../metrics/tableText';
import type { TableFormat } from '../metrics/writeTable';
import type { LaunchOptions } from '../runs/launchOptions';
import { isGroup } from '../launch/trials';
import { planText } from '../text/planText';
import { parseArguments, usage, type Arguments } from './arguments';
import { check } from './check';
import { followRun } from './follow';
import { ANSWER_MS, askAbout, findGroup, finishGroup, launchGroup, stopGroup } from './groups';
import { print, printOutput, say } from './output';
import { pointsOf } from './points';
import { findRun } from './runNames';
import { runJson, runLine } from './runTable';
import { batchAsk, TerminalAsk } from './terminal';

/** Ctrl-C leaves a run running: it only ends what this program does. */
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());

/** @returns the exit status: 0, the run's own (`launch --wait`), 1 for a failure or a file with an error, 2 for wrong usage. */
async function main(words: readonly string[]): Promise<number> {
  const args = parseArguments(words);
  if (args === undefined) {
    print(usage);
    return 0;
  }
  const { command } = args;
  // Files are checked where nothing may be started, such as in continuous integration.
  if (command === 'check') return check(args);
  const core = createCore({
    stateDir: stateDir(),
    extensionPath: resolve(__dirname, '..'),
    ask: args.batch || !process.stdin.isTTY ? batchAsk : new TerminalAsk(),
    logger: stderrLogger(args.verbose),
    secretOf: (name) => Promise.resolve(process.env[`RANKWISE_SECRET_${name}`]),
    mayRunGit: () => true,
    sshConfigFile: () => args.sshConfig ?? process.env['RANKWISE_SSH_CONFIG'],
  });
  try {
    return await commands[command](core, args);
  } finally {
    core.dispose();
  }
}

const commands: Record<
  Exclude<Arguments['command'], 'check'>,
  (core: Core, args: Arguments) => Promise<number>
> = {
  plan: async (core, args) => {
    await loadConfig(core, args);
    const plan = core.preview(args.subject, launchOptions(args));
    print(
      args.json
        ? `${JSON.stringify(plan, undefined, 2)}\n`
        : planText(plan, args.verbose ? 'whole' : 'named'),
    );
    return 0;
  },
  launch: async (core, args) => {
    await loadConfig(core, args);
    const options = launchOptions(args);
    const launch = core.config.current?.launches.find(({ name }) => name === args.subject);
    if (launch !== undefined && isGroup(launch)) return launchGroup(core, args, options, interrupted.signal);
    const run = await core.runs.launch(args.subject, options, say, interrupted.signal);
    print(
      args.json
        ? `${JSON.stringify({ id: run.id, launch: run.launch, number: run.number })}\n`
        : `${run.id}\n`,
    );
    return args.wait ? waitFor(core, run.id, args) : 0;
  },
  runs: async (core, args) => {
    core.runs.attachAll();
    await Promise.all(core.runs.all.map(({ id }) => core.runs.caughtUp(id, ANSWER_MS)));
    if (args.json) {
      const list = await Promise.all(core.runs.all.map((run) => runJson(core, run)));
      print(`${JSON.stringify(list, undefined, 1)}\n`);
    } else {
      print(core.runs.all.map((run) => `${runLine(run, Date.now())}\n`).join(''));
    }
    return 0;
  },
  follow: async (core, args) => {
    const group = findGroup(core, args.subject);
    if (group !== undefined) return finishGroup(core, group.id, args, interrupted.signal);
    const { id } = await attach(core, args);
    return waitFor(core, id, args);
  },
  points: async (core, args) => {
    const run = await attach(core, args);
    for await (const point of pointsOf(core, run)) {
      const place = point.epoch === null ? '' : ` epoch ${point.epoch}`;
      print(
        args.json
          ? `${JSON.stringify(point)}\n`
          : `${point.worker}${place} step ${point.step ?? '-'} ${point.name} ${point.text ?? point.value} ${point.unit}\n`,
      );
    }
    return 0;
  },
  retry: async (core, args) => {
    const id = findGroup(core, args.subject)?.id ?? args.subject;
    await core.groups.retryFailed(id);
    return finishGroup(core, id, args, interrupted.signal);
  },
  compare: async (core, args) => {
    const ids = args.subjects.map((words) => findGroup(core, words)?.id ?? findRun(core.runs.all, words).id);
    await askAbout(core, ids);
    printTable(await core.compare(ids), args, comparisonText);
    return 0;
  },
  table: async (core, args) => {
    const group = findGroup(core, args.subject);
    if (group === undefined) {
      const { id } = await attach(core, args);
      printTable(await core.epochs(id), args, epochTableText);
    } else {
      await askAbout(core, [group.id]);
      printTable(await core.compare([group.id]), args, runTimeText);
    }
    return 0;
  },
  stop: async (core, args) => {
    const group = findGroup(core, args.subject);
    if (group !== undefined) return stopGroup(core, group.id, args, interrupted.signal);
    const run = await attach(core, args);
    const { unproven } = await core.runs.stop(run.id, say, interrupted.signal);
    const proven = unproven.length === 0;
    if (args.json) print(`${JSON.stringify({ id: run.id, proven, unproven })}\n`);
    for (const { host, reason } of unproven) say(`${host}: not proven empty: ${reason}`);
    return proven ? 0 : 1;
  },
};

function printTable<Row>(
  rows: readonly Row[],
  { format }: Arguments,
  text: (rows: readonly Row[], format: TableFormat) => string,
): void {
  print(format === 'json' ? `${JSON.stringify(rows, undefined, 1)}\n` : text(rows, format));
}

function launchOptions({ set, preset, name, skip, resume }: Arguments): LaunchOptions {
  return { set, preset, name, skipChecks: skip, resume };
}

/** @throws RankwiseError `cli.noConfig` where the file has errors and no launch can be found in it. */
async function loadConfig(core: Core, { file }: Arguments): Promise<void> {
  const path = resolve(file);
  await core.config.reload(path);
  const { problems = [], launches = [], broken = [] } = core.config.current ?? {};
  for (const problem of problems) {
    const { line, character } = problem.range.start;
    say(`${problem.file}:${line + 1}:${character + 1}: ${problem.severity}: ${problem.message}`);
  }
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0 && launches.length === 0 && !broken.some(({ kind }) => kind === 'launch')) {
    throw new RankwiseError('cli.noConfig', `no launch can be read from ${path}`, {
      nextStep: `Correct ${errors.length === 1 ? 'the error' : 'the errors'} above.`,
    });
  }
}

/** The run, with what its hosts say of it now. */
async function attach(core: Core, { subject }: Arguments) {
  const { id } = findRun(core.runs.all, subject);
  core.runs.attachAll();
  await core.runs.caughtUp(id, ANSWER_MS);
  return core.runs.get(id) ?? findRun(core.runs.all, id);
}

/** Prints the run's lines until it is over. @returns its exit status. */
async function waitFor(core: Core, id: string, args: Arguments): Promise<number> {
  await Promise.race([
    followRun(core, id, (text) => (args.json ? undefined : printOutput(forOutput(text)))),
    new Promise((_, reject) =>
      interrupted.signal.addEventListener('abort', () => reject(new Cancelled()), { once: true }),
    ),
  ]);
  const run = findRun(core.runs.all, id);
  say(runLine(run, Date.now()));
  if (args.json) print(`${JSON.stringify(await runJson(core, run))}\n`);
  if (run.state.kind !== 'ended') return 1;
  return run.state.exit.code === 0 ? 0 : Math.min(255, Math.max(1, run.state.exit.code));
}

/** Colours and carriage returns are for a terminal; a file or pipe gets plain lines. */
function forOutput(text: string): string {
  const lines = text.replaceAll('\r\n', '\n');
  return process.stdout.isTTY ? lines : stripAnsi(lines);
}

function stderrLogger(verbose: boolean): Logger {
  const line = (message: string, cause?: unknown): void =>
    say(`${message}${cause === undefined ? '' : `: ${describeError(cause)}`}`);
  const quiet = (): undefined => undefined;
  return verbose
    ? { debug: line, info: line, warn: line, error: line }
    : { debug: quiet, info: quiet, warn: line, error: line };
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    say(error instanceof Cancelled ? 'interrupted' : describeError(error));
    process.exitCode = error instanceof RankwiseError && error.code === 'cli.usage' ? 2 : 1;
  },
);
