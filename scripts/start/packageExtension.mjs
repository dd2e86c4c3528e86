import { must } from '../machine/command.mjs';
import { npmCommand } from '../machine/npm.mjs';
import { repository } from '../machine/repository.mjs';

/**
 * Builds the extension and packs it as users get it.
 * @param {string} file where the .vsix is written
 */
export async function packageExtension(file) {
  const [program, ...args] = npmCommand();
  await must(program, [...args, 'run', '--silent', 'package', '--', '--out', file], {
    cwd: repository,
    nextStep: 'The extension could not be built; the lines above say why.',
  });
}
