import { readdirSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} ProcessInfo
 * @property {number} pid
 * @property {number} parent
 * @property {string[]} argv
 */

/**
 * Everything that runs on this Linux machine and that we may look at.
 * @returns {ProcessInfo[]}
 */
export function processes() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z') return [];
        const argv = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').slice(0, -1);
        return [{ pid: Number(name), parent: Number(parent), argv }];
      } catch {
        return [];
      }
    });
}

/**
 * The process and everything below it.
 * @param {number} pid
 */
export function processTree(pid) {
  const all = processes();
  const tree = all.filter((one) => one.pid === pid);
  for (const one of tree) tree.push(...all.filter(({ parent }) => parent === one.pid));
  return tree;
}

/**
 * Processes that have a variable in their environment: with this value, or with any.
 * @param {string} name
 * @param {string} [value]
 */
export function processesWithEnvironment(name, value) {
  const wanted = value === undefined ? `${name}=` : `${name}=${value}`;
  return processes().filter(({ pid }) => {
    try {
      const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      return entries.some((entry) => (value === undefined ? entry.startsWith(wanted) : entry === wanted));
    } catch {
      return false;
    }
  });
}

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return processes().some((one) => one.pid === pid);
  } catch {
    return false;
  }
}
