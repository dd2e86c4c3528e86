import { randomBytes } from 'node:crypto';
import { RankwiseError } from './base/errors';
import { gatherFacts } from './cluster/gatherFacts';
import { applyKeys, previewKeys, rotateKeys, undoKeys } from './cluster/keys/applyKeys';
import type { KeyHost, KeySetup } from './cluster/keys/keyState';
import type { KeyPlan, KeyPurpose } from './cluster/keys/planKeys';
import { proveEachToEach, type Reach } from './cluster/keys/proveEachToEach';
import { readRemoteHostfile } from './cluster/remoteHostfile';
import type { HostModel } from './config/model';
import type { CoreConfig } from './coreConfig';
import { clusterMachines } from './launch/machines';
import type { SshPool } from './ssh/connection';

const carryOut = { apply: applyKeys, rotate: rotateKeys, undo: undoKeys } as const;

/** SSH between the hosts of a cluster, without a password. A person is there: who logs in by password is asked. */
export class CoreKeys {
  constructor(
    private readonly config: CoreConfig,
    private readonly ssh: SshPool,
  ) {}

  /** What would change now; nothing does. @throws RankwiseError as {@link previewKeys}, `keys.noHosts`. */
  async preview(cluster: string, purpose: KeyPurpose, signal?: AbortSignal): Promise<KeyPlan> {
    return previewKeys(this.ssh, await this.setup(cluster, signal), purpose, signal);
  }

  /** Does what the plan shows, or nothing where that would not be the same any more. @throws as {@link applyKeys}. */
  async carryOut(shown: KeyPlan, signal?: AbortSignal): Promise<void> {
    const setup = await this.setup(shown.cluster, signal);
    await carryOut[shown.purpose](this.ssh, setup, shown, signal);
  }

  /** Tries each host to each other. @throws RankwiseError `keys.noHosts`; Cancelled. */
  async prove(cluster: string, signal?: AbortSignal): Promise<Reach[]> {
    const hosts = await this.hosts(cluster, signal);
    // Who needs a person is asked here; what fails is said in the row of that host.
    await Promise.allSettled(
      hosts.map(({ target }) => this.ssh.connect(target, signal, { interactive: true })),
    );
    return proveEachToEach(this.ssh, hosts.map(keyHost), signal);
  }

  private async setup(cluster: string, signal: AbortSignal | undefined): Promise<KeySetup> {
    const hosts = await this.hosts(cluster, signal);
    const facts = await gatherFacts(this.ssh, hosts, randomBytes(8).toString('hex'), signal);
    const fileSystems = Object.fromEntries(
      Object.entries(facts).map(([host, { fileSystem }]) => [host, fileSystem]),
    );
    return { cluster, hosts: hosts.map(keyHost), fileSystems };
  }

  /** A hostfile on the head is read anew. */
  private async hosts(name: string, signal: AbortSignal | undefined): Promise<HostModel[]> {
    const { config, ssh } = this;
    const find = () => config.current?.clusters.find((one) => one.name === name);
    const known = find();
    if (known?.remoteHostfile !== undefined) {
      await config.setRemoteHostfile(known, await readRemoteHostfile(ssh, known, signal));
    }
    const cluster = find();
    const hosts = cluster === undefined || cluster.practice ? [] : clusterMachines(cluster);
    if (hosts.length > 1) return hosts;
    throw new RankwiseError(
      'keys.noHosts',
      `cluster "${name}" has no two hosts that could reach each other`,
      {
        nextStep: 'Name its hosts in rankwise.yaml or its hostfile.',
      },
    );
  }
}

function keyHost({ name, target, peer }: HostModel): KeyHost {
  return { name, target, peers: [...new Set([peer, name])] };
}
