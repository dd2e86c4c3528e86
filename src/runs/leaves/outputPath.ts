import { RankwiseError } from '../../base/errors';
import { insidePathPattern } from '../../config/names';
import { quote, quotePath } from '../../ssh/quote';

/** Shell text that stands in the workdir, and the file as an argument. @throws RankwiseError `outputs.outside` */
export function inWorkdir(workdir: string, path: string): { enter: string; file: string } {
  if (!insidePathPattern.test(path))
    throw new RankwiseError('outputs.outside', `"${path}" is not a file below the workdir`);
  return { enter: `cd -- ${quotePath(workdir)}`, file: quote(`./${path}`) };
}
