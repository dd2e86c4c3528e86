import type { Logger } from '../base/logger';
import type { Plan } from '../launch/plan';
import type { SshPool } from '../ssh/connection';
import type { Attempts } from './again/clearStart';
import type { Records } from './deriveState';
import { HostMirror, type FreshBytes } from './hostMirror';
import type { Contact } from './model';
import type { Registry, StoredRun } from './registry';
import { RunHost } from './runHost';
import { waitUntil } from './waitUntil';

/** A busy host may be late with the last bytes: they are waited for, as what is not read by then is not looked for again. */
const LAST_BYTES_MS = 60_000;

/** What the hosts of a run tell it; workers are named `host/id`. */
export interface RunHostsListener {
  /** Contact or records of a host are new. */
  onChange(): void;
  onLog(worker: string, fresh: FreshBytes): void;
  onClock(worker: string, fresh: FreshBytes): void;
  /** All that was on a host has been read: its records are complete as of now. */
  onSettled(): void;
  /** A host has no directory of the run (any more), or no start of a run that began long ago. */
  onMissing(host: string): void;
}

/** The hosts of one run, taken together. */
export class RunHosts {
  /** In the order of the plan; of a job of Slurm the login node alone. */
  readonly all: readonly RunHost[];

  constructor(stored: StoredRun, registry: Registry, logger: Logger, listener: RunHostsListener) {
    const { id, plan, startedAt } = stored;
    this.all = plan.hosts.map((host) => {
      const supervised = plan.processes.filter((process) => process.host === host.name).map((one) => one.id);
      const mirror = new HostMirror(registry.hostDirectory(id, host.name), logger);
      const earlier = stored.earlier?.[host.name] ?? {};
      const run = { id, startedAt, isOver: stored.final !== undefined };
      return new RunHost(run, earlier, host, supervised, mirror, {
        onChange: () => listener.onChange(),
        onLog: (process, fresh) => listener.onLog(`${host.name}/${process}`, fresh),
        onClock: (process, fresh) => listener.onClock(`${host.name}/${process}`, fresh),
        onSettled: () => listener.onSettled(),
        onMissing: () => listener.onMissing(host.name),
      });
    });
  }

  get names(): string[] {
    return this.all.map(({ name }) => name);
  }

  get(name: string): RunHost | undefined {
    return this.all.find((host) => host.name === name);
  }

  get records(): Records {
    return new Map(this.all.map(({ name, records }) => [name, records]));
  }

  get contact(): Record<string, Contact> {
    return Object.fromEntries(this.all.map((host) => [host.name, host.contact]));
  }

  /** Paths of the cached logs. */
  get logs(): string[] {
    return this.all.flatMap(({ mirror }) =>
      mirror.names.filter((name) => name.endsWith('.log')).map((name) => mirror.path(name)),
    );
  }

  /** Whether every host has been read to its end. */
  get areSettled(): boolean {
    return this.all.every((host) => host.isSettled);
  }

  /** Whether all these processes have been seen started, or over. */
  haveStarted(processes: Plan['processes']): boolean {
    return processes.every(({ host, id }) => {
      const record = this.get(host)?.record(id);
      return record?.started === true || record?.exit !== undefined;
    });
  }

  /** By whom a stop was asked, in whatever window, as the hosts have it noted. */
  get stopAsked(): 'stop' | 'workerExit' | undefined {
    return this.all.map((host) => host.stopAsked).find((by) => by !== undefined);
  }

  /** Follows every host; those that are waited for are tried at once. */
  attach(ssh: SshPool, logger: Logger): void {
    for (const host of this.all) host.attach(ssh, logger);
  }

  /** Reads all that the hosts which are followed have at this moment. */
  async readAgain(): Promise<void> {
    const read = this.all.filter((host) => host.readAgain());
    await waitUntil(() => read.every(({ isSettled }) => isSettled), LAST_BYTES_MS);
  }

  /** What was recorded up to these attempts belongs to a start that was given up. */
  forget(earlier: Attempts): void {
    for (const host of this.all) host.forget(earlier[host.name] ?? {});
  }

  /** Nothing of the run is on any host any more, although not every end was recorded. */
  giveUp(): void {
    for (const host of this.all) host.giveUp();
  }

  /** Nothing more is expected of them. */
  detach(): void {
    for (const host of this.all) host.detach();
  }

  dispose(): void {
    for (const host of this.all) host.dispose();
  }
}
