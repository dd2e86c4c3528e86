import { RankwiseError } from '../../base/errors';
import type { ClusterModel } from '../../config/model';
import { outputDirectories } from '../../config/sbatch/outputDirectories';
import type { KnownDirectories } from '../../config/sbatch/sbatchUse';
import type { SshPool } from '../../ssh/connection';
import { quoteAll } from '../../ssh/quote';
import { scriptError } from '../../ssh/runScript';
import { withSlurm } from './findSlurm';
import testOnlyScript from './remote/testOnly.sh';

/** What the controller says of a script that was not submitted. */
export interface SlurmTest {
  accepted: boolean;
  /** Which directories of its output there are, see {@link outputDirectories}. */
  directories: KnownDirectories;
  /** All that sbatch said, such as `sbatch: Job 12 to start at …`. */
  said: string;
}

/**
 * Asks the real controller by `sbatch --test-only`, from the cluster's workdir, whether it would take a script.
 * @param text of the script; it goes to sbatch's standard input, so nothing is written on the host
 * @throws RankwiseError `slurm.noLogin`, `slurm.noAnswer` with the reason; `ssh.*`; Cancelled.
 */
export async function testSlurmScript(
  ssh: SshPool,
  { name, slurm, setup, workdir }: Pick<ClusterModel, 'name' | 'slurm' | 'setup' | 'workdir'>,
  text: string,
  signal?: AbortSignal,
): Promise<SlurmTest> {
  if (slurm === undefined)
    throw new RankwiseError('slurm.noLogin', `cluster "${name}" is not a Slurm cluster`);
  const connection = await ssh.connect(slurm.login.target, signal);
  const wanted = outputDirectories(text);
  const from = workdir ?? '~';
  const words = ['sh', '-c', withSlurm(testOnlyScript), 'sh', setup.join('\n'), from, ...wanted];
  const result = await connection.exec(quoteAll(words), { stdin: text, ...(signal && { signal }) });
  if (result.code !== 0) throw scriptError(connection.host, 'Testing the script', result);
  const { existing, ...test } = parseSlurmTest(result.stdout.toString('utf8'), slurm.login.name);
  const known = new Set(wanted.filter((_directory, index) => existing.includes(index + 1)));
  return { ...test, directories: { known, where: `in ${from} on ${slurm.login.name}`, certain: true } };
}

/**
 * The numbers of the directories that exist, and what sbatch said.
 * @throws RankwiseError `slurm.noAnswer`.
 */
export function parseSlurmTest(
  answer: string,
  login: string,
): Omit<SlurmTest, 'directories'> & { existing: number[] } {
  const lines = answer.trimEnd().split('\n');
  const code = lines.findLast((line) => /^R \d+$/.test(line));
  if (code === undefined || lines.at(-1) !== 'E') {
    const refused = lines.find((line) => line.startsWith('X '))?.slice(2);
    throw noAnswer(login, refused ?? 'cut short');
  }
  const said = lines.filter((line) => line.startsWith('S ')).map((line) => line.slice(2));
  // Words of sbatch itself, not of a controller that has judged the script.
  const silent = said.find((line) => /unable to contact slurm controller|socket timed out/i.test(line));
  if (code !== 'R 0' && silent !== undefined) throw noAnswer(login, silent);
  const existing = lines.flatMap((line) => (/^D \d+$/.test(line) ? [Number(line.slice(2))] : []));
  return { accepted: code === 'R 0', said: said.join('\n'), existing };
}

function noAnswer(login: string, reason: string): RankwiseError {
  return new RankwiseError('slurm.noAnswer', `Slurm does not answer on ${login}: ${reason}`, {
    host: login,
    nextStep: 'Try sbatch --test-only in a terminal on the login node.',
  });
}
