import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { choose, openSideBar, openWorkbench, runCommand, treeRows, trustFolder } from '../vscode/page.mjs';
import { isAlive, processesWithEnvironment } from '../vscode/processes.mjs';
import { DashboardReader } from './dashboard.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** How long nobody looks while the run goes on. */
const awayMs = 8_000;

/**
 * The main job, step by step: from the hosts in the side bar to the proof that nothing is left of the runs.
 * @param {object} parts
 * @param {import('./session.mjs').Session} parts.session
 * @param {import('playwright-core').BrowserContext} parts.context
 * @param {import('./recorder.mjs').Recorder} parts.recorder
 */
export async function mainJob({ session, context, recorder }) {
  const { server, address, practice } = session;
  const { result } = recorder;
  const practiceRuns = () =>
    processesWithEnvironment('RANKWISE_PRACTICE', practice.instance).filter(({ pid }) =>
      processesWithEnvironment('RANKWISE_RUN_ID').some((one) => one.pid === pid),
    );

  let page = await openWorkbench(context, address);
  await trustFolder(page);
  await useTheme(page, 'Dark Modern');
  await openSideBar(page);
  for (const { name } of practice.hosts)
    await treeRows(page, new RegExp(`^${name}\\d+ slots?\\b.*load`)).waitFor();
  result.extensionHostPids.push(server.extensionHostPids());
  await recorder.seen(page, 'sidebar shows hosts');

  await runCommand(page, 'Rankwise: Launch…');
  await choose(page, 'digits');
  let dashboard = await DashboardReader.find(page, 'digits #1', 60_000);
  await recorder.seen(page, 'launched from the palette');

  await until('a point of every worker', 60_000, async () => {
    const workers = await dashboard.workers();
    return workers.length === 4 && workers.every(({ points }) => points > 0);
  });
  await until('coloured lines in both charts', 10_000, async () =>
    (await dashboard.drawnPixels()).every((pixels) => pixels > 100),
  );
  const early = await dashboard.workers();
  await recorder.seen(page, 'first point drawn');

  await until('accuracy that rises on every worker', 60_000, async () => {
    const workers = await dashboard.workers();
    return workers.every(
      ({ rank, accuracy }) => (accuracy ?? 0) > (early.find((one) => one.rank === rank)?.accuracy ?? 1) + 0.1,
    );
  });
  await recorder.seen(page, 'accuracy rises');
  await useTheme(page, 'Light Modern');
  await recorder.seen(page, 'the same in a light theme');
  await useTheme(page, 'Dark Modern');

  const before = await dashboard.recordedWorkers();
  const begin = before[0]?.firstStep;
  await closePage(page, server);
  await pause(awayMs);
  if (practiceRuns().length === 0) throw new Error('the run ended when its page was closed');
  page = await openWorkbench(context, address);
  dashboard = await reopenDashboard(page, 'digits #1');
  await until('the points of the time away', 60_000, async () => {
    const workers = await dashboard.workers();
    return workers.every(
      ({ rank, points }) => points > (before.find((one) => one.rank === rank)?.points ?? Infinity) + 5,
    );
  });
  const after = await dashboard.recordedWorkers();
  const broken = after.filter(({ gaps, firstStep }) => gaps !== 0 || firstStep !== begin);
  if (broken.length > 0) throw new Error(`points are missing after reopening: ${JSON.stringify(broken)}`);
  const [first = [], second = []] = result.extensionHostPids.concat([server.extensionHostPids()]);
  result.extensionHostPids = [first, second];
  if (second.length === 0 || second.some((pid) => first.includes(pid))) {
    throw new Error(`the extension host is the same as before: ${JSON.stringify(result.extensionHostPids)}`);
  }
  await recorder.seen(page, 'page closed and reopened without a gap');

  const healthy = await dashboard.slowWorkers();
  const slowest = await dashboard.slowest();
  if (healthy.length > 0 || slowest.value !== 'none') {
    throw new Error(`slow workers in a run without one: ${slowest.value} (${slowest.detail})`);
  }
  await recorder.seen(page, 'no worker named as slow');

  await dashboard.stop();
  await until('the state "stopped"', 60_000, async () => (await dashboard.state()) === 'stopped');
  nothingLeft(practiceRuns());
  result.run = { state: await dashboard.state(), workers: await dashboard.recordedWorkers() };
  await recorder.seen(page, 'stopped');

  await runCommand(page, 'Rankwise: Launch…');
  await choose(page, 'digits-slow');
  dashboard = await DashboardReader.find(page, 'digits-slow #1', 60_000);
  await until('a worker named as slow', 60_000, async () => (await dashboard.slowWorkers()).length > 0);
  const slow = await dashboard.slowWorkers();
  result.slowWorker = (await dashboard.slowest()).value;
  if (slow.join() !== 'rank 2' || result.slowWorker !== 'rank 2') {
    throw new Error(`rank 2 was slowed, but named as slow: ${slow.join()}; slowest: ${result.slowWorker}`);
  }
  await recorder.seen(page, 'the slowed worker named');
  await useTheme(page, 'Light Modern');
  await recorder.seen(page, 'the slowed worker in a light theme');

  await runCommand(page, 'Rankwise: Stop Run…');
  await until('the state "stopped"', 60_000, async () => (await dashboard.state()) === 'stopped');
  nothingLeft(practiceRuns());
  await recorder.seen(page, 'stopped again with no process left');

  await runCommand(page, 'Rankwise: Stop Practice Cluster');
  await until('the end of the practice cluster', 20_000, async () => !isAlive(practice.pid));
  const remains = processesWithEnvironment('RANKWISE_PRACTICE', practice.instance);
  if (remains.length > 0) throw new Error(`left of the practice cluster: ${JSON.stringify(remains)}`);
  if (existsSync(practice.identityFile)) throw new Error(`the key ${practice.identityFile} is left`);
  for (const { name, address: host, port } of practice.hosts) {
    if (await listens(host, port)) throw new Error(`the port ${port} of ${name} is still open`);
  }
  await recorder.seen(page, 'practice cluster stopped with no process port or key left');
}

