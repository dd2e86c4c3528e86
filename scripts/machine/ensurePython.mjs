import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory, once } from './cache.mjs';
import { must } from './command.mjs';
import { ensureDebian, horovodPackages, pythonPackages } from './ensureDebian.mjs';
import { repository } from './repository.mjs';

/** Debian's own: its PyTorch belongs to it, and every host of the lab sees it at this path. */
const python = '/usr/bin/python3';

/** Installs in seconds what pip takes minutes for; itself from the same package index. */
const uvVersion = '0.13.9';

const horovodVersion = '0.28.1';

/** An index that fails for a moment is asked again. */
const pipPatience = ['--retries', '8', '--timeout', '60'];

/**
 * @typedef {'field' | 'horovod' | 'mxnet' | 'ray-oldest' | 'hpbandster'} PythonName
 */

/** @type {readonly PythonName[]} */
export const pythonNames = ['field', 'horovod', 'mxnet', 'ray-oldest', 'hpbandster'];

/**
 * Where an environment is on the lab's hosts.
 * @param {PythonName} name
 */
export const pythonHome = (name) => `/srv/python/${name}`;

/**
 * The directory of the cache that holds, or would hold, an environment. Another list of packages is another directory.
 * @param {PythonName} name
 */
export function pythonDirectory(name) {
  const what = name === 'horovod' ? horovodVersion : readFileSync(packageList(name));
  const version = createHash('sha256').update(what).digest('hex').slice(0, 8);
  return join(cacheDirectory(), `python-${name}-${version}`);
}

/** @returns {{ name: PythonName, directory: string }[]} the environments that this machine has */
export function installedPythons() {
  return pythonNames
    .map((name) => ({ name, directory: pythonDirectory(name) }))
    .filter(({ directory }) => existsSync(directory));
}

/** @param {PythonName} name */
const packageList = (name) => join(repository, 'scripts/machine/python', `${name}.txt`);

/**
 * A Python environment with the real software of a launcher, made once on this machine. It is whole only where it is
 * mounted at {@link pythonHome}; from elsewhere `bin/python` works, the other programs of `bin` do not.
 * @param {PythonName} name
 * @param {(message: string) => void} say
 * @returns {Promise<string>} its directory
 */
export async function ensurePython(name, say) {
  const directory = pythonDirectory(name);
  if (existsSync(directory)) return directory;
  await ensureDebian(pythonPackages, say);
  const uv = await ensureUv();
  const wheel = name === 'horovod' ? await ensureHorovodWheel(say) : undefined;
  return once(directory.slice(cacheDirectory().length + 1), async (target) => {
    say(`installing the Python environment ${name}, once on this machine`);
    const home = pythonHome(name);
    /** @param {string[]} args */
    const inRoom = (...args) =>
      must(
        'unshare',
        ['--mount', 'sh', join(repository, 'scripts/machine/pythonRoom.sh'), name, target, ...args],
        {
          env: environment(),
          nextStep: 'Check the network connection and the package index of pip, then try again.',
        },
      );
    const from = wheel === undefined ? [] : ['--system-site-packages'];
    await inRoom(uv, 'venv', '--quiet', '--allow-existing', '--python', python, ...from, home);
    const what = wheel === undefined ? ['--requirements', packageList(name)] : [wheel];
    // Without the compiled files every process would compile anew: the hosts may not write there.
    const how = [
      '--quiet',
      '--no-cache',
      '--no-deps',
      '--compile-bytecode',
      '--python',
      `${home}/bin/python`,
    ];
    await inRoom(uv, 'pip', 'install', ...how, ...what);
    await removeUnneeded(target);
  });
}

/** cuDNN loads these when a GPU asks for them, and they are a gigabyte. @param {string} directory */
async function removeUnneeded(directory) {
  const cudnn = join(directory, 'lib/python3.11/site-packages/nvidia/cudnn/lib');
  if (!existsSync(cudnn)) return;
  for (const file of await readdir(cudnn)) if (file.startsWith('libcudnn_')) await rm(join(cudnn, file));
}

/** uv knows pip's settings by other names. */
function environment() {
  const { PIP_INDEX_URL, PIP_CERT } = process.env;
  return {
    ...(PIP_INDEX_URL === undefined ? {} : { UV_DEFAULT_INDEX: PIP_INDEX_URL }),
    ...(PIP_CERT === undefined ? {} : { SSL_CERT_FILE: PIP_CERT }),
    // An index that fails for a moment is asked again.
    UV_HTTP_RETRIES: '8',
    UV_HTTP_TIMEOUT: '120',
    ...process.env,
    DS_BUILD_OPS: '0',
  };
}

async function ensureUv() {
  const directory = await once(`uv-${uvVersion}`, async (target) => {
    await must(python, ['-m', 'venv', target]);
    await must(join(target, 'bin/python'), [
      ...['-m', 'pip', 'install', '--quiet', ...pipPatience],
      `uv==${uvVersion}`,
    ]);
  });
  return join(directory, 'bin/uv');
}

/**
 * Horovod has no wheels and takes minutes to build: against Debian's PyTorch and Open MPI, with Gloo as well.
 * @param {(message: string) => void} say
 * @returns {Promise<string>} the wheel
 */
async function ensureHorovodWheel(say) {
  await ensureDebian(horovodPackages, say);
  const directory = await once(`horovod-${horovodVersion}-mpi-gloo`, async (target) => {
    say(`building Horovod ${horovodVersion}, which takes some minutes, once on this machine`);
    const builder = join(target, 'builder');
    await must(python, ['-m', 'venv', '--system-site-packages', builder]);
    const how = [
      '-m',
      'pip',
      'wheel',
      '--quiet',
      ...pipPatience,
      '--no-build-isolation',
      '--no-deps',
      '--wheel-dir',
      target,
    ];
    await must(join(builder, 'bin/python'), [...how, `horovod==${horovodVersion}`], {
      env: {
        ...process.env,
        MAKEFLAGS: `-j${availableParallelism()}`,
        HOROVOD_WITH_PYTORCH: '1',
        HOROVOD_WITH_MPI: '1',
        HOROVOD_WITH_GLOO: '1',
        HOROVOD_WITHOUT_TENSORFLOW: '1',
        HOROVOD_WITHOUT_MXNET: '1',
        // Its sources are older than the rule that this header is asked for.
        CXXFLAGS: '-include cstdint',
      },
    });
    await rm(builder, { recursive: true });
  });
  const wheel = (await readdir(directory)).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`${directory} holds no wheel`);
  return join(directory, wheel);
}
