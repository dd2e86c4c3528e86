import { webview } from '../vscode/page.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Frame} Frame */
/** @typedef {import('./recorder.mjs').RecordedWorker} RecordedWorker */

/**
 * The dashboard of a run as the page shows it: everything is read from its accessible tables, as a screen reader would.
 */
export class DashboardReader {
  /**
   * @param {Frame} frame
   */
  constructor(frame) {
    this.frame = frame;
  }

  /**
   * Waits for the dashboard of the newest run of a launch.
   * @param {Page} page
   * @param {string} title such as `digits #1`
   * @param {number} [timeoutMs]
   */
  static async find(page, title, timeoutMs) {
    const frame = await webview(page, `header h1:text-is(${JSON.stringify(title)})`, timeoutMs);
    return new DashboardReader(frame);
  }

  /** Such as `running`, `stopped`. */
  async state() {
    return (await this.frame.locator('header .status').innerText()).trim();
  }

  /** Text of a tile: its value and what stands below it. */
  async slowest() {
    const tile = this.frame.locator('.tile').filter({ hasText: 'slowest worker' });
    const value = await tile.locator('.tile-value').innerText();
    return { value: value.trim(), detail: (await tile.locator('.tile-detail').innerText()).trim() };
  }

  /** Names of the workers whose row says slow. */
  async slowWorkers() {
    const rows = this.frame.locator('table.workers tr[data-state=slow] td[data-column=worker]');
    return (await rows.allInnerTexts()).map((text) => text.trim());
  }

  /**
   * One entry per row of the worker table.
   * @returns {Promise<{ name: string, rank: number | null, host: string, points: number, throughput: number | null, accuracy: number | null }[]>}
   */
  async workers() {
    const rows = await this.frame.locator('table.workers tbody tr').evaluateAll((elements) =>
      elements.map((row) => {
        const cell = (/** @type {string} */ name) =>
          row.querySelector(`[data-column=${name}]`)?.textContent?.trim() ?? '';
        return {
          name: cell('worker'),
          rank: cell('rank'),
          host: cell('host'),
          throughput: cell('throughput'),
          accuracy: cell('accuracy'),
          points: row.getAttribute('data-points') ?? '',
        };
      }),
    );
    return rows.map((row) => ({
      ...row,
      rank: number(row.rank),
      points: Number(row.points),
      throughput: number(row.throughput),
      accuracy: number(row.accuracy),
    }));
  }

  /**
   * The rows of the worker table together with the steps that each worker has a value for.
   * @returns {Promise<RecordedWorker[]>}
   */
  async recordedWorkers() {
    const steps = await this.#steps();
    const stride = smallestStride(Object.values(steps));
    return (await this.workers()).map(({ name, ...row }) => {
      const own = steps[name] ?? [];
      const [firstStep, lastStep] = [own.at(0) ?? null, own.at(-1) ?? null];
      const expected = firstStep === null || lastStep === null ? 0 : (lastStep - firstStep) / stride + 1;
      return { ...row, firstStep, lastStep, gaps: expected - own.length };
    });
  }

  /**
   * How many pixels of each chart are drawn in a colour (and not in a shade of grey, as axes and text are).
   * @returns {Promise<number[]>}
   */
  async drawnPixels() {
    return this.frame.locator('section.chart canvas').evaluateAll((canvases) =>
      canvases.map((canvas) => {
        const { width, height } = canvas;
        /** @type {Uint8ClampedArray} */
        const data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
        let drawn = 0;
        for (let index = 0; index < data.length; index += 4) {
          const [red = 0, green = 0, blue = 0, alpha = 0] = data.slice(index, index + 4);
          const coloured = Math.max(red, green, blue) - Math.min(red, green, blue) > 40;
          if (alpha > 128 && coloured) drawn += 1;
        }
        return drawn;
      }),
    );
  }

  /** From now on the page notes when each step of the first worker is first shown. */
  async noteSteps() {
    await this.frame.locator('body').evaluate((body) => {
      const page = body.ownerDocument.defaultView;
      /** @type {Map<number, number>} */
      const noted = new Map();
      page.rankwiseNotedSteps = noted;
      const note = () => {
        const text = body.querySelector('table.workers tbody tr [data-column=step]')?.textContent ?? '';
        const step = Number(text.replaceAll(',', ''));
        if (step > 0 && !noted.has(step)) noted.set(step, performance.timeOrigin + performance.now());
      };
      new page.MutationObserver(note).observe(body, { subtree: true, childList: true, characterData: true });
    });
  }

  /**
   * @returns {Promise<Map<number, number>>} milliseconds since the epoch by step, see {@link noteSteps}
   */
  async notedSteps() {
    return new Map(await this.frame.evaluate(() => [...Reflect.get(globalThis, 'rankwiseNotedSteps')]));
  }

  /** Presses the Stop button. */
  async stop() {
    await this.frame.getByRole('button', { name: 'Stop' }).click();
  }

  /**
   * The steps that each worker has a value for, by its name: from the values of the left chart as a table, which is
   * opened for this and closed again.
   * @returns {Promise<Record<string, number[]>>}
   */
  async #steps() {
    const box = this.frame.locator('section[data-chart=left] details.values-box');
    await box.locator('summary').click();
    // The page fills the table in a task of its own after the click.
    await box.locator('table.values tbody tr').first().waitFor();
    const rows = await box
      .locator('table.values tr')
      .evaluateAll((elements) =>
        elements.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? '')),
      );
    await box.locator('summary').click();
    const [head = [], ...body] = rows;
    return Object.fromEntries(
      head
        .slice(1)
        .map((name, column) => [
          name,
          body.flatMap((cells) => (cells[column + 1] === '' ? [] : [number(cells[0] ?? '') ?? NaN])),
        ]),
    );
  }
}

/** @param {number[][]} series */
function smallestStride(series) {
  const strides = series.flatMap((steps) => steps.slice(1).map((step, index) => step - (steps[index] ?? 0)));
  return strides.length === 0 ? 1 : Math.min(...strides);
}

/**
 * A number as the page writes it, `1,234.5`; null for an empty cell.
 * @param {string} text
 */
function number(text) {
  return text === '' ? null : Number(text.replaceAll(',', ''));
}
