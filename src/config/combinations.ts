import type { MatrixModel } from './model';

type Combination = Record<string, string>;

/**
 * The combinations of a matrix, in the order of the file, by the rules of GitHub Actions
 * (docs.github.com, "Running variations of jobs in a workflow"): exclusions go first and may name only some axes. Then each
 * inclusion adds its values to every combination of the axes with whose axis values it agrees (values added before may be
 * replaced, those of axes never); one that agrees with none is a combination of its own, which later ones leave alone.
 */
export function combinations({ axes, include, exclude }: MatrixModel): Combination[] {
  const product = Object.entries(axes).reduce<Combination[]>(
    (found, [name, values]) => found.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    Object.keys(axes).length === 0 ? [] : [{}],
  );
  const kept = product.filter((one) => !exclude.some((pattern) => agrees(one, pattern)));
  const extended = kept.map((one) => ({ axes: one, all: one }));
  const own: Combination[] = [];
  for (const values of include) {
    const fixed = Object.fromEntries(Object.entries(values).filter(([name]) => name in axes));
    const matching = extended.filter((one) => agrees(one.axes, fixed));
    for (const one of matching) one.all = { ...one.all, ...values };
    if (matching.length === 0) own.push({ ...values });
  }
  return [...extended.map(({ all }) => all), ...own];
}

/** Upper bound of the number of combinations, without making them. */
export function combinationCount({ axes, include }: MatrixModel): number {
  const sizes = Object.values(axes).map((values) => values.length);
  return (sizes.length === 0 ? 0 : sizes.reduce((product, size) => product * size, 1)) + include.length;
}

function agrees(one: Combination, pattern: Combination): boolean {
  return Object.entries(pattern).every(([name, value]) => one[name] === value);
}
