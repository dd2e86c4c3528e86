import { run } from './command.mjs';
import { ensureDebian, labPackages } from './ensureDebian.mjs';
import { ensurePython, pythonNames } from './ensurePython.mjs';
import { MachineError } from './machineError.mjs';

/**
 * Everything that the lab (several hosts in namespaces of this machine) needs.
 * @param {(message: string) => void} say
 * @throws {MachineError} why no lab can be had here
 */
export async function ensureLab(say) {
  if (process.platform !== 'linux') {
    throw new MachineError(
      'the lab needs Linux',
      'Run the tests on Linux, in a virtual machine for example.',
    );
  }
  if (process.getuid?.() !== 0) {
    throw new MachineError('the lab needs root for its network namespaces', 'Run the tests as root.');
  }
  await ensureDebian(labPackages, say);
  const { code, output } = await run('unshare', ['--net', '--uts', '--mount', '--pid', '--fork', 'true']);
  if (code !== 0) {
    throw new MachineError(
      `the lab needs namespaces, which this machine refuses: ${output.trim()}`,
      'In a container, give it the right to make namespaces (such as --privileged).',
    );
  }
  for (const name of pythonNames) await ensurePython(name, say);
}
