import { Readable } from 'node:stream';
import { RankwiseError, throwIfAborted } from '../../base/errors';
import type { Facts } from '../../launch/facts';
import type { Plan, PlanHost } from '../../launch/plan';
import { hostDirectory } from '../../launch/runDirectory';
import type { SshPool } from '../../ssh/connection';
import { scriptError } from '../../ssh/runScript';
import { claimWorkdir, type Claim } from './claimWorkdir';
import type { LocalFile } from './localFiles';
import { packFiles } from './packFiles';

/** What is known here of a run that a host names. */
export interface KnownRun {
  /** `#3 of train`. */
  text: string;
  isOver: boolean;
}

export interface SyncContext {
  ssh: SshPool;
  plan: Plan;
  facts: Facts;
  /** Undefined for a run of another machine. */
  knownRun: (id: string) => KnownRun | undefined;
  /** Files change even where another run uses the workdir (`skipChecks: [files]`). */
  force: boolean;
  /** Says what is being done. */
  step: (message: string) => void;
  signal: AbortSignal | undefined;
}

/** A host with what it said of its workdir. */
export interface ClaimedHost {
  host: PlanHost;
  claim: Claim;
}

/** A launch that has not started within this time holds nobody up any longer. */
const WAIT_MS = 600_000;
const POLL_MS = 1000;

/** How many names of files a message has room for. */
const MOST_NAMES = 5;

/**
 * Compares files with the workdir of every host and takes it for the run; nothing is sent yet.
 * @throws RankwiseError `run.workdirInUse` naming the other run.
 */
export async function claimAll(context: SyncContext, files: readonly LocalFile[]): Promise<ClaimedHost[]> {
  // The first host alone first: of two launches at once one gets it, and the other waits before it holds any.
  const [first, ...others] = context.plan.hosts;
  if (first === undefined) return [];
  const claimed = await claimOne(context, first, files);
  return [claimed, ...(await Promise.all(others.map((host) => claimOne(context, host, files))))];
}

/** Waits for another launch that is about to start in the same workdir: with the same files both can run. */
async function claimOne(
  context: SyncContext,
  host: PlanHost,
  files: readonly LocalFile[],
): Promise<ClaimedHost> {
  const { ssh, plan, knownRun, force, signal } = context;
  const ignore = new Set<string>();
  let claim: Claim;
  for (const deadline = Date.now() + WAIT_MS; ;) {
    throwIfAborted(signal);
    const options = { run: plan.run, workdir: plan.workdir, files, ignore: [...ignore], force };
    claim = await claimWorkdir(ssh, host, options, signal);
    if (!claim.refused || Date.now() > deadline) break;
    // Its records may be lost there; that it is over was proved when it ended.
    const over = claim.users.filter(({ run }) => knownRun(run)?.isOver === true && !ignore.has(run));
    for (const { run } of over) ignore.add(run);
    if (over.length > 0) continue;
    const [waitsFor] = claim.users;
    if (waitsFor === undefined || claim.users.some(({ state }) => state === 'running')) break;
    const name = knownRun(waitsFor.run)?.text ?? waitsFor.run;
    context.step(`Waiting for run ${name}, which is being prepared in the same workdir`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  if (!claim.refused) return { host, claim };
  const [user] = claim.users;
  const name = user === undefined ? 'another run' : `run ${knownRun(user.run)?.text ?? user.run}`;
  const names = claim.changing.slice(0, MOST_NAMES).map((index) => files[index]?.remote ?? '?');
  const more = claim.changing.length > names.length ? ', …' : '';
  const why =
    user?.state === 'copying'
      ? 'which is being prepared and copies files to it'
      : `and ${claim.changing.length} of the files to copy differ from what it has there (${names.join(', ')}${more})`;
  throw new RankwiseError('run.workdirInUse', `${plan.workdir} on ${host.name} is used by ${name}, ${why}`, {
    host: host.name,
    nextStep: 'Wait for that run or stop it, or give this launch a cluster entry with another `workdir:`.',
  });
}

/**
 * Sends the files that differ, once per file system. A host that shares its home but not its workdir still lacks them
 * afterwards, and gets them too.
 * @returns how many files were sent.
 * @throws RankwiseError with the host's own words where it refuses.
 */
export async function sendFiles(
  context: SyncContext,
  files: readonly LocalFile[],
  claimed: readonly ClaimedHost[],
): Promise<number> {
  const lacking = claimed.filter(({ claim }) => claim.differing.length > 0);
  const first = new Map(
    lacking.map((one) => [context.facts[one.host.name]?.fileSystem ?? one.host.name, one] as const).reverse(),
  );
  const firsts = [...first.values()];
  const sent = await Promise.all(firsts.map((one) => send(context, files, one)));
  const others = lacking.filter((one) => !firsts.includes(one));
  const again = await Promise.all(others.map(({ host }) => claimOne(context, host, files)));
  const late = again.filter(({ claim }) => claim.differing.length > 0);
  const sentLate = await Promise.all(late.map((one) => send(context, files, one)));
  return Math.max(0, ...sent, ...sentLate);
}

async function send(
  { ssh, plan, signal }: SyncContext,
  files: readonly LocalFile[],
  { host, claim }: ClaimedHost,
): Promise<number> {
  const chosen = claim.differing.flatMap((index) => files[index] ?? []);
  const connection = await ssh.connect(host.target, signal);
  const result = await connection.exec(`exec sh ${hostDirectory(plan.run, host.name)}/receive.sh`, {
    stdin: Readable.from(packFiles(chosen)),
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.code !== 0) throw scriptError(host.name, 'Copying files', result);
  return chosen.length;
}
