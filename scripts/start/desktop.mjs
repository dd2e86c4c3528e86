import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, run } from '../machine/command.mjs';
import { repository } from '../machine/repository.mjs';
import { packageExtension } from './packageExtension.mjs';

const nextStep =
  'Install VS Code and its command line (in VS Code: "Shell Command: Install \'code\' command in PATH"), or leave --desktop out.';

/**
 * Installs the extension into the VS Code of this machine and opens a copy of the sample workspace there. That
 * window is the person's own and stays.
 * @param {(message: string) => void} say
 */
export async function openDesktop(say) {
  const windows = process.platform === 'win32';
  const program = windows ? 'cmd.exe' : 'code';
  const first = windows ? ['/d', '/s', '/c', 'code'] : [];
  // Asked first, so that nothing is built in vain.
  await must(program, [...first, '--version'], { nextStep });
  const directory = await mkdtemp(join(tmpdir(), 'rankwise-'));
  say('building and packing the extension');
  const vsix = join(directory, 'rankwise.vsix');
  await packageExtension(vsix);
  say('installing it into VS Code');
  await must(program, [...first, '--install-extension', vsix, '--force'], { nextStep });
  const workspace = join(directory, 'practice');
  await cp(join(repository, 'examples/practice'), workspace, { recursive: true });
  await run(program, [...first, '--new-window', workspace]);
  console.log(`\nVS Code shows ${workspace}. Trust the folder, then run "Rankwise: Start Practice Cluster".`);
}
