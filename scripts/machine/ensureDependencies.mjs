import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { repository } from './repository.mjs';

/**
 * Installs the packages of package-lock.json unless node_modules already holds exactly those.
 * @param {(message: string) => void} say
 */
export async function ensureDependencies(say) {
  if (await isInstalled()) return;
  say('installing packages (npm ci)');
  await npm(['ci', '--ignore-scripts'], { cwd: repository, what: 'The packages of Rankwise' });
}

/** Compares the lock with npm's own record of what it installed; times of files say nothing after a checkout. */
async function isInstalled() {
  const wanted = await packages(join(repository, 'package-lock.json'));
  const present = await packages(join(repository, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional === true || present[path]?.version === entry.version,
  );
}

/**
 * @param {string} file
 * @returns {Promise<Record<string, { version?: string, optional?: boolean }>>}
 */
async function packages(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}
