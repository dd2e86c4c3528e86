// npm run bench [-- --json FILE] [-- PART…]: what Rankwise costs beside doing the same by hand. All but `check` need what the lab needs.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './machine/ensureDependencies.mjs';
import { ensureLab } from './machine/ensureLab.mjs';
import { MachineError, reportError } from './machine/machineError.mjs';

/** @param {string} message */
const say = (message) => console.log(`· ${message}`);

/**
 * What is measured in a lab of its own.
 * @typedef {Awaited<ReturnType<typeof import('./bench/loadParts.mjs').loadParts>>} Parts
 * @typedef {import('../test/support/lab').Lab} Lab
 * @typedef {import('./bench/measure.mjs').Measurement} Measurement
 * @type {Record<string, { lab: import('../test/support/lab').LabOptions, measure: (parts: Parts, lab: Lab) => Promise<Measurement[]> }>}
 */
const benches = {
  mpirun: {
    lab: { hosts: 2, homes: 'each' },
    measure: async (parts, lab) => {
      const { firstLine } = await import('./bench/firstLine.mjs');
      return [await firstLine(parts, lab, 'mpirun')];
    },
  },
  ray: {
    lab: { hosts: 2, homes: 'shared' },
    measure: async (parts, lab) => {
      const { bringRayTraining, firstLine } = await import('./bench/firstLine.mjs');
      await bringRayTraining(lab);
      return [await firstLine(parts, lab, 'ray')];
    },
  },
  sbatch: {
    lab: { hosts: 2, homes: 'shared', slurm: { gpus: 0 } },
    measure: async (parts, lab) => {
      const { firstLine } = await import('./bench/firstLine.mjs');
      return [await firstLine(parts, lab, 'sbatch')];
    },
  },
  hosts: {
    lab: { hosts: 16, homes: 'each' },
    measure: async (parts, lab) => {
      const { manyHosts } = await import('./bench/manyHosts.mjs');
      return manyHosts(parts, lab);
    },
  },
  line: {
    lab: { hosts: 1, homes: 'each' },
    measure: async (_, lab) => {
      const { lineToPoint } = await import('./bench/lineToPoint.mjs');
      return [await lineToPoint(lab, say)];
    },
  },
};

/** @param {Measurement} result */
function show({ name, ours, peer, against = 'by hand', unit, ratio }) {
  console.log(`${name}: ours ${ours} ${unit}, ${against} ${peer} ${unit}, ratio ${ratio}`);
}

async function main() {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'string' } },
    allowPositionals: true,
  });
  const known = ['check', ...Object.keys(benches)];
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const names = known.join(', ');
    throw new MachineError(`nothing measured is called ${unknown.join(', ')}`, `Choose from ${names}.`);
  }
  const chosen = positionals.length === 0 ? known : known.filter((name) => positionals.includes(name));
  await ensureDependencies(say);
  /** @type {Measurement[]} */
  const results = [];
  if (chosen.includes('check')) {
    const { checkFiles } = await import('./bench/checkFiles.mjs');
    results.push(...(await checkFiles()));
    results.forEach(show);
  }
  const inLab = Object.entries(benches).filter(([name]) => chosen.includes(name));
  if (inLab.length > 0) results.push(...(await measureInLab(inLab.map(([, bench]) => bench))));
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
}

/**
 * @param {(typeof benches)[string][]} chosen
 * @returns {Promise<Measurement[]>}
 */
async function measureInLab(chosen) {
  await ensureLab(say);
  const { loadParts } = await import('./bench/loadParts.mjs');
  const parts = await loadParts();
  /** @type {Measurement[]} */
  const results = [];
  for (const bench of chosen) {
    const lab = await parts.createLab(bench.lab);
    try {
      const found = await bench.measure(parts, lab);
      found.forEach(show);
      results.push(...found);
    } finally {
      await lab.dispose();
    }
  }
  return results;
}

main().catch((error) => {
  reportError(error);
  process.exitCode = 1;
});
