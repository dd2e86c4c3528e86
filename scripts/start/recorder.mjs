import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @typedef {object} RecordedWorker
 * @property {number | null} rank
 * @property {string} host
 * @property {number} points
 * @property {number | null} firstStep
 * @property {number | null} lastStep
 * @property {number} gaps steps that are missing between the first and the last
 * @property {number | null} throughput samples/s
 * @property {number | null} accuracy fraction 0-1
 */

/**
 * @typedef {object} RecordResult what is written to result.json
 * @property {boolean} ok
 * @property {{ name: string, seconds: number, screenshot: string }[]} steps
 * @property {{ state: string, workers: RecordedWorker[] } | null} run
 * @property {string | null} slowWorker
 * @property {number[][]} extensionHostPids one list for each page that was opened
 * @property {string} [error]
 */

/** Names, times and photographs the steps of a scenario, and keeps what they found. */
export class Recorder {
  /** @type {RecordResult} */
  result = { ok: false, steps: [], run: null, slowWorker: null, extensionHostPids: [] };
  #began = performance.now();

  /**
   * @param {string} directory
   * @param {(message: string) => void} say
   */
  constructor(directory, say) {
    this.directory = directory;
    this.say = say;
  }

  /** Makes the directory and removes what an earlier recording left there. */
  async clear() {
    await mkdir(this.directory, { recursive: true });
    for (const name of await readdir(this.directory)) {
      if (/^\d\d-.*\.png$|^result\.json$/.test(name)) await rm(join(this.directory, name));
    }
  }

  /**
   * A step has been seen: notes the seconds since the one before and takes a picture.
   * @param {import('playwright-core').Page} page
   * @param {string} name
   */
  async seen(page, name) {
    const seconds = Math.round((performance.now() - this.#began) / 100) / 10;
    const number = String(this.result.steps.length + 1).padStart(2, '0');
    const screenshot = `${number}-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.png`;
    await page.screenshot({ path: join(this.directory, screenshot) });
    this.result.steps.push({ name, seconds, screenshot });
    this.say(`${name} (${seconds} s)`);
    this.#began = performance.now();
  }

  /**
   * A step was not seen: the pictures show what was there instead.
   * @param {import('playwright-core').Page[]} pages
   */
  async failed(pages) {
    for (const [index, page] of pages.entries()) {
      await page.screenshot({ path: join(this.directory, `99-failed-${index + 1}.png`) });
    }
  }

  /** Writes result.json. */
  async write() {
    await writeFile(join(this.directory, 'result.json'), `${JSON.stringify(this.result, undefined, 2)}\n`);
  }
}
