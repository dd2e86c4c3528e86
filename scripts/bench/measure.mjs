/** How often each side is measured. */
export const repeats = 10;

/**
 * @typedef {object} Measurement one line of the result
 * @property {string} name
 * @property {number} ours median
 * @property {number} peer median of what a person does by hand, or the time that it may take
 * @property {string} [against] what `peer` is, where it is not "by hand"
 * @property {string} unit
 * @property {number} ratio ours / peer
 */

/**
 * @param {string} name
 * @param {readonly number[]} ours milliseconds
 * @param {readonly number[]} peer milliseconds
 * @returns {Measurement}
 */
export function compare(name, ours, peer) {
  const [mine, theirs] = [median(ours), median(peer)];
  return { name, ours: round(mine), peer: round(theirs), unit: 'ms', ratio: round(mine / theirs) };
}

/**
 * @param {string} name
 * @param {number} budget milliseconds
 * @param {readonly number[]} taken milliseconds
 * @returns {Measurement}
 */
export function withinBudget(name, budget, taken) {
  const ours = median(taken);
  return {
    name,
    ours: round(ours),
    peer: budget,
    against: 'budget',
    unit: 'ms',
    ratio: round(ours / budget),
  };
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/**
 * @param {string} what
 * @param {number} timeoutMs
 * @param {() => boolean | Promise<boolean>} seen
 */
export async function until(what, timeoutMs, seen) {
  const deadline = performance.now() + timeoutMs;
  while (!(await seen())) {
    if (performance.now() > deadline) throw new Error(`not seen within ${timeoutMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
