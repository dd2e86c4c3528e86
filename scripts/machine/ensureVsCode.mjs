import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from './cache.mjs';
import { npm } from './npm.mjs';

/** The npm package that carries a complete VS Code server; this one is VS Code 1.139.1 and wants Node 24. */
const codeServer = { version: '4.139.1', node: 24 };

/**
 * @typedef {object} VsCodeServer
 * @property {string} node the Node.js that this server wants
 * @property {string} main its entry point, the first argument of that Node.js
 */

/**
 * A real VS Code server, installed once into the cache. Nothing is compiled: the terminal ships prebuilt, and the
 * native file logger is not needed.
 * @param {(message: string) => void} say
 * @returns {Promise<VsCodeServer>}
 */
export async function ensureVsCode(say) {
  const directory = await once(`code-server-${codeServer.version}`, async (target) => {
    say(`installing VS Code (code-server ${codeServer.version}), once on this machine`);
    const what = 'VS Code (the code-server package)';
    const flags = ['--ignore-scripts', '--no-save', '--no-package-lock'];
    await npm(['install', '--prefix', target, `code-server@${codeServer.version}`, ...flags], {
      cwd: target,
      what,
    });
    const server = join(target, 'node_modules/code-server/lib/vscode');
    await npm(['install', '--omit=dev', '--ignore-scripts', '--no-save'], { cwd: server, what });
  });
  return {
    node: await ensureNode(codeServer.node, say),
    main: join(directory, 'node_modules/code-server/lib/vscode/out/server-main.js'),
  };
}

/**
 * A Node.js of the given major version: this one, or from the npm package that carries it as a program.
 * @param {number} major
 * @param {(message: string) => void} say
 */
async function ensureNode(major, say) {
  if (Number.parseInt(process.versions.node, 10) === major) return process.execPath;
  const { platform, arch } = process;
  // The names that the package `node` itself would choose.
  const family = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${family}-${platform === 'win32' ? 'win' : platform}-${arch}`;
  const directory = await once(`${name}-${major}`, async (target) => {
    say(`installing Node.js ${major} for VS Code, once on this machine`);
    await npm(
      [
        'install',
        '--prefix',
        target,
        `${name}@${major}`,
        '--ignore-scripts',
        '--no-save',
        '--no-package-lock',
      ],
      { cwd: target, what: `Node.js ${major} (the package ${name})` },
    );
  });
  const home = join(directory, 'node_modules', name);
  /** @type {{ bin: { node: string } }} */
  const manifest = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'));
  return join(home, manifest.bin.node);
}
