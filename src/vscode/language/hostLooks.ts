import type { HostfileEntry } from '../../config/hostfile/hostfile';
import type { Problem } from '../../config/problem';
import type { Core } from '../../core';
import type { HostLook } from '../../ssh/lookUpHost';
import type { SshTarget } from '../../ssh/target';

/** How the hosts of hostfiles would be reached, asked of `ssh -G` and the name service when a person wants to know. */
export class HostLooks {
  private readonly looks = new Map<string, HostLook>();

  constructor(private readonly core: Core) {}

  /** What is known already. */
  known(host: Target): HostLook | undefined {
    return this.looks.get(key(this.target(host)));
  }

  /**
   * Asks anew. Runs `ssh -G`: only in a workspace that is trusted.
   * @throws RankwiseError `vscode.untrusted` is the caller's; `ssh.unresolved`; Cancelled
   */
  async look(entry: Target, signal?: AbortSignal): Promise<HostLook> {
    const target = this.target(entry);
    const look = await this.core.lookUp(target, signal);
    this.looks.set(key(target), look);
    return look;
  }

  /** The hosts whose names this machine cannot resolve, as information: they may be names of the cluster's own network. */
  async problems(
    entries: readonly HostfileEntry[],
    found: (done: number) => void,
    signal: AbortSignal,
  ): Promise<Problem[]> {
    let done = 0;
    const looked = entries.map(async (entry): Promise<Problem[]> => {
      const { failure, hostname } = await this.look(entry, signal);
      found(++done);
      if (failure === undefined) return [];
      const name = hostname === entry.host ? entry.host : `${entry.host} (HostName ${hostname})`;
      const message = `${name} cannot be resolved on this machine: ${failure}. If only the hosts know it, name a \`head:\` or \`proxyJump:\` in rankwise.yaml; else correct it.`;
      return [{ code: 'hostfile.unresolvedName', severity: 'information', message, range: entry.range }];
    });
    return (await Promise.all(looked)).flat();
  }

  /** A host of a cluster is reached as its cluster says. */
  private target({ host, user, port }: Target): SshTarget {
    const hosts = (this.core.config.current?.clusters ?? []).flatMap((cluster) => cluster.hosts);
    const known = hosts.find(
      ({ target }) => target.host === host && (user === undefined || target.user === user),
    );
    return (
      known?.target ?? { host, ...(user !== undefined && { user }), ...(port !== undefined && { port }) }
    );
  }
}

type Target = Pick<HostfileEntry, 'host' | 'user' | 'port'>;

function key({ host, user, port, proxyJump }: SshTarget): string {
  return [host, user, port, proxyJump].join(' ');
}
