import type { Unproven } from './stopRun';

/** After a proof that could not be had, or a directory that is missing, hosts are asked again this much later. */
const LOOK_AGAIN_MS = 10_000;
/** A stop that was asked for in another window is taken up here when it has not ended the run by then. */
const FORGOTTEN_STOP_MS = 90_000;

/** Which hosts of a run owe the proof that nothing is left, and when it is worth asking again. */
export class OwedProof {
  /** Names of hosts that did not answer when the proof was asked of them. */
  hosts: readonly string[] = [];
  private lookAgainAt = 0;
  private stopSeenAt: number | undefined;

  /** Hosts that did not answer are asked again when they are back; the others have said all they can. */
  note(unproven: readonly Unproven[]): void {
    this.hosts = unproven.filter(({ unreachable }) => unreachable).map(({ host }) => host);
    this.stopSeenAt = Date.now();
    this.lookLater();
  }

  lookLater(ms = LOOK_AGAIN_MS): void {
    this.lookAgainAt = Date.now() + ms;
  }

  /** Hosts that did not answer are not asked over and over, nor is what failed tried again at once. */
  get mayLook(): boolean {
    return Date.now() >= this.lookAgainAt;
  }

  /**
   * A stop was asked for and the run is not over. Whoever asked for it carries it out; we do when it was us, or when nothing
   * has come of it for a while.
   * @param isBack by host name: it answers now.
   */
  mustTakeUpStop(isBack: (host: string) => boolean): boolean {
    this.stopSeenAt ??= Date.now();
    const isOurs = this.hosts.length > 0;
    const isForgotten = Date.now() - this.stopSeenAt > FORGOTTEN_STOP_MS;
    return (isOurs || isForgotten) && this.hosts.every(isBack);
  }
}
