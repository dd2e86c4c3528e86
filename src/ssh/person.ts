import type { ParsedKey } from 'ssh2';
import type { Ask } from './ask';
import { Slots } from './slots';

/** The person at this machine, who answers for one login at a time. */
export class Person {
  private readonly turns = new Slots(1);
  /**
   * Key files opened by a login, for the logins that wait for their turn meanwhile: one passphrase for all of them.
   * Forgotten as soon as nobody waits.
   */
  readonly unlocked = new Map<string, ParsedKey>();

  constructor(readonly ask: Ask) {}

  /** Nobody is being asked, and nobody waits to be. */
  get isFree(): boolean {
    return this.turns.inUse === 0 && this.turns.waiting === 0;
  }

  /** Resolves with the function that ends the turn. Where the person is free the turn is taken at once. @throws Cancelled */
  async turn(signal: AbortSignal): Promise<() => void> {
    const release = await this.turns.acquire(signal);
    return () => {
      release();
      if (this.isFree) this.unlocked.clear();
    };
  }
}
