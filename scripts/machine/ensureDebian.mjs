import { existsSync } from 'node:fs';
import { must, run } from './command.mjs';
import { MachineError } from './machineError.mjs';

/** Programs that unit tests try our scripts and connections against. */
export const unitPackages = {
  'openssh-server': '/usr/sbin/sshd',
  'openssh-client': '/usr/bin/ssh-agent',
  dash: '/usr/bin/dash',
  busybox: '/usr/bin/busybox',
  procps: '/usr/bin/pgrep',
  python3: '/usr/bin/python3',
  // Its own words are read where it refuses to start.
  'openmpi-bin': '/usr/bin/mpirun',
};

/** What the lab is made of, and the file by which each is recognised. */
export const labPackages = {
  'openssh-server': '/usr/sbin/sshd',
  'openmpi-bin': '/usr/bin/mpirun',
  'python3-torch': '/usr/lib/python3/dist-packages/torch/__init__.py',
  iproute2: '/usr/sbin/ip',
  tini: '/usr/bin/tini',
  munge: '/usr/sbin/munged',
  slurmctld: '/usr/sbin/slurmctld',
  slurmd: '/usr/sbin/slurmd',
  'slurm-client': '/usr/bin/srun',
  // The launcher of DeepSpeed starts its hosts by it.
  pdsh: '/usr/bin/pdsh',
};

/** What the Python environments are made with; a few packages are compiled. */
export const pythonPackages = {
  'python3-venv': '/usr/lib/python3.11/ensurepip/__init__.py',
  'python3-dev': '/usr/include/python3.11/Python.h',
  'g++': '/usr/bin/g++',
};

/** What Horovod is built with, and what it imports of Debian's. */
export const horovodPackages = {
  'python3-torch': labPackages['python3-torch'],
  'libtorch-dev': '/usr/include/torch/csrc/api/include/torch/torch.h',
  'libopenmpi-dev': '/usr/bin/mpicxx',
  'pybind11-dev': '/usr/include/pybind11/pybind11.h',
  cmake: '/usr/bin/cmake',
  make: '/usr/bin/make',
  'python3-setuptools': '/usr/lib/python3/dist-packages/setuptools/__init__.py',
  'python3-wheel': '/usr/lib/python3/dist-packages/wheel/__init__.py',
  'python3-packaging': '/usr/lib/python3/dist-packages/packaging/__init__.py',
  'python3-cloudpickle': '/usr/lib/python3/dist-packages/cloudpickle/__init__.py',
  'python3-psutil': '/usr/lib/python3/dist-packages/psutil/__init__.py',
  'python3-yaml': '/usr/lib/python3/dist-packages/yaml/__init__.py',
};

/**
 * Debian packages, recognised by a file of each, so that nothing is asked of apt when all are there. On Debian as
 * root the missing ones are installed.
 * @param {Readonly<Record<string, string>>} packages file by package name
 * @param {(message: string) => void} say
 * @throws {MachineError} naming what is missing and how to get it
 */
export async function ensureDebian(packages, say) {
  const missing = Object.entries(packages).flatMap(([name, file]) => (existsSync(file) ? [] : [name]));
  if (missing.length === 0) return;
  const command = `apt-get install ${missing.join(' ')}`;
  if (!existsSync('/usr/bin/apt-get')) {
    throw new MachineError(
      `this machine lacks ${missing.join(', ')} and is not a Debian`,
      'Install them with the package manager of this system.',
    );
  }
  if (process.getuid?.() !== 0) {
    throw new MachineError(`this machine lacks ${missing.join(', ')}`, `As root: ${command}`);
  }
  say(`installing Debian packages: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // A mirror that fails once is asked again, and another program that installs something is waited for.
  const patience = ['-o', 'Acquire::Retries=5', '-o', 'DPkg::Lock::Timeout=600'];
  // An update that fails for one list may still have brought the others; the installation then decides.
  const update = await run('apt-get', [...patience, 'update', '-q'], { env });
  const complaints = update.output.split('\n').filter((line) => /^(E|W|Err):?/.test(line));
  const before = complaints.length === 0 ? '' : ` (apt-get update said: ${complaints.slice(-4).join(' ')})`;
  await must('apt-get', [...patience, 'install', '-qy', '--no-install-recommends', ...missing], {
    env,
    nextStep: `Install them by hand: ${command}${before}`,
  });
}
