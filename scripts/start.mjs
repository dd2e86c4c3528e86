// npm start: see `usage` in start/options.mjs. Needs only git's checkout and Node 20: the rest is installed.
import { ensureDependencies } from './machine/ensureDependencies.mjs';
import { reportError } from './machine/machineError.mjs';
import { freePort } from './machine/port.mjs';
import { startOptions, usage } from './start/options.mjs';

/** How long the extension host of a closed page stays: a reload of the page finds it, a forgotten one goes. */
const graceSeconds = 60;

/** @param {string} message */
const say = (message) => console.log(`· ${message}`);

async function main() {
  const options = startOptions(process.argv.slice(2));
  if (options.help) {
    console.log(usage);
    return;
  }
  // A taken port is said before minutes are spent on installing.
  if (options.port !== undefined) await freePort(options.port);
  await ensureDependencies(say);
  if (options.desktop) {
    const { openDesktop } = await import('./start/desktop.mjs');
    await openDesktop(say);
  } else if (options.record !== undefined) {
    const { record } = await import('./start/record.mjs');
    process.exitCode = (await record({ directory: options.record, port: options.port, say })) ? 0 : 1;
  } else {
    await stayOpen(options.port);
  }
}

/** @param {number | undefined} port */
async function stayOpen(port) {
  const { openSession } = await import('./start/session.mjs');
  const stopped = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  const session = await openSession({ say, port, graceSeconds });
  console.log(`\n  Rankwise is ready. Open this address in a browser:\n\n    ${session.address}\n`);
  console.log(
    '  Trust the folder when asked, open Rankwise in the activity bar, and press Launch on "digits".',
  );
  console.log('  Ctrl-C ends VS Code and the practice hosts.\n');
  // The server runs without a terminal of its own: this timer keeps us here until a signal.
  const alive = setInterval(() => undefined, 3_600_000);
  await stopped;
  clearInterval(alive);
  say('ending what was started');
  await session.close();
}

main().catch((error) => {
  reportError(error);
  process.exitCode = 1;
});
