import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Logger } from '../base/logger';
import { writingState } from '../base/stateDir';
import type { Baseline } from '../cluster/preflight/checks';
import type { Plan } from '../launch/plan';
import { parseRecord } from './leaves/recordSchema';
import type { RunRecord } from './leaves/runRecord';
import type { RunExit, RunState } from './model';
import type { Preparer } from './preparer';
import type { RunGroup } from './runGroup';
import { RunNumbers } from './runNumbers';
import { StoredFiles } from './storedFiles';
import { parseStored } from './storedSchema';

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
  /** Whoever launches it, until all has been started: only that process decides about the run while it lives. */
  preparedBy?: Preparer | undefined;
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
  private readonly files: StoredFiles;

  constructor(
    private readonly stateDir: string,
    logger: Logger,
  ) {
    this.files = new StoredFiles(logger);
    this.root = join(stateDir, 'runs');
    writingState(stateDir, () => mkdirSync(this.root, { recursive: true, mode: 0o700 }));
    this.numbers = new RunNumbers(stateDir);
  }

  /** Stored runs, oldest first. One that cannot be read is named in the log and left where it is. */
  list(): StoredRun[] {
    return this.ids()
      .sort()
      .flatMap((id) => this.read(id) ?? []);
  }

  /** Ids of the stored runs. */
  ids(): string[] {
    return readdirSync(this.root);
  }

  /**
   * A run as it is on disk now: another window may have written it. Undefined where there is none, or its file is damaged,
   * which is told once and disturbs no other run.
   */
  read(id: string): StoredRun | undefined {
    const file = this.file(id);
    const todo = `the run ${id} is not shown. Check its cluster to find it on its hosts again, or remove ${dirname(file)}.`;
    return this.files.read(file, (text) => parseStored(text, id), todo);
  }

  save(run: StoredRun): void {
    writingState(this.stateDir, () => mkdirSync(join(this.root, run.id), { recursive: true, mode: 0o700 }));
    this.write(this.file(run.id), run);
  }

  /** What the run was made of; undefined where that was not written, or its file is damaged, which is told once. */
  readRecord(id: string): RunRecord | undefined {
    const file = this.recordFile(id);
    const todo = `what the run ${id} was made of is not shown. Put the file right, or remove it.`;
    return this.files.read(file, parseRecord, todo);
  }

  saveRecord(id: string, record: RunRecord): void {
    this.write(this.recordFile(id), record);
  }

  private write(file: string, value: StoredRun | RunRecord): void {
    const temporary = `${file}.${process.pid}`;
    writingState(this.stateDir, () => {
      writeFileSync(temporary, JSON.stringify(value, undefined, 1), { mode: 0o600 });
      renameSync(temporary, file);
    });
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
