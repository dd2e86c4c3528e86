import { describeError, RankwiseError } from '../../base/errors';
import type { Disposable } from '../../base/disposable';
import type { Logger } from '../../base/logger';
import type { SshPool } from '../../ssh/connection';
import { runScriptText } from '../../ssh/runScript';
import { parseQueueAnswer, type JobWord, type QueueAnswer } from './jobWord';
import type { JobRef } from './jobRef';
import queueScript from './remote/queue.sh';

/** A job that is asked about, and who is told. */
export interface Tracked {
  ref: JobRef;
  pollSeconds: number;
  /** A new answer that has a word for this job. @param askedAt milliseconds since the epoch: it says nothing of what came later. */
  onWord(word: JobWord, askedAt: number): void;
  /** The controller has not answered since then (milliseconds since the epoch), or answers again (undefined). */
  onSilence(silence: { since: number; reason: string } | undefined): void;
}

/** Slurm's commands give up by themselves after a minute or so. */
const ANSWER_MS = 120_000;
/** A record that suggests an end is asked about at once, but never more often than this. */
const LEAST_GAP_MS = 2000;
const LONGEST_GAP_MS = 10 * 60_000;

/**
 * Questions to one controller through one login node: one for all jobs, never two at a time, spaced out, and rarer
 * while it does not answer. Somebody has to look, or a job has to be urgent, for any to be asked.
 */
export class LoginQueue implements Disposable {
  private readonly jobs = new Set<Tracked>();
  private readonly urgent = new Set<Tracked>();
  private timer: NodeJS.Timeout | undefined;
  private isAsking = false;
  private disposed = false;
  private askedAt = 0;
  private heardAt: number | undefined;
  private failures = 0;
  private readonly ended = new AbortController();

  /** @param isWatched whether anybody looks now. */
  constructor(
    private readonly ssh: SshPool,
    private readonly logger: Logger,
    private readonly isWatched: () => boolean,
  ) {}

  get isEmpty(): boolean {
    return this.jobs.size === 0;
  }

  add(job: Tracked): void {
    this.jobs.add(job);
    this.urge(job);
  }

  remove(job: Tracked): void {
    this.jobs.delete(job);
    this.urgent.delete(job);
  }

  /** Asks soon, whether anybody looks or not: something suggests that the job has ended. */
  urge(job: Tracked): void {
    if (!this.jobs.has(job)) return;
    this.urgent.add(job);
    this.schedule();
  }

  /** Somebody began or ceased to look. */
  schedule(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.disposed || this.isAsking || this.jobs.size === 0) return;
    if (this.urgent.size === 0 && !this.isWatched()) return;
    const poll = Math.min(...[...this.jobs].map(({ pollSeconds }) => pollSeconds)) * 1000;
    const usual = this.urgent.size > 0 && this.failures === 0 ? LEAST_GAP_MS : poll;
    const gap = Math.min(usual * 2 ** Math.max(0, this.failures - 1), LONGEST_GAP_MS);
    const wait = Math.max(0, this.askedAt + gap - Date.now());
    this.timer = setTimeout(() => void this.ask(), wait);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    this.ended.abort();
    this.jobs.clear();
  }

  /** Never rejects. */
  private async ask(): Promise<void> {
    this.isAsking = true;
    this.askedAt = Date.now();
    const jobs = [...this.jobs];
    const asked = [...this.urgent];
    const answer = await this.answer(jobs);
    this.isAsking = false;
    if (this.disposed) return;
    if (answer?.kind === 'words') {
      for (const job of asked) this.urgent.delete(job);
      this.failures = 0;
      this.heardAt = Date.now();
    } else {
      this.failures++;
    }
    for (const job of jobs.filter((one) => this.jobs.has(one))) this.tell(job, answer);
    this.schedule();
  }

  /** @param answer undefined when the login node itself did not answer, which its follower tells about. */
  private tell(job: Tracked, answer: QueueAnswer | undefined): void {
    try {
      if (answer?.kind === 'silent') {
        job.onSilence({ since: this.heardAt ?? this.askedAt, reason: answer.reason });
      } else if (answer?.kind === 'words') {
        job.onSilence(undefined);
        const word = answer.words.get(job.ref.id);
        if (word !== undefined) job.onWord(word, this.askedAt);
      }
    } catch (error) {
      this.logger.error(`telling about job ${job.ref.id} failed`, error);
    }
  }

  private async answer(jobs: readonly Tracked[]): Promise<QueueAnswer | undefined> {
    const [first] = jobs;
    if (first === undefined) return undefined;
    try {
      return await askQueue(
        this.ssh,
        first.ref,
        [...new Set(jobs.map(({ ref }) => ref.id))],
        this.ended.signal,
      );
    } catch (error) {
      if (!this.disposed)
        this.logger.warn(`asking Slurm through ${first.ref.login}: ${describeError(error)}`);
      return undefined;
    }
  }
}

/**
 * One question about jobs that were submitted in the same way.
 * @throws RankwiseError `slurm.noAnswer` when the login node does not answer in time; `ssh.*`; Cancelled.
 */
export async function askQueue(
  ssh: SshPool,
  ref: JobRef,
  jobs: readonly string[],
  signal?: AbortSignal,
): Promise<QueueAnswer> {
  const limit = AbortSignal.timeout(ANSWER_MS);
  const either = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  try {
    const connection = await ssh.connect(ref.target, either);
    const args = [ref.bin, ref.conf, ref.cluster, ...jobs];
    const text = await runScriptText(connection, 'Asking Slurm', queueScript, args, either);
    return parseQueueAnswer(text, jobs);
  } catch (error) {
    if (!limit.aborted || signal?.aborted === true) throw error;
    throw new RankwiseError('slurm.noAnswer', `${ref.login} gave no answer about the queue`, {
      host: ref.login,
      cause: error,
    });
  }
}
