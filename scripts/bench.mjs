// npm run bench [-- --json FILE] [-- PART…]: what Rankwise costs beside doing the same by hand. Needs what the lab needs.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './machine/ensureDependencies.mjs';
import { ensureLab } from './machine/ensureLab.mjs';
import { MachineError, reportError } from './machine/machineError.mjs';

/** @param {string} message */
const say = (message) => console.log(`· ${message}`);

/**
 * What is measured, each in a lab of its own.
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

async function main() {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'string' } },
    allowPositionals: true,
  });
  const unknown = positionals.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    const names = Object.keys(benches).join(', ');
    throw new MachineError(`nothing measured is called ${unknown.join(', ')}`, `Choose from ${names}.`);
  }
  await ensureDependencies(say);
  await ensureLab(say);
  const { loadParts } = await import('./bench/loadParts.mjs');
  const parts = await loadParts();
  const results = [];
  for (const [name, bench] of Object.entries(benches)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const lab = await parts.createLab(bench.lab);
    try {
      for (const result of await bench.measure(parts, lab)) {
        results.push(result);
        const { name, ours, peer, unit, ratio } = result;
        console.log(`${name}: ours ${ours} ${unit}, by hand ${peer} ${unit}, ratio ${ratio}`);
      }
    } finally {
      await lab.dispose();
    }
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
}

main().catch((error) => {
  reportError(error);
  process.exitCode = 1;
});
