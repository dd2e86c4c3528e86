import { argumentLists } from './argumentLists';
import type { Path } from './yamlPath';

/**
 * What a value of the file is to `${…}`. `list`: an element of a list of arguments; `env`, `clusterEnv`: a value of an
 * environment; `text`: text for a shell, where parameters are variables; `other`: nothing is put in.
 */
export type ReferencePlace = 'list' | 'env' | 'clusterEnv' | 'text' | 'other';

const lists = new Set(argumentLists.map((keys) => keys.join('.')));

export function referencePlace([section, , ...below]: Path): ReferencePlace {
  if (section === 'clusters') {
    if (below[0] === 'env') return 'clusterEnv';
    return below[0] === 'setup' ? 'text' : 'other';
  }
  if (section !== 'launches') return 'other';
  if (below[0] === 'env') return 'env';
  const isIndex = typeof below.at(-1) === 'number';
  if (!lists.has((isIndex ? below.slice(0, -1) : below).join('.'))) return 'other';
  return isIndex ? 'list' : 'text';
}
