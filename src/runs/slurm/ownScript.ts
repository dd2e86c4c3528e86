import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { RankwiseError } from '../../base/errors';
import { refuseLinkOut } from '../../base/insideFolder';
import type { LaunchModel } from '../../config/model';
import type { LaunchSpec } from '../../launch/spec';

/** sbatch itself refuses larger ones (max_script_size, 4 MiB). */
const LARGEST_BYTES = 4 << 20;

/**
 * The user's own script of a launch, for its spec; nothing where the script is generated.
 * @throws RankwiseError `slurm.script` when it cannot be read, or would not be the same after a journey as text;
 *   `config.leadsOut` when it is a link out of the folder.
 */
export function ownScriptOf({ slurm, source }: LaunchModel): Pick<LaunchSpec, 'script'> {
  if (slurm.script === undefined) return {};
  const path = resolve(dirname(source), slurm.script);
  refuseLinkOut(dirname(source), path);
  const fail = (why: string): RankwiseError =>
    new RankwiseError('slurm.script', `${path} cannot be submitted: ${why}`, {
      nextStep: 'Correct `slurm: { script: … }` of the launch in rankwise.yaml.',
    });
  let bytes: Buffer;
  try {
    const found = statSync(path);
    if (!found.isFile()) throw new Error('it is not a file');
    if (found.size > LARGEST_BYTES) throw new Error(`it is larger than ${LARGEST_BYTES >> 20} MiB`);
    bytes = readFileSync(path);
  } catch (error) {
    throw fail(error instanceof Error ? error.message : String(error));
  }
  const text = bytes.toString('utf8');
  if (text.includes('\0') || !Buffer.from(text).equals(bytes)) throw fail('it is not UTF-8 text');
  return { script: { path, text } };
}
