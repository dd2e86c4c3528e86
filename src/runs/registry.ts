import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../base/logger';
import type { Baseline } from '../cluster/preflight/checks';
import { emptyPlan, type Plan } from '../launch/plan';
import type { RunRecord } from './leaves/runRecord';
import type { RunExit, RunState } from './model';
import type { RunGroup } from './runGroup';
import { RunNumbers } from './runNumbers';

/** What is stored of a run beside its mirrored directories. Plain data; written by rename. */
export interface StoredRun {
  version: 1;
  id: string;
  number: number;
  launch: string;
  plan: Plan;
  /** Milliseconds since the epoch. */
  startedAt: number;
  endedAt?: number;
  /** The final state once it is known for certain; absent: the hosts have to be asked. */
  final?: RunState & { kind: 'ended' | 'gone' };
  /** Who asked for the stop, so that an end is not taken for a failure after a restart. */
  stopAsked?: 'stop' | 'workerExit';
  /** The worker whose failure led to the stop; what ended after it is a consequence. */
  cause?: RunExit;
  /** What was found on the hosts before the start and did not stop it. */
  warnings?: string[];
  /** What the hosts had counted before the start, by name. */
  baselines?: Record<string, Baseline>;
  /** Attempts of a start that was given up because its port was lost, by host and process. */
  earlier?: Record<string, Record<string, number>>;
  /** Exact commit that was checked out into the workdir. */
  commit?: string;
  /** What its person called it. */
  name?: string;
  /** The trial of a group that it is. */
  group?: RunGroup;
  /** Since when it waited for its turn, where it is a trial. Milliseconds since the epoch. */
  queuedAt?: number;
  /** When its processes had been started. Milliseconds since the epoch. */
  processesStartedAt?: number;
  /** How long its job of Slurm ran by the controller's clock, in seconds: for a script that keeps no records. */
  jobSeconds?: number;
  /** False until a window has seen it end; absent for runs found on a host. */
  endSeen?: boolean;
}

/** Runs known on this machine, one directory each: `runs/<id>/run.json` and `runs/<id>/hosts/<host>/`. */
export class Registry {
  private readonly root: string;
  private readonly numbers: RunNumbers;

  constructor(
    stateDir: string,
    private readonly logger: Logger,
  ) {
    this.root = join(stateDir, 'runs');
    mkdirSync(this.root, { recursive: true, mode: 0o700 });
    this.numbers = new RunNumbers(stateDir);
  }

  /** Stored runs, oldest first. One that cannot be read is named in the log and left where it is. */
  list(): StoredRun[] {
    return readdirSync(this.root)
      .sort()
      .flatMap((id) => {
        const file = this.file(id);
        if (!existsSync(file)) return [];
        try {
          return [readStored(file)];
        } catch (error) {
          this.logger.error(`${file} cannot be read; the run is not shown`, error);
          return [];
        }
      });
  }

  /** Ids of the stored runs. */
  ids(): string[] {
    return readdirSync(this.root);
  }

  /** A run as it is on disk now, or undefined: another window may have written it. */
  read(id: string): StoredRun | undefined {
    const file = this.file(id);
    return existsSync(file) ? readStored(file) : undefined;
  }

  save(run: StoredRun): void {
    mkdirSync(join(this.root, run.id), { recursive: true, mode: 0o700 });
    const temporary = `${this.file(run.id)}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(run, undefined, 1), { mode: 0o600 });
    renameSync(temporary, this.file(run.id));
  }

  /** What the run was made of; undefined where that was not written. */
  readRecord(id: string): RunRecord | undefined {
    const file = this.recordFile(id);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunRecord) : undefined;
  }

  saveRecord(id: string, record: RunRecord): void {
    const temporary = `${this.recordFile(id)}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(record, undefined, 1), { mode: 0o600 });
    renameSync(temporary, this.recordFile(id));
  }

  remove(id: string): void {
    rmSync(join(this.root, id), { recursive: true, force: true });
  }

  /** Takes a number higher than those of the runs of a launch, and gives it to nobody else. */
  takeNumber(launch: string): number {
    const numbers = this.list()
      .filter((run) => run.launch === launch)
      .map(({ number }) => number);
    return this.numbers.take(launch, 1 + Math.max(0, ...numbers));
  }

  hostDirectory(id: string, host: string): string {
    return join(this.root, id, 'hosts', host);
  }

  /** Where the output of the set-up of a host is kept. */
  setupLog(id: string, host: string): string {
    return join(this.root, id, `setup-${host}.log`);
  }

  private recordFile(id: string): string {
    return join(this.root, id, 'record.json');
  }

  private file(id: string): string {
    return join(this.root, id, 'run.json');
  }
}

function readStored(file: string): StoredRun {
  const stored = JSON.parse(readFileSync(file, 'utf8')) as StoredRun;
  return { ...stored, plan: { ...emptyPlan, ...stored.plan } };
}
