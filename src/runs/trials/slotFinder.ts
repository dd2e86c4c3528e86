import { describeError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import { askHost } from '../../cluster/hostFacts';
import type { HostModel } from '../../config/model';
import type { SshPool } from '../../ssh/connection';
import type { TrialSlot } from '../runGroup';
import type { RunManager } from '../runManager';
import type { StoredGroup } from './group';
import type { GroupStore } from './groupStore';
import {
  freeSlots,
  machineKey,
  slotsOfHost,
  take,
  takeForRun,
  type HostSlots,
  type TakenSlots,
} from './slots';

/** A host that did not say its GPUs is asked again after this time. */
const AGAIN_MS = 30_000;

/** Finds the slots that no active run of this machine uses. */
export class SlotFinder {
  private readonly known = new Map<string, { gpus: readonly number[] | undefined; at: number }>();

  constructor(
    private readonly ssh: SshPool,
    private readonly store: GroupStore,
    private readonly runs: RunManager,
    private readonly logger: Logger,
  ) {}

  /** @param mayUse by host name. */
  async free(group: StoredGroup, mayUse: (host: string) => boolean): Promise<TrialSlot[]> {
    const hosts = group.cluster.hosts.filter(({ name }) => mayUse(name));
    const offered = await Promise.all(hosts.map((host) => this.offerOf(host)));
    return freeSlots(
      offered.filter((one) => one !== undefined),
      this.taken(),
    );
  }

  private taken(): TakenSlots {
    const taken: TakenSlots = new Map();
    this.runs.takeUpAll();
    for (const run of this.runs.all) takeForRun(taken, run);
    // A trial that is about to start has a slot before it has a run.
    for (const id of this.store.ids()) {
      const { trials = [], cluster } = this.store.read(id) ?? {};
      for (const { state, slot } of trials) {
        const host = cluster?.hosts.find(({ name }) => name === slot?.host);
        if (slot !== undefined && host !== undefined && (state === 'starting' || state === 'running'))
          take(taken, machineKey(host), slot.index);
      }
    }
    return taken;
  }

  /** Undefined while the host does not say which GPUs it has. */
  private async offerOf(host: HostModel): Promise<HostSlots | undefined> {
    if (host.gpus !== undefined) return slotsOfHost(host, []);
    const machine = machineKey(host);
    const before = this.known.get(machine);
    const isFresh = before !== undefined && (before.gpus !== undefined || Date.now() - before.at < AGAIN_MS);
    const gpus = isFresh ? before.gpus : await this.askGpus(host);
    if (!isFresh) this.known.set(machine, { gpus, at: Date.now() });
    return gpus === undefined ? undefined : slotsOfHost(host, gpus);
  }

  private async askGpus({ name, target }: HostModel): Promise<number[] | undefined> {
    try {
      const { gpus } = await askHost(await this.ssh.connect(target), undefined);
      return gpus.map(({ index }) => index);
    } catch (error) {
      this.logger.warn(`${name} does not say which GPUs it has: ${describeError(error)}`);
      return undefined;
    }
  }
}
