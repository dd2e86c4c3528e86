/** A stream of numbers in [0, 1) that depends on the seed alone (mulberry32): the same on every rank. */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const uniforms = 4;
/** Brings the deviation of that many uniform numbers to 1. */
const scale = Math.sqrt(12 / uniforms);

/** Roughly normal, mean 0 and deviation 1: a sum of uniform numbers, which is exact on every machine. */
export function normal(random: () => number): number {
  let sum = -uniforms / 2;
  for (let count = 0; count < uniforms; count++) sum += random();
  return sum * scale;
}

/** Orders `items` anew, in place (Fisher-Yates). */
export function shuffle(items: Uint32Array, random: () => number): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const kept = items[last] ?? 0;
    items[last] = items[other] ?? 0;
    items[other] = kept;
  }
}
