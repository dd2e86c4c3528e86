// npm test [-- PART…]: installs what the tests need, runs every part (or those named) and sums up.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './machine/command.mjs';
import { ensureBrowser } from './machine/ensureBrowser.mjs';
import { ensureDebian, unitPackages } from './machine/ensureDebian.mjs';
import { ensureDependencies } from './machine/ensureDependencies.mjs';
import { ensureLab } from './machine/ensureLab.mjs';
import { ensureVsCode } from './machine/ensureVsCode.mjs';
import { MachineError, reportError } from './machine/machineError.mjs';
import { npmCommand } from './machine/npm.mjs';
import { repository } from './machine/repository.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const ci = process.env['CI'] === 'true';
/** @param {string} message */
const say = (message) => console.log(`· ${message}`);

/** @type {readonly { name: string, needs: () => Promise<unknown>, check: () => Promise<Counts> }[]} */
const parts = [
  { name: 'types', needs: nothing, check: () => script('typecheck') },
  { name: 'lint', needs: nothing, check: () => script('lint') },
  { name: 'package', needs: nothing, check: () => script('package') },
  { name: 'unit', needs: () => ensureDebian(unitPackages, say), check: () => vitest('unit', twoAtATime) },
  { name: 'webview', needs: nothing, check: () => vitest('webview') },
  {
    name: 'vscode',
    needs: async () => {
      await ensureBrowser(say);
      await ensureVsCode(say);
      // Some of them drive real hosts.
      await ensureLab(say);
    },
    check: () => vitest('vscode'),
  },
  { name: 'lab', needs: () => ensureLab(say), check: () => vitest('lab', twoAtATime) },
];

async function nothing() {}

/**
 * A script of package.json, which passes or fails as a whole.
 * @param {string} name
 * @returns {Promise<Counts>}
 */
async function script(name) {
  const [program, ...args] = npmCommand();
  const { code } = await run(program, [...args, 'run', '--silent', name], {
    cwd: repository,
    output: 'show',
  });
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** Files that stand apart from each other and often wait: two of them at a time, also where Vitest would take one for two cores. */
const twoAtATime = ['--minWorkers=2', '--maxWorkers=2'];

/**
 * One project of vitest.config.ts, counted by its JSON report.
 * @param {string} project
 * @param {readonly string[]} [options]
 * @returns {Promise<Counts>}
 */
async function vitest(project, options = []) {
  const directory = await mkdtemp(join(tmpdir(), 'rankwise-test-'));
  const report = join(directory, 'report.json');
  try {
    const command = join(repository, 'node_modules/vitest/vitest.mjs');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { code } = await run(
      process.execPath,
      [command, 'run', '--project', project, ...options, ...reporters],
      {
        cwd: repository,
        output: 'show',
      },
    );
    /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number }} */
    const counts = await readFile(report, 'utf8').then(JSON.parse, () => ({
      numPassedTests: 0,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
    }));
    // A file that could not be loaded or an error outside every test fails no test, but it fails.
    const failed = counts.numFailedTests === 0 && code !== 0 ? 1 : counts.numFailedTests;
    return { passed: counts.numPassedTests, failed, skipped: counts.numPendingTests + counts.numTodoTests };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** @param {Counts} counts */
const inWords = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** @param {readonly string[]} names */
async function main(names) {
  const unknown = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) {
    throw new MachineError(
      `no part of the tests is called ${unknown.join(', ')}`,
      `Choose from ${parts.map(({ name }) => name).join(', ')}.`,
    );
  }
  await ensureDependencies(say);
  /** @type {Counts} */
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  for (const part of parts) {
    if (names.length > 0 && !names.includes(part.name)) continue;
    console.log(`\n━━ ${part.name}`);
    const began = performance.now();
    /** @type {Counts} */
    let counts;
    let remark = '';
    try {
      await part.needs();
      counts = await part.check();
    } catch (error) {
      if (!(error instanceof MachineError)) throw error;
      counts = { passed: 0, failed: 0, skipped: 1 };
      remark = ` (not run: ${error.message}. ${error.nextStep})`;
    }
    if (ci && counts.skipped > 0) {
      counts = { ...counts, failed: counts.failed + counts.skipped, skipped: 0 };
      remark += ' (nothing may be skipped here)';
    }
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
    const seconds = Math.round((performance.now() - began) / 1000);
    lines.push(`${part.name.padEnd(8)} ${inWords(counts)} in ${seconds} s${remark}`);
  }
  console.log(`\n${lines.join('\n')}\n\n${inWords(sum)}`);
  process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
}

main(process.argv.slice(2)).catch((error) => {
  reportError(error);
  console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
});
