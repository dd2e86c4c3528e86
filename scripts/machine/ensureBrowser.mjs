import { existsSync } from 'node:fs';
import { ensureDebian } from './ensureDebian.mjs';
import { MachineError } from './machineError.mjs';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * A Chromium that can be driven without a screen: `RANKWISE_BROWSER`, an installed one, or Debian's.
 * @param {(message: string) => void} say
 * @returns {Promise<string>} path of the program
 * @throws {MachineError} when there is none and none can be installed
 */
export async function ensureBrowser(say) {
  const chosen = process.env['RANKWISE_BROWSER'];
  if (chosen !== undefined && chosen !== '') {
    if (existsSync(chosen)) return chosen;
    throw new MachineError(
      `no browser: RANKWISE_BROWSER names ${chosen}, which does not exist`,
      'Set it to the path of Chromium or Chrome, or unset it.',
    );
  }
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  try {
    await ensureDebian({ chromium: '/usr/bin/chromium' }, say);
  } catch (error) {
    throw new MachineError(
      `no browser: neither Chromium nor Chrome is installed${error instanceof Error ? ` (${error.message})` : ''}`,
      'Install Chromium, or set RANKWISE_BROWSER to its path.',
      { cause: error },
    );
  }
  return '/usr/bin/chromium';
}
