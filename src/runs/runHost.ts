import type { Logger } from '../base/logger';
import type { PlanHost } from '../launch/plan';
import type { SshPool } from '../ssh/connection';
import { HostFollower } from './hostFollower';
import type { FreshBytes, HostMirror } from './hostMirror';
import { readHostRecord, type ProcessRecord } from './hostRecord';
import type { Contact } from './model';

/** A launch starts its processes within this time of its beginning, or reports that it could not. */
const STARTS_WITHIN_MS = 10 * 60_000;

/** What one host of a run tells the run. */
export interface RunHostListener {
  /** Contact or records are new. */
  onChange(): void;
  /** Bytes of `<id>.log` have reached the cache. */
  onLog(id: string, fresh: FreshBytes): void;
  /** Bytes of `<id>.clock`. */
  onClock(id: string, fresh: FreshBytes): void;
  /** All that was on the host has been read: the records are complete as of now. */
  onSettled(): void;
  /** The run directory is not there (any more), or holds no start of a run that began long ago. */
  onMissing(): void;
}

/** One host's part of a run: its mirror, what its records say, and the contact with it. */
export class RunHost {
  contact: Contact;
  records: ProcessRecord[];
  /** A full pass has been read since the last record appeared. */
  isSettled = false;
  private readonly gone = new Set<string>();
  private follower: HostFollower | undefined;

  /** @param supervised ids of the processes that are started on this host. */
  constructor(
    private readonly run: { id: string; startedAt: number; isOver: boolean },
    /** Attempts of a start that was given up, by process; see {@link readHostRecord}. */
    private earlier: Readonly<Record<string, number>>,
    readonly host: PlanHost,
    private readonly supervised: readonly string[],
    readonly mirror: HostMirror,
    private readonly listener: RunHostListener,
  ) {
    this.contact = { kind: run.isOver ? 'done' : 'connecting' };
    this.records = this.read();
  }

  get name(): string {
    return this.host.name;
  }

  record(id: string): ProcessRecord | undefined {
    return this.records.find((process) => process.id === id);
  }

  /** Follows the host; where that goes on already, tries at once if it is waiting. */
  attach(ssh: SshPool, logger: Logger): void {
    if (this.follower !== undefined) {
      this.follower.retry();
      return;
    }
    const settle = (): void => {
      this.isSettled = true;
      this.records = this.read();
      this.noteNeverStarted();
      this.listener.onSettled();
    };
    const listener = {
      onContact: (contact: Contact) => {
        this.contact = contact;
        this.listener.onChange();
      },
      onBytes: (name: string, fresh: FreshBytes) => this.take(name, fresh),
      onSynced: settle,
      onHeartbeat: settle,
      onGone: (id: string) => this.addGone([id]),
      onMissing: () => this.listener.onMissing(),
    };
    this.follower = new HostFollower(ssh, this.run.id, this.host, this.mirror, listener, logger);
    this.follower.follow().catch((error: unknown) => logger.error(`following ${this.name} ended`, error));
  }

  /**
   * It counts as settled again when all that is on the host at this moment has been read.
   * @returns false where the host is not followed: then nothing is read.
   */
  readAgain(): boolean {
    if (this.follower === undefined) return false;
    this.isSettled = false;
    this.follower.readAgain();
    return true;
  }

  /** By whom a stop was asked, in whatever window, as the host has it noted. */
  get stopAsked(): 'stop' | 'workerExit' | undefined {
    const noted = this.mirror.text('stopped')?.trim();
    return noted === 'stop' || noted === 'workerExit' ? noted : undefined;
  }

  /** Nothing of the run is on the host any more, although not every end was recorded. */
  giveUp(): void {
    const known = [...this.supervised, ...this.records.map(({ id }) => id)];
    this.isSettled = true;
    this.addGone(known.filter((id) => this.record(id)?.exit === undefined));
  }

  /** What was recorded up to these attempts belongs to a start that was given up. */
  forget(earlier: Readonly<Record<string, number>>): void {
    this.earlier = earlier;
    this.gone.clear();
    this.isSettled = false;
    this.reread();
  }

  /** Nothing more is expected of this host. */
  detach(): void {
    this.dispose();
    this.follower = undefined;
    this.contact = { kind: 'done' };
  }

  dispose(): void {
    this.follower?.dispose();
  }

  private take(name: string, fresh: FreshBytes): void {
    const clock = /^(.+)\.clock$/.exec(name)?.[1];
    if (clock !== undefined) {
      this.listener.onClock(clock, fresh);
      return;
    }
    const id = /^(.+)\.log$/.exec(name)?.[1];
    if (id === undefined) this.isSettled = false;
    else this.listener.onLog(id, fresh);
    this.reread();
  }

  /** Whether all that is to be started here has been seen started, or is given up. */
  get isStarted(): boolean {
    return this.supervised.every((id) => this.record(id)?.started === true || this.gone.has(id));
  }

  /** A start that was never made, because whoever was to make it ended first, is not waited for. */
  private noteNeverStarted(): void {
    if (Date.now() - this.run.startedAt >= STARTS_WITHIN_MS && !this.isStarted) this.listener.onMissing();
  }

  private addGone(ids: readonly string[]): void {
    for (const id of ids) this.gone.add(id);
    this.reread();
  }

  private read(): ProcessRecord[] {
    return readHostRecord(this.mirror, this.gone, this.earlier);
  }

  private reread(): void {
    this.records = this.read();
    this.listener.onChange();
  }
}
