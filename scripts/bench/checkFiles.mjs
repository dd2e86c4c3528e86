import { build } from 'esbuild';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repository } from '../machine/repository.mjs';
import { withinBudget } from './measure.mjs';

/** Keystrokes that are measured, after as many that are not. */
const keystrokes = 50;

/** @type {readonly (import('../../src/config/model').LauncherName | undefined)[]} */
const hostfileReaders = [undefined, 'mpirun', 'horovodrun', 'deepspeed', 'mxnet', 'ssh'];

/**
 * What the checks of a large file cost after one keystroke: of each text, the characters at one place change every time. Of
 * the hostfiles, the slowest for each launcher is shown.
 * @returns {Promise<import('./measure.mjs').Measurement[]>}
 */
export async function checkFiles() {
  const { readConfig, checkHostfile } = await loadChecks();
  const file = join(repository, 'rankwise.yaml');
  const config = withinBudget(
    'check of a rankwise.yaml of 2,000 lines after a keystroke',
    30,
    await times(rankwiseText(2_000), 'np: 4', (edited) =>
      readConfig(file, () => Promise.resolve(edited), undefined),
    ),
  );
  const files = Object.entries(hostfileLines).map(([kind, line]) => ({
    kind,
    text: Array.from({ length: 10_000 }, (_, index) => `${line(index)}\n`).join(''),
  }));
  const hostfiles = [];
  for (const launcher of hostfileReaders) {
    const use = launcher === undefined ? {} : { launchers: [launcher] };
    const measured = [];
    for (const { kind, text } of files) {
      const name = `check of a hostfile of 10,000 lines after a keystroke, ${launcher ?? 'no launcher'} (slowest: ${kind})`;
      measured.push(withinBudget(name, 10, await times(text, '\n', (edited) => checkHostfile(edited, use))));
    }
    hostfiles.push(measured.reduce((slowest, other) => (other.ours > slowest.ours ? other : slowest)));
  }
  return [config, ...hostfiles];
}

/**
 * @param {string} text
 * @param {string} word behind one of these words a character changes
 * @param {(text: string) => unknown} check
 * @returns {Promise<number[]>} milliseconds
 */
async function times(text, word, check) {
  const at = text.indexOf(word, text.length / 2) + word.length;
  /** @type {number[]} */
  const taken = [];
  for (let count = 0; count < 2 * keystrokes; count++) {
    const edited = `${text.slice(0, at)}${count % 10}${text.slice(at)}`;
    const start = performance.now();
    await check(edited);
    taken.push(performance.now() - start);
  }
  return taken.slice(keystrokes);
}

/** @param {number} lines */
function rankwiseText(lines) {
  const text = ['version: 1', 'clusters:'];
  for (let cluster = 0; cluster < 40; cluster++) {
    text.push(
      `  c${cluster}:`,
      '    hosts:',
      '      - node1',
      `      - { host: 10.0.0.${cluster + 1}, slots: 400, gpus: 4 } # fast`,
      '    user: ubuntu',
      '    workdir: ~/project',
      '    setup:',
      '      - source ~/venv/bin/activate',
      '    env:',
      '      NCCL_DEBUG: INFO',
    );
  }
  text.push('launches:');
  for (let launch = 0; text.length < lines; launch++) {
    text.push(
      `  l${launch}:`,
      `    cluster: c${launch % 40}`,
      '    launcher: mpirun',
      '    # what the paper says',
      '    command: [python, train.py, --lr, "${lr}", --epochs, "${epochs}"]',
      '    np: 4',
      '    params: { lr: 0.1, epochs: 90 }',
      '    env:',
      '      NCCL_DEBUG: INFO',
      '      OMP_NUM_THREADS: 1',
      '    mpirun:',
      '      bindTo: none',
      '      mca: { pml: ob1, btl: ^openib }',
      '      x: [PATH, LD_LIBRARY_PATH]',
      '    outputs:',
      '      - checkpoints/*.pt',
    );
  }
  return `${text.join('\n')}\n`;
}

/**
 * Lines of hostfiles, right ones and those of files in which every line is wrong for some launcher.
 * @type {Record<string, (index: number) => string>}
 */
const hostfileLines = {
  'plain lines': (index) => `gpu-node-${index} slots=4`,
  comments: (index) => `gpu-node-${index} slots=4 max_slots=8 # rack ${index % 40}`,
  'long names': (index) => `node${index}.cluster.example.org slots=4`,
  users: (index) => `ubuntu@gpu-node-${index} slots=4 max_slots=8`,
  'bare names': (index) => `gpu-node-${index}`,
  'no number': (index) => `gpu-node-${index} slots=x`,
  colons: (index) => `gpu-node-${index}:4`,
  underscores: (index) => `gpu_node_${index} slots=4`,
  'no slots': (index) => `gpu-node-${index} slots=0`,
  duplicates: (index) => `gpu-node-${index % 100} slots=4 max_slots=8`,
  'Windows line ends': (index) => `gpu-node-${index} slots=4\r`,
};

/**
 * The checks, compiled for this Node as in the extension's bundle.
 * @returns {Promise<Pick<typeof import('../../src/config/readConfig'), 'readConfig'> & Pick<typeof import('../../src/config/hostfile/checkHostfile'), 'checkHostfile'>>}
 */
async function loadChecks() {
  const directory = join(repository, 'node_modules/.cache/rankwise');
  const outfile = join(directory, 'benchChecks.mjs');
  await mkdir(directory, { recursive: true });
  await build({
    stdin: {
      contents:
        "export { readConfig } from './src/config/readConfig'; export { checkHostfile } from './src/config/hostfile/checkHostfile';",
      resolveDir: repository,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    mainFields: ['module', 'main'],
    format: 'esm',
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    outfile,
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}
