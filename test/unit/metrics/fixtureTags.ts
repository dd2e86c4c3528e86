import type { TagStyle } from '../../../src/launch/plan';

const styles: readonly [RegExp, TagStyle][] = [
  [/^(?:horovod-mpirun|mpirun)-/, 'openmpi'],
  [/^horovodrun-/, 'horovodrun'],
  [/^srun-label-/, 'srunLabel'],
  [/^ray-/, 'ray'],
  [/^torchrun-/, 'torchrun'],
  [/^deepspeed-/, 'deepspeed'],
  [/^mxnet-launch-py-/, 'auto'],
];

/** The tags that a plan would declare for the log of this name. */
export function tagsOf(file: string): TagStyle {
  return styles.find(([pattern]) => pattern.test(file))?.[1] ?? 'none';
}
