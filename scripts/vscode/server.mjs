import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../machine/command.mjs';
import { MachineError } from '../machine/machineError.mjs';
import { freePort } from '../machine/port.mjs';
import { isAlive, processTree } from './processes.mjs';

/** Nothing but the work: no welcome page, no chat, no questions about updates. The question of trust is asked at once. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'security.workspace.trust.startupPrompt': 'once',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
};

/** Settings of the server. Else new ports are looked for, by a scan of all processes of the machine every few seconds. */
const machineSettings = { 'remote.autoForwardPorts': false };

/**
 * @typedef {object} ServerOptions
 * @property {import('../machine/ensureVsCode.mjs').VsCodeServer} vsCode
 * @property {string} directory holds the server's data and extensions; existing data are used again
 * @property {number} [port] default: a free one
 * @property {string} [vsix] package to install first
 * @property {boolean} [forTests] no token, and the page may name an extension under development
 * @property {boolean} [trustEverything] switches workspace trust off
 * @property {number} [graceSeconds] how long an extension host waits for its page to come back. Default: VS Code's 3 hours
 * @property {NodeJS.ProcessEnv} [env] added to the environment of the extension host
 * @property {Record<string, unknown>} [settings] added to the user's settings and to those of the machine
 */

/**
 * @typedef {object} Server
 * @property {number} port
 * @property {(folder: string, payload?: readonly (readonly [string, string])[]) => string} address of a page with that folder open
 * @property {() => number[]} extensionHostPids
 * @property {number} pid
 * @property {() => Promise<void>} stop ends the server and everything below it
 */

/**
 * Starts a VS Code server on the loopback interface and waits until it listens.
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 * @throws {MachineError} with what the server printed
 */
export async function startServer(options) {
  const { vsCode, directory } = options;
  const userData = join(directory, 'data');
  const extensions = join(directory, 'extensions');
  const tokenFile = join(directory, 'token');
  await mkdir(join(userData, 'data/User'), { recursive: true });
  await mkdir(join(userData, 'data/Machine'), { recursive: true });
  await mkdir(extensions, { recursive: true });
  const settings = { ...quietSettings, ...options.settings };
  await writeFile(join(userData, 'data/User/settings.json'), JSON.stringify(settings, undefined, 2));
  await writeFile(
    join(userData, 'data/Machine/settings.json'),
    JSON.stringify({ ...machineSettings, ...options.settings }, undefined, 2),
  );
  const places = [
    '--accept-server-license-terms',
    '--server-data-dir',
    userData,
    '--extensions-dir',
    extensions,
  ];
  if (options.vsix !== undefined) {
    await must(vsCode.node, [vsCode.main, ...places, '--install-extension', options.vsix, '--force'], {
      nextStep: 'The package of the extension cannot be installed; the lines above say why.',
    });
  }
  const token = options.forTests === true ? undefined : randomBytes(20).toString('hex');
  // By file: arguments are there for everyone on the machine to read.
  if (token !== undefined) await writeFile(tokenFile, token, { mode: 0o600 });
  const port = await freePort(options.port);
  const log = join(directory, 'server.log');
  const args = [
    ...places,
    ...(token === undefined
      ? ['--without-connection-token', '--enable-smoke-test-driver']
      : ['--connection-token-file', tokenFile]),
    ...['--host', '127.0.0.1', '--port', String(port), '--telemetry-level', 'off'],
    ...(options.trustEverything === true ? ['--disable-workspace-trust'] : []),
    ...(options.graceSeconds === undefined
      ? []
      : ['--reconnection-grace-time', String(options.graceSeconds)]),
  ];
  const child = spawn(vsCode.node, [vsCode.main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // VSCODE_CLI: as from a terminal, with this environment as it is; else a login shell would be asked for another.
    env: { ...process.env, VSCODE_CLI: '1', ...options.env },
    // Ctrl-C in the terminal reaches us alone: we end it in order.
    detached: true,
  });
  const logStream = createWriteStream(log);
  child.stdout.pipe(logStream);
  child.stderr.pipe(logStream);
  const pid = child.pid ?? -1;
  await listening(child, port, log);

  return {
    port,
    pid,
    address: (folder, payload) => {
      const query = new URLSearchParams({ folder });
      if (token !== undefined) query.set('tkn', token);
      if (payload !== undefined) query.set('payload', JSON.stringify(payload));
      return `http://127.0.0.1:${port}/?${query.toString()}`;
    },
    extensionHostPids: () =>
      processTree(pid)
        .filter(({ argv }) => argv.includes('--type=extensionHost'))
        .map((one) => one.pid),
    stop: async () => {
      const tree = processTree(pid);
      for (const one of tree) signal(one.pid, 'SIGTERM');
      const deadline = Date.now() + 5000;
      while (Date.now() < deadline && tree.some((one) => isAlive(one.pid))) await pause(100);
      for (const one of tree) signal(one.pid, 'SIGKILL');
    },
  };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} port
 * @param {string} log
 */
async function listening(child, port, log) {
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    try {
      await fetch(`http://127.0.0.1:${port}/version`);
      return;
    } catch {
      await pause(100);
    }
  }
  throw new MachineError(
    `the VS Code server did not start on port ${port}\n${(await readFile(log, 'utf8')).trim()}`,
    'The lines above are what it says.',
  );
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