/** @param {import('../vscode/processes.mjs').ProcessInfo[]} processes of a run that is said to be stopped */
function nothingLeft(processes) {
  if (processes.length > 0) throw new Error(`still running after the stop: ${JSON.stringify(processes)}`);
}

/**
 * @param {Page} page
 * @param {string} name
 */
async function useTheme(page, name) {
  await runCommand(page, 'Preferences: Color Theme');
  await page.locator('.quick-input-widget input').first().fill(name);
  await choose(page, name);
  const kind = name.startsWith('Dark') ? '.vs-dark' : '.vs';
  await page.locator(`.monaco-workbench${kind}`).waitFor();
}

/**
 * VS Code brings the dashboard back with the page; where its tab was closed, a click on the run opens it.
 * @param {Page} page
 * @param {string} title
 */
async function reopenDashboard(page, title) {
  await openSideBar(page);
  await treeRows(page, title).first().waitFor({ timeout: 60_000 });
  await runCommand(page, 'Rankwise: Open Dashboard');
  return DashboardReader.find(page, title, 60_000);
}

/**
 * Closes the page and waits until its extension host has ended.
 * @param {Page} page
 * @param {import('../vscode/server.mjs').Server} server
 */
async function closePage(page, server) {
  const pids = server.extensionHostPids();
  await page.close({ runBeforeUnload: true });
  await until('the end of the extension host', 30_000, async () => !pids.some((pid) => isAlive(pid)));
}

/**
 * @param {string} what
 * @param {number} timeoutMs
 * @param {() => Promise<boolean>} seen
 */
async function until(what, timeoutMs, seen) {
  const deadline = Date.now() + timeoutMs;
  while (!(await seen())) {
    if (Date.now() > deadline) throw new Error(`not seen within ${timeoutMs / 1000} s: ${what}`);
    await pause(200);
  }
}

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function listens(host, port) {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
