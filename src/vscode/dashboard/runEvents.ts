import type { RunMetrics } from '../../metrics/runMetrics';
import type { EventRow } from '../../protocol/dashboard';
import { workerTitle, type ShownRun } from '../text/shownRun';
import { statusOf } from './runHead';
import { wasStopped } from '../../runs/wasStopped';
import { divergedText, isSilent, silentAfterMs } from './workerRows';

const mostEvents = 200;

/**
 * What happened in a run, oldest first. All that the run and its logs tell is found again for an old run; the end of
 * a passing trouble (slow, silent, unreachable) is known only to whoever watched.
 */
export class RunEvents {
  private readonly seen = new Map<string, EventRow>();
  /** Troubles that last: what to say when they are over. */
  private open = new Map<string, string>();

  /** @param now milliseconds since the epoch */
  update(run: ShownRun, metrics: RunMetrics | undefined, now: number): EventRow[] {
    const troubles = new Map<string, string>();
    const add = (id: string, at: number, tone: EventRow['tone'], text: string) => {
      if (!this.seen.has(id)) this.seen.set(id, { id, at, tone, text });
    };
    const trouble = (id: string, at: number, text: string, over: string) => {
      troubles.set(id, over);
      add(id, at, 'warn', text);
    };
    const name = (id: string) =>
      workerTitle(run.workers.find((one) => one.id === id) ?? { id, rank: undefined });

    add(
      'launched',
      run.startedAt,
      'plain',
      `launched on ${run.plan.hosts.map(({ name }) => name).join(', ')}`,
    );
    const joined = this.seen.has('joined') ? undefined : joinedAt(run, metrics);
    if (joined !== undefined) add('joined', joined, 'good', joinedText(run, metrics));
    for (const { worker, reason } of run.notJoined ?? []) {
      trouble(
        `absent ${worker}`,
        now,
        `${name(worker)} has not joined: ${reason}`,
        `${name(worker)} has joined`,
      );
    }
    for (const [host, contact] of Object.entries(run.contact)) {
      if (contact.kind !== 'unreachable') continue;
      const text = `${host} unreachable: ${contact.reason}`;
      trouble(`lost ${host} ${contact.since}`, contact.since, text, `${host} is back`);
    }
    for (const { worker, sinceStep, behind } of metrics?.slow ?? []) {
      const text = `${name(worker)} slow since step ${sinceStep}: ${(behind * 100).toFixed(0)} % behind the median`;
      const id = `slow ${worker} ${sinceStep}`;
      const at = this.seen.get(id)?.at ?? stepTime(metrics, worker, sinceStep) ?? now;
      trouble(id, at, text, `${name(worker)} keeps up again`);
    }
    for (const worker of run.workers) {
      const own = metrics?.metrics(worker.id);
      if (isSilent(run, worker, own, now)) {
        const since = own?.lastByteAt ?? now;
        const text = `${name(worker.id)} silent for more than ${silentAfterMs / 1000} s`;
        trouble(`silent ${worker.id} ${since}`, since, text, `${name(worker.id)} prints again`);
      }
      for (const one of own?.diverged ?? []) {
        const id = `diverged ${worker.id} ${one.name}`;
        const at = one.time === undefined ? (this.seen.get(id)?.at ?? now) : one.time * 1000;
        trouble(
          id,
          at,
          `${name(worker.id)}: ${divergedText(one)}`,
          `${name(worker.id)}: ${one.name} is a number again`,
        );
      }
      if (worker.state.kind === 'exited') {
        const { code, at } = worker.state;
        const id = `exit ${worker.id}`;
        const tone = code === 0 || wasStopped(run, worker.id) ? 'plain' : 'bad';
        // Said anew each time: whose exit was the cause is known only after the end.
        this.seen.set(id, { id, at, tone, text: `${name(worker.id)} ended with exit ${code}` });
      }
      if (worker.incompleteSince !== undefined) {
        const text = `log of ${name(worker.id)} incomplete since byte ${worker.incompleteSince}: ${worker.host} could not write it`;
        add(`incomplete ${worker.id}`, now, 'bad', text);
      }
    }
    if (run.state.kind === 'ended' || run.state.kind === 'gone') {
      const { kind, label, detail } = statusOf(run);
      const text = detail === '' ? label : `${label}. ${detail}`;
      add(`end ${text}`, run.endedAt ?? now, kind === 'ended' || kind === 'stopped' ? 'good' : 'bad', text);
    } else {
      for (const [id, over] of this.open) {
        if (!troubles.has(id)) add(`over ${id} ${now}`, now, 'good', over);
      }
    }
    this.open = troubles;
    return [...this.seen.values()].sort((a, b) => a.at - b.at).slice(-mostEvents);
  }
}

function joinedText(run: ShownRun, metrics: RunMetrics | undefined): string {
  const all = run.workers.length === 1 ? 'the worker' : `all ${run.workers.length} workers`;
  const quiet = run.workers.some(({ id }) => metrics?.metrics(id)?.quietByDesign);
  return quiet ? `rank 0 reports for ${all}` : `${all} ${run.workers.length === 1 ? 'reports' : 'report'}`;
}

/** When the last of the expected workers gave its first point, in milliseconds; undefined until then. */
function joinedAt(run: ShownRun, metrics: RunMetrics | undefined): number | undefined {
  if (metrics === undefined || run.plan.np === 0 || run.workers.length < run.plan.np) return undefined;
  let latest = 0;
  for (const { id } of run.workers) {
    if (metrics.metrics(id)?.quietByDesign === true) continue;
    const times = metrics.names
      .map((name) => metrics.points(id, name)[0]?.time)
      .filter((time) => time !== undefined);
    if (times.length === 0) return undefined;
    latest = Math.max(latest, Math.min(...times));
  }
  return latest === 0 ? undefined : latest * 1000;
}

/** When a worker last printed a line of this step, in milliseconds. */
function stepTime(metrics: RunMetrics | undefined, worker: string, step: number): number | undefined {
  for (const name of metrics?.names ?? []) {
    const time = metrics?.points(worker, name).findLast((point) => point.step === step)?.time;
    if (time !== undefined) return time * 1000;
  }
  return undefined;
}
