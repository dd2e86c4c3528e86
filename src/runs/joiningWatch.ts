import type { Plan } from '../launch/plan';
import type { SshPool } from '../ssh/connection';
import type { Records } from './deriveState';
import { askNotJoined, notStarted } from './joining';
import type { NotJoined } from './model';

/** The hosts of missing workers are asked this often. */
const ASK_MS = 30_000;

/** Knows which expected workers have not come in time, and what their hosts say of it. */
export class JoiningWatch {
  /** Empty while everybody has come or may still come. */
  missing: readonly NotJoined[] = [];
  /** Milliseconds since the epoch at which every process had been started, as far as this window knows. */
  since: number;
  private askedAt = 0;

  /**
   * @param plan the run's plan, another one once it was started again.
   * @param records what the hosts say now.
   */
  constructor(
    private readonly ssh: SshPool,
    private readonly plan: () => Plan,
    startedAt: number,
    private readonly records: () => Records,
    private readonly onChange: () => void,
  ) {
    this.since = startedAt;
  }

  /** Once the time to join is over, and then every half minute, the hosts of missing workers are asked. */
  look(): void {
    const plan = this.plan();
    const late = notStarted(plan, this.records());
    const now = Date.now();
    if (late.length === 0 && this.missing.length > 0) this.learn([]);
    const isDue = now - this.since > plan.joinSeconds * 1000 && now - this.askedAt > ASK_MS;
    if (late.length === 0 || !isDue) return;
    this.askedAt = now;
    void askNotJoined(this.ssh, plan, late).then((answers) => {
      const still = new Set(notStarted(plan, this.records()).map(({ id }) => id));
      this.learn(answers.filter(({ worker }) => still.has(worker)));
    });
  }

  private learn(missing: readonly NotJoined[]): void {
    this.missing = missing;
    this.onChange();
  }
}
