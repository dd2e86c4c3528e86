// npm run bench [-- --json FILE]: what Rankwise costs beside doing the same by hand. Needs what the lab needs.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './machine/ensureDependencies.mjs';
import { ensureLab } from './machine/ensureLab.mjs';
import { reportError } from './machine/machineError.mjs';

/** @param {string} message */
const say = (message) => console.log(`· ${message}`);

async function main() {
  const { values } = parseArgs({ options: { json: { type: 'string' } } });
  await ensureDependencies(say);
  await ensureLab(say);
  const { loadParts } = await import('./bench/loadParts.mjs');
  const { firstLine } = await import('./bench/firstLine.mjs');
  const { lineToPoint } = await import('./bench/lineToPoint.mjs');
  const parts = await loadParts();
  const lab = await parts.createLab({ hosts: 4, homes: 'each' });
  const results = [];
  try {
    for (const job of [() => firstLine(parts, lab), () => lineToPoint(lab, say)]) {
      const result = await job();
      results.push(result);
      const { name, ours, peer, unit, ratio } = result;
      console.log(`${name}: ours ${ours} ${unit}, by hand ${peer} ${unit}, ratio ${ratio}`);
    }
  } finally {
    await lab.dispose();
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
}

main().catch((error) => {
  reportError(error);
  process.exitCode = 1;
});
