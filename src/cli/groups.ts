import type { Core } from '../core';
import type { LaunchOptions } from '../runs/launchOptions';
import type { GroupView } from '../runs/trials/groupView';
import { trialEnd } from '../runs/trials/trialEnd';
import type { Arguments } from './arguments';
import { print, say } from './output';

/** Time for the hosts to answer, in milliseconds. */
export const ANSWER_MS = 20_000;

/** A group as `launch --json` gives it. */
export interface GroupJson {
  group: string;
  trials: {
    id: string;
    label: string;
    values: Record<string, string>;
    /** Null until it is started. */
    run: string | null;
    /** `queued`, `starting`, `running`, `done`, `failed`, `skipped`, `stopped`. */
    state: string;
    message: string | null;
  }[];
}

/**
 * The group a person means: by its id or the beginning of one, or the newest of a launch that has no newer run of its own.
 * Undefined where the words name a run.
 */
export function findGroup(core: Core, words: string): GroupView | undefined {
  const { all } = core.groups;
  const exact = all.find(({ id }) => id === words);
  if (exact !== undefined || core.runs.all.some(({ id }) => id === words)) return exact;
  const newest = core.runs.all.find(({ launch }) => launch === words);
  const ofLaunch = all.find(({ launch }) => launch === words);
  if (ofLaunch !== undefined && (newest === undefined || newest.group !== undefined)) return ofLaunch;
  const [found, other] = all.filter(({ id }) => id.startsWith(words));
  return other === undefined ? found : undefined;
}

/** @returns the exit status. */
export async function launchGroup(
  core: Core,
  args: Arguments,
  options: LaunchOptions,
  signal: AbortSignal,
): Promise<number> {
  const group = await core.groups.start(args.subject, options, say, signal);
  print(args.json ? `${JSON.stringify(groupJson(group))}\n` : groupLines(group));
  if (args.wait) return finishGroup(core, group.id, args, signal);
  const { queued } = group.counts;
  if (queued > 0)
    say(`${queued} trials stay in the queue: \`follow ${group.id}\` starts them, and so does a window`);
  return 0;
}

/** Drives the queue to its end. @returns 0 when every trial has ended well. */
export async function finishGroup(
  core: Core,
  id: string,
  args: Arguments,
  signal: AbortSignal,
): Promise<number> {
  const told = new Map<string, string>();
  const tell = (): void => {
    for (const { id: trial, label, state, message } of core.groups.get(id)?.trials ?? []) {
      if (told.get(trial) === state) continue;
      if (told.has(trial) || state !== 'queued')
        say([label || trial, state, ...(message === undefined ? [] : [message])].join(' · '));
      told.set(trial, state);
    }
  };
  tell();
  const listening = core.groups.onDidChange(tell);
  const watch = core.runs.watchQueues();
  const group = await core.groups.finished(id, signal).finally(() => {
    listening.dispose();
    watch.dispose();
  });
  if (args.json) print(`${JSON.stringify(groupJson(group))}\n`);
  const { done, failed, skipped, stopped } = group.counts;
  say(`${done} done, ${failed} failed, ${skipped} skipped, ${stopped} stopped`);
  return done === group.trials.length ? 0 : 1;
}

/** Asks the hosts of runs and groups how they are now; tells of trials that cannot be compared. */
export async function askAbout(core: Core, ids: readonly string[]): Promise<void> {
  const runsOf = (id: string): string[] =>
    core.groups.get(id)?.trials.flatMap(({ run }) => run ?? []) ?? [id];
  core.runs.attachAll();
  await Promise.all(ids.flatMap(runsOf).map((id) => core.runs.caughtUp(id, ANSWER_MS)));
  for (const id of ids) {
    const group = core.groups.get(id);
    if (group === undefined) continue;
    const done = group.trials.filter(({ view }) => view !== undefined && trialEnd(view)?.state === 'done');
    const all = group.trials.length;
    if (done.length < all) say(`${done.length} of ${all} trials have ended well; only these are compared`);
  }
}

/** @returns 0 when it is proved that nothing is left. */
export async function stopGroup(
  core: Core,
  id: string,
  args: Arguments,
  signal: AbortSignal,
): Promise<number> {
  const { unproven } = await core.groups.stop(id, say, signal);
  if (args.json) print(`${JSON.stringify({ group: id, proven: unproven.length === 0, unproven })}\n`);
  for (const { host, reason } of unproven) say(`${host}: not proven empty: ${reason}`);
  return unproven.length === 0 ? 0 : 1;
}

function groupJson({ id, trials }: GroupView): GroupJson {
  return {
    group: id,
    trials: trials.map((trial) => ({
      id: trial.id,
      label: trial.label,
      values: { ...trial.values },
      run: trial.run ?? null,
      state: trial.state,
      message: trial.message ?? null,
    })),
  };
}

/** A line for each trial: the id of its run, or of the trial while it has none. */
function groupLines({ trials }: GroupView): string {
  return trials.map(({ id, run }) => `${run ?? id}\n`).join('');
}
