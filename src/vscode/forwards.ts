import type { Disposable } from '../base/disposable';
import type { Core } from '../core';
import type { Forward } from '../ssh/connection';
import type { SshTarget } from '../ssh/target';

/** A port of a host that can be reached on this machine. */
export interface OpenForward {
  host: string;
  port: number;
  /** On 127.0.0.1 of the machine that runs the extension. */
  localPort: number;
}

interface Held extends OpenForward {
  forward: Forward;
}

/** The ports that are forwarded now; they end with the window or with the connection. */
export class Forwards implements Disposable {
  private readonly held = new Set<Held>();

  constructor(private readonly core: Pick<Core, 'connect'>) {}

  get all(): readonly OpenForward[] {
    return [...this.held];
  }

  /** The forward of this port: the one that is there, or a new one. @throws RankwiseError as connecting */
  async open(host: string, target: SshTarget, port: number, signal?: AbortSignal): Promise<OpenForward> {
    const known = [...this.held].find((one) => one.host === host && one.port === port);
    if (known !== undefined) return known;
    const connection = await this.core.connect(target, signal);
    const forward = await connection.forward('127.0.0.1', port);
    const held: Held = { host, port, localPort: forward.localPort, forward };
    this.held.add(held);
    connection.onClosed(() => this.close(held));
    return held;
  }

  close(forward: OpenForward): void {
    for (const one of this.held) {
      if (one.localPort !== forward.localPort) continue;
      one.forward.dispose();
      this.held.delete(one);
    }
  }

  dispose(): void {
    for (const { forward } of this.held) forward.dispose();
    this.held.clear();
  }
}
