// Writes dist/rankwise.schema.json from the one schema that also gives the types and the checks.
import { build } from 'esbuild';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Writes the JSON schema of `rankwise.yaml` for editors and other tools. */
export async function writeSchema(file = 'dist/rankwise.schema.json') {
  const { outputFiles } = await build({
    entryPoints: ['src/config/schema.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  const text = outputFiles.map((file) => file.text).join('');
  const module = await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(module.rankwiseJsonSchema(), null, 2)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await writeSchema(process.argv[2]);
