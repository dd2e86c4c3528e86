import { describe, expect, it } from 'vitest';
import { checkFile, fileKinds, kindOf, type FileKind } from '../../../src/config/checkFile';
import { launcherNames } from '../../../src/config/model';
import { parseRankwise } from '../../../src/config/parseRankwise';
import type { Problem } from '../../../src/config/problem';
import { fuzzSamples, fuzzWords } from './fuzzSamples';
import { Mutator, seededRandom } from './mutate';

/** What is wrong with the place of a problem; undefined if it is inside the text, and its end not before its start. */
function misplaced(text: string, problems: readonly Problem[]): string | undefined {
  if (problems.length === 0) return undefined;
  const lines = text.split(/\r\n|\r|\n/);
  const bad = problems.find(({ range: { start, end } }) => {
    const inside = [start, end].every(
      ({ line, character }) => line >= 0 && character >= 0 && character <= (lines[line]?.length ?? -1),
    );
    return !inside || end.line < start.line || (end.line === start.line && end.character < start.character);
  });
  return bad && `${bad.code} ${JSON.stringify(bad.range)} ${bad.message}`;
}

function expectInside(text: string, problems: readonly Problem[]): void {
  expect(misplaced(text, problems)).toBeUndefined();
}

/** Milliseconds of processor time that a check takes when nothing else disturbs it. */
function quietMilliseconds(run: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

const longestMs = 50;
/** Another seed gives other files. */
const seed = Number(process.env['RANKWISE_FUZZ_SEED'] ?? 1);

/** Checks that a kind of file is read whatever is in it, in time, with every problem inside the text. */
async function fuzz(kind: FileKind, files: number): Promise<void> {
  const mutator = new Mutator(
    fuzzSamples(kind),
    fuzzWords[kind],
    kind === 'rankwise' ? 300 : 3000,
    seededRandom(seed),
  );
  for (let count = 0; count < files; count++) {
    const text = mutator.next();
    const launcher = launcherNames[mutator.below(launcherNames.length + 1)];
    const options = launcher === undefined ? {} : { hostfile: { launchers: [launcher] } };
    const run = (): Problem[] => checkFile(kind, '/ws/file', text, undefined, options);
    const report = (what: string): string =>
      `${what}: ${kind} for ${launcher ?? 'any launcher'}, file ${count} of seed ${seed}: ${JSON.stringify(text).slice(0, 2000)}`;
    const start = performance.now();
    let problems: Problem[];
    try {
      problems = run();
      kindOf(count % 2 === 0 ? '/ws/a.json' : '/ws/a', text);
    } catch (error) {
      throw new Error(report('crash'), { cause: error });
    }
    if (performance.now() - start > longestMs) {
      const needed = quietMilliseconds(run);
      if (needed > longestMs) throw new Error(report(`${needed} ms for ${text.length} characters`));
    }
    const place = misplaced(text, problems);
    if (place !== undefined) throw new Error(report(`misplaced ${place}`));
    // The test's process has to answer its parent now and then.
    if (count % 5000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a million damaged files', () => {
  const files: Record<FileKind, number> = {
    hostfile: 350_000,
    sbatch: 290_000,
    training: 300_000,
    rankwise: 60_000,
  };

  it.each(fileKinds)('%s', { timeout: 900_000 }, (kind) => fuzz(kind, files[kind]));

  it('are a million', () => {
    expect(Object.values(files).reduce((sum, count) => sum + count, 0)).toBe(1_000_000);
  });
});

describe('parsers are total', () => {
  it.each([
    ['flow lists', '['.repeat(20_000)],
    ['closed flow lists', `a: ${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    ['block lists', '- '.repeat(20_000)],
    ['nested maps', Array.from({ length: 3_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('very deep %s are a problem, not a crash', (_name, text) => {
    const { problems } = parseRankwise(text);
    expect(problems.some(({ severity }) => severity === 'error')).toBe(true);
    expectInside(text, problems);
  });

  it('aliases that grow without bound are a problem, not a hang', () => {
    const levels = Array.from({ length: 30 }, (_, level) =>
      level === 0 ? 'l0: &l0 [x, x]' : `l${level}: &l${level} [*l${level - 1}, *l${level - 1}]`,
    );
    const { problems } = parseRankwise(`${levels.join('\n')}\n`);
    expect(problems).toMatchObject([{ code: 'rankwise.syntax' }]);
  });

  it('an alias to itself is a problem', () => {
    expect(parseRankwise('a: &a [*a]\n').problems[0]).toMatchObject({ code: 'rankwise.syntax' });
  });
});
