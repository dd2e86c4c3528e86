import { describeError, throwIfAborted } from '../../base/errors';
import type { Plan, PlanHost } from '../../launch/plan';
import type { SshPool } from '../../ssh/connection';
import { runScriptText } from '../../ssh/runScript';
import { stopRun, type StopProgress, type Unproven } from '../stopRun';
import { askQueue } from './loginQueue';
import type { JobRef } from './jobRef';
import type { JobWord } from './jobWord';
import signalScript from './remote/signal.sh';

const POLL_MS = 1500;
/** sbatch answers within a moment, or tries for a while to reach its controller. */
const SUBMIT_MS = 20_000;
/** `scancel` asks with SIGTERM first and kills after the site's KillWait (30 s unless changed). */
const CANCEL_MS = 90_000;

/** What became of a stop, and Slurm's last word where there was a job. */
export interface SlurmStop {
  unproven: Unproven[];
  word: JobWord | undefined;
}

/**
 * Stops the job of a run by `scancel`: its tasks are signalled, harder at each deadline, and in the end Slurm takes the
 * job away; what waits in the queue is cancelled at once. The proof is Slurm's: a final state, and nothing completing.
 * @throws Cancelled (what has been signalled stays signalled).
 */
export async function stopSlurm(
  ssh: SshPool,
  plan: Plan,
  by: 'stop' | 'workerExit',
  progress: StopProgress,
  signal?: AbortSignal,
): Promise<SlurmStop> {
  const [login] = plan.hosts;
  if (login === undefined) return { unproven: [], word: undefined };
  try {
    const word = await endJob(ssh, plan, login, by, progress, signal);
    if (word?.kind === 'silent') {
      return { unproven: [{ host: login.name, reason: word.reason, unreachable: true }], word: undefined };
    }
    if (word !== undefined && !isOver(word)) {
      const reason = `according to Slurm the job is still ${word.kind}`;
      return { unproven: [{ host: login.name, reason, unreachable: false }], word };
    }
    return { unproven: await stopRun(ssh, plan, by, progress, signal), word };
  } catch (error) {
    throwIfAborted(signal);
    return {
      unproven: [{ host: login.name, reason: describeError(error), unreachable: true }],
      word: undefined,
    };
  }
}

/**
 * Looks for the job of a run whose submission left no record of it.
 * @returns whether there is one; then the run's directory has its id now.
 */
export async function findJob(ssh: SshPool, plan: Plan): Promise<boolean> {
  const [login] = plan.hosts;
  if (login === undefined) return false;
  return (await send(ssh, plan, login, 'NONE', 'stop')) !== undefined;
}

type Silent = { kind: 'silent'; reason: string };

function isOver({ kind }: JobWord): boolean {
  return kind === 'ended' || kind === 'unknown';
}

/** @returns the job's last word; undefined where there was none to end. */
async function endJob(
  ssh: SshPool,
  plan: Plan,
  login: PlanHost,
  by: 'stop' | 'workerExit',
  progress: StopProgress,
  signal: AbortSignal | undefined,
): Promise<JobWord | Silent | undefined> {
  let last: JobWord | undefined;
  for (const { signal: name, graceSeconds } of plan.stop) {
    const deadline = Date.now() + (name === 'KILL' ? CANCEL_MS : graceSeconds * 1000);
    progress(
      name === 'KILL' ? 'scancel: Slurm ends what is left' : `SIG${name} sent to the tasks by scancel`,
      deadline,
    );
    const job = await send(ssh, plan, login, name, by, signal);
    if (job === undefined) return last;
    do {
      throwIfAborted(signal);
      const answer = await askQueue(ssh, job, [job.id], signal);
      // Harder signals would not reach it either; whoever follows the run takes the stop up again.
      if (answer.kind === 'silent') return silent(answer.reason);
      last = answer.words.get(job.id);
      if (last !== undefined && isOver(last)) return last;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    } while (Date.now() < deadline);
  }
  return last;
}

function silent(reason: string): Silent {
  return { kind: 'silent', reason: `Slurm's controller does not answer: ${reason}` };
}

/** Sends one signal; waits for a submission that is under way. @returns the job, or undefined where there is none. */
async function send(
  ssh: SshPool,
  plan: Plan,
  login: PlanHost,
  name: 'INT' | 'TERM' | 'KILL' | 'NONE',
  by: 'stop' | 'workerExit',
  signal?: AbortSignal,
): Promise<JobRef | undefined> {
  for (const deadline = Date.now() + SUBMIT_MS; ;) {
    throwIfAborted(signal);
    const connection = await ssh.connect(login.target, signal);
    const said = await runScriptText(
      connection,
      'Asking Slurm to end the job',
      signalScript,
      [plan.run, login.name, name, by],
      signal,
    );
    const [, id, bin, conf, cluster] = /^job (\d+) (\S+) (\S+) (\S+)$/m.exec(said) ?? [];
    if (id !== undefined && bin !== undefined && conf !== undefined && cluster !== undefined) {
      return { id, bin, conf, cluster, target: login.target, login: login.name };
    }
    if (!/^submitting$/m.test(said) || Date.now() > deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS / 3));
  }
}
