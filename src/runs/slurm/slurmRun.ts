import type { Disposable } from '../../base/disposable';
import { pendingReason } from '../../cluster/slurm/pendingReason';
import type { Plan } from '../../launch/plan';
import type { ProcessRecord } from '../hostRecord';
import type { Contact, RunState } from '../model';
import type { RunHost } from '../runHost';
import { isBatch } from './batch';
import { parseJobFile, type JobRef } from './jobRef';
import type { JobWord } from './jobWord';
import type { SlurmQueues, Tracking } from './slurmQueues';

/** Name under which contact with the controller stands beside that with the login node. No host can be called that. */
export const CONTROLLER = "Slurm's controller";

const FIRST_URGE_MS = 2000;

/** Whether the run is over, as far as records and Slurm can tell. */
export type SlurmVerdict =
  | { kind: 'open' }
  /** sbatch did not take the job. */
  | { kind: 'refused'; code: number }
  /** Whoever submitted ended without saying whether there is a job. */
  | { kind: 'unsubmitted' }
  | { kind: 'over'; word: JobWord & { kind: 'ended' } }
  /** Nobody knows the job any more, and no record says how it ended. */
  | { kind: 'forgotten' };

/** The part of a run that only Slurm knows: whether its job waits, runs, or has ended. */
export class SlurmRun implements Disposable {
  private job: JobRef | undefined;
  private tracking: Tracking | undefined;
  private word: JobWord | undefined;
  private wordAt = 0;
  /** Starts of tasks seen so far, and when the newest was: one younger than Slurm's word outdates "pending". */
  private readonly starts = new Set<string>();
  private startSeenAt = 0;
  private silence: { since: number; reason: string } | undefined;
  private records = '';
  private urgeAt = 0;
  private urgeGapMs = FIRST_URGE_MS;
  private isDisposed = false;
  /** Since when an answer is wanted, and when the newest question was asked that had an answer, be it that there is none. */
  private wantedAt = 0;
  private answeredAt = 0;

  /** @param onChange a new word or silence; the run looks again. */
  constructor(
    private readonly plan: Plan,
    private readonly login: RunHost,
    private readonly queues: SlurmQueues,
    private readonly onChange: () => void,
  ) {
    this.job = parseJobFile(login.mirror.text('job'), login.host);
  }

  /** Job id, once there is one. */
  get jobId(): string | undefined {
    return this.job?.id;
  }

  /**
   * Slurm's word; a stop asks by itself.
   * @param askedAt milliseconds since the epoch: an answer to a question from before a start does not deny the start.
   */
  learn(word: JobWord | undefined, askedAt = Date.now()): void {
    if (word === undefined) return;
    this.word = word;
    this.wordAt = askedAt;
  }

  /** Looks at what has been mirrored; begins to ask about the job as soon as its id is known. */
  look(): SlurmVerdict {
    this.job ??= parseJobFile(this.login.mirror.text('job'), this.login.host);
    if (this.job === undefined) return this.unsubmitted();
    this.track(this.job);
    this.noteStarts();
    const { word } = this;
    if (word?.kind === 'ended') return { kind: 'over', word };
    if (word?.kind === 'unknown') return this.fromRecords();
    this.urgeWhereRecordsAreNew();
    return { kind: 'open' };
  }

  /** Has the controller asked now, together with all others who want to know at this moment. */
  ask(): void {
    this.wantedAt = Date.now();
    this.job ??= parseJobFile(this.login.mirror.text('job'), this.login.host);
    if (this.job === undefined) return;
    this.track(this.job);
    this.tracking?.urge();
  }

  /** Whether the controller has answered since {@link ask}, or is known not to answer; true without a job to ask about. */
  get isCurrent(): boolean {
    return this.job === undefined || this.answeredAt >= this.wantedAt;
  }

