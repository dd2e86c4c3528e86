import { firstFailure } from '../deriveState';
import { jobExit, withJobWord } from '../runEnd';
import type { JobWord } from '../slurm/jobWord';
import { refusalText } from '../slurm/refusalText';
import type { SlurmVerdict } from '../slurm/slurmRun';
import { findJob } from '../slurm/stopSlurm';
import { waitUntil } from '../waitUntil';
import { explainedEnd, LAST_RECORDS_MS } from './endRun';
import type { RunContext } from './runContext';

/** Slurm, or sbatch, or nobody any more, says how the job of a run ended. */
export async function endByVerdict(
  context: RunContext,
  verdict: Exclude<SlurmVerdict, { kind: 'open' }>,
): Promise<void> {
  const { run, ssh } = context;
  const [login] = run.hosts.all;
  switch (verdict.kind) {
    case 'over':
      await endJob(context, verdict.word);
      return;
    case 'refused': {
      const exit = { code: verdict.code, process: `${login?.name ?? ''}/submit` };
      const message = refusalText(login?.mirror.path('submit.log')) ?? `sbatch ended with ${verdict.code}`;
      run.end({ kind: 'ended', exit, by: 'failedToStart', message, proven: true }, Date.now());
      return;
    }
    case 'unsubmitted':
      if (!(await findJob(ssh, run.stored.plan))) run.endGone();
      else run.owed.lookLater(LAST_RECORDS_MS);
      return;
    case 'forgotten':
      run.hosts.giveUp();
      run.endGone([`Slurm (job ${run.jobId ?? '?'})`]);
  }
}

/** The job is over, says Slurm: waits for the last bytes and records, which a shared home may show late. */
export async function endJob(context: RunContext, word: JobWord & { kind: 'ended' }): Promise<void> {
  const { run } = context;
  const isComplete = (): boolean =>
    run.hosts.all.every(
      ({ isSettled, records }) =>
        isSettled && records.every(({ started, exit, gone }) => !started || exit || gone),
    );
  await run.hosts.readAgain();
  await waitUntil(isComplete, LAST_RECORDS_MS);
  if (run.stored.plan.slurm?.hasRecords === true) run.hosts.giveUp();
  if (word.startedAt !== undefined && word.endedAt !== undefined)
    run.file.save({ jobSeconds: (word.endedAt - word.startedAt) / 1000 });
  const failure = firstFailure(run.stored.plan, run.hosts.records);
  const ended = await explainedEnd(context, jobExit(word, failure, run.stopAsked), 'itself', []);
  run.end(withJobWord(ended, word, run.stopAsked), word.endedAt ?? Date.now());
}
