/** Time in milliseconds since the epoch; a seam for tests. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
