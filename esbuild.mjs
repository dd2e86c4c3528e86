// Bundles the extension, the practice process, the practice training and the webviews into dist/.
import { build, context } from 'esbuild';
import { writeFile } from 'node:fs/promises';
import { writeSchema } from './scripts/schema.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

const common = {
  bundle: true,
  sourcemap: production ? false : 'linked',
  minify: production,
  logLevel: 'info',
  loader: { '.sh': 'text' },
  legalComments: 'none',
};

/** Node programs: ssh2 runs in pure JS here, its native parts are left out. */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  outExtension: { '.js': '.cjs' },
  external: ['vscode', 'cpu-features', '*.node'],
  // jsonc-parser's main is UMD, whose requires no bundler can follow.
  mainFields: ['module', 'main'],
};

const bundles = [
  { ...node, entryPoints: { extension: 'src/extension.ts' }, outdir: 'dist' },
  {
    ...node,
    entryPoints: {
      practice: 'src/practice/main.ts',
      'practice-training': 'src/practice/training/main.ts',
      cli: 'src/cli/main.ts',
    },
    outdir: 'dist',
  },
  {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    entryPoints: {
      dashboard: 'webview/dashboard/main.ts',
      hosts: 'webview/hosts/main.ts',
      launches: 'webview/launches/main.ts',
    },
    outdir: 'dist/webview',
  },
];

if (watch) {
  for (const bundle of bundles) await (await context(bundle)).watch();
} else {
  await Promise.all([...bundles.map((bundle) => build(bundle)), writeSchema()]);
  // The package is of type module; the command line is `node dist/cli.js` for everybody.
  await writeFile('dist/cli.js', "import './cli.cjs';\n");
}