  get state(): RunState {
    if (this.job === undefined) return { kind: 'queued', reason: 'being handed to Slurm' };
    const { word } = this;
    const hasRunning = this.login.records.some((record) => isTask(record) && isRunning(record));
    if (word === undefined || this.silence !== undefined || this.startSeenAt > this.wordAt) {
      if (hasRunning) return { kind: 'running' };
      if (word === undefined)
        return {
          kind: 'queued',
          reason: `handed to Slurm as job ${this.job.id}, of which Slurm has not told yet`,
        };
    }
    if (word.kind === 'pending') {
      const start = word.start === undefined ? '' : `; expected to start ${timeText(word.start)}`;
      return { kind: 'queued', reason: `${pendingReason(word.reason)}${start}` };
    }
    return { kind: 'running' };
  }

  get contact(): Record<string, Contact> {
    return this.silence === undefined ? {} : { [CONTROLLER]: { kind: 'unreachable', ...this.silence } };
  }

  dispose(): void {
    this.isDisposed = true;
    this.tracking?.dispose();
    this.tracking = undefined;
  }

  private unsubmitted(): SlurmVerdict {
    const submit = this.login.record('submit');
    if (submit?.exit !== undefined && submit.exit.code !== 0)
      return { kind: 'refused', code: submit.exit.code };
    return submit?.exit !== undefined || submit?.gone === true ? { kind: 'unsubmitted' } : { kind: 'open' };
  }

  private track(ref: JobRef): void {
    if (this.tracking !== undefined || this.isDisposed) return;
    this.tracking = this.queues.track({
      ref,
      pollSeconds: this.plan.slurm?.pollSeconds ?? 30,
      onWord: (word, askedAt) => {
        this.learn(word, askedAt);
        this.answeredAt = askedAt;
        this.onChange();
      },
      onSilence: (silence) => {
        if (silence !== undefined) this.answeredAt = Date.now();
        if (silence === undefined && this.silence === undefined) return;
        this.silence = silence;
        this.onChange();
      },
    });
  }

  private noteStarts(): void {
    for (const record of this.login.records.filter((one) => isTask(one) && isRunning(one))) {
      const start = `${record.id} ${record.attempt}`;
      if (!this.starts.has(start)) this.startSeenAt = Date.now();
      this.starts.add(start);
    }
  }

  /** A start or an end was written down: Slurm is asked, and again, ever more rarely, until it agrees with an end. */
  private urgeWhereRecordsAreNew(): void {
    const batches = this.login.records.filter(({ id }) => isBatch(id));
    const now = batches
      .map(({ id, attempt, started, exit }) => `${id} ${attempt} ${started} ${exit?.at}`)
      .join();
    const looksOver = batches.length > 0 && batches.every((record) => record.exit !== undefined);
    if (now !== this.records) {
      this.records = now;
      this.urgeGapMs = FIRST_URGE_MS;
    } else if (!looksOver || Date.now() < this.urgeAt) {
      return;
    }
    this.urgeAt = Date.now() + this.urgeGapMs;
    this.urgeGapMs = Math.min(this.urgeGapMs * 2, (this.plan.slurm?.pollSeconds ?? 30) * 1000);
    this.tracking?.urge();
  }

  private fromRecords(): SlurmVerdict {
    const batches = this.login.records.filter(({ id, started }) => isBatch(id) && started);
    const ends = batches.flatMap(({ exit }) => exit ?? []);
    if (ends.length === 0 || ends.length < batches.length) return { kind: 'forgotten' };
    const failed = ends.filter(({ code }) => code !== 0);
    return {
      kind: 'over',
      word: {
        kind: 'ended',
        state: failed.length === 0 ? 'COMPLETED' : 'FAILED',
        code: failed[0]?.code ?? 0,
        cancelledBy: undefined,
        endedAt: Math.max(...ends.map(({ at }) => at)),
        tasks: ends.length,
        failed: failed.length,
      },
    };
  }
}

function isTask({ id }: ProcessRecord): boolean {
  return isBatch(id) || /^\d/.test(id);
}

function isRunning({ started, exit, gone, logBytes }: ProcessRecord): boolean {
  return exit === undefined && !gone && (started || logBytes > 0);
}

/** `14:05`, with the date where it is another day. */
function timeText(at: number): string {
  const time = new Date(at);
  const clock = time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (time.toDateString() === new Date().toDateString()) return `at ${clock}`;
  return `on ${time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} at ${clock}`;
}
