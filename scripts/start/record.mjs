import { join } from 'node:path';
import { ensureBrowser } from '../machine/ensureBrowser.mjs';
import { launchBrowser } from '../vscode/page.mjs';
import { mainJob } from './mainJob.mjs';
import { Recorder } from './recorder.mjs';
import { openSession } from './session.mjs';

/**
 * Drives the main job with a headless browser, by clicks and keys as a person would, and writes pictures and
 * result.json.
 * @param {{ directory: string, port: number | undefined, say: (message: string) => void }} options
 * @returns {Promise<boolean>} whether every step was seen
 */
export async function record({ directory, port, say }) {
  const executable = await ensureBrowser(say);
  const recorder = new Recorder(directory, say);
  await recorder.clear();
  const { result } = recorder;
  const session = await openSession({ say, port, graceSeconds: 5 });
  try {
    const browser = await launchBrowser(executable);
    try {
      await mainJob({ session, context: browser.context, recorder });
      result.ok = true;
    } catch (error) {
      result.error = error instanceof Error ? (error.stack ?? error.message) : String(error);
      console.error(`✖ ${result.error}`);
      await recorder.failed(browser.context.pages());
    } finally {
      await browser.close();
    }
  } finally {
    await session.close();
    await recorder.write();
  }
  say(`${result.ok ? 'every step was seen' : 'not every step was seen'}: ${join(directory, 'result.json')}`);
  return result.ok;
}
