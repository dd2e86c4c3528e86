import { describe, expect, it } from 'vitest';
import { parseTestOnly } from '../../../../src/config/sbatch/parseTestOnly';

const text = `#!/bin/bash
#SBATCH --partition=gpu
#SBATCH -t 2-0 -N 4
#SBATCH --gres=gpu:8
#SBATCH --comment=it's
#SBATCH --foo=1
#SBATCH --qos=high
srun hostname
`;
/** What is underlined, as text. */
function underlined(said: string): { severity: string | undefined; words: string | undefined } {
  const [problem] = parseTestOnly(said, text);
  if (problem === undefined) return { severity: undefined, words: undefined };
  const { start, end } = problem.range;
  return {
    severity: problem.severity,
    words: text.split('\n')[start.line]?.slice(start.character, end.character),
  };
}

/** Answers of Slurm 22.05. */
describe('parseTestOnly', () => {
  it.each([
    [
      'sbatch: error: invalid partition specified: gpu\nallocation failure: Invalid partition name specified\n',
      '--partition=gpu',
    ],
    ['allocation failure: Requested time limit is invalid (missing or exceeds some limit)\n', '-t 2-0'],
    ['sbatch: error: Invalid --time specification\n', '-t 2-0'],
    ['sbatch: error: "4" is not a valid node count\n', '-N 4'],
    ['sbatch: error: Invalid generic resource (gres) specification\n', '--gres=gpu:8'],
    ["sbatch: fatal: job.sh: line 5: Unmatched `'` in [--comment=it's]\n", "#SBATCH --comment=it's"],
    ['allocation failure: Invalid qos specification\n', ''],
    ['allocation failure: Requested node configuration is not available\n', '-N 4'],
    ['sbatch: error: something new\n', '#!/bin/bash'],
  ])('%j', (said, words) => {
    expect(underlined(said)).toMatchObject({ severity: 'error', ...(words !== '' && { words }) });
  });

  it('finds what is not an option', () => {
    const said = 'sbatch: unrecognized option \'--foo=1\'\nTry "sbatch --help" for more information\n';
    const [problem] = parseTestOnly(said, text.replace("it's", 'x'));
    expect(problem?.range).toEqual({ start: { line: 5, character: 8 }, end: { line: 5, character: 13 } });
    expect(problem?.message).not.toContain('--help');
  });

  it('tells when the job would start, and nothing of silence', () => {
    const said =
      'sbatch: Job 30 to start at 2026-11-23T12:09:20 using 1 processors on nodes node1 in partition main\n';
    expect(underlined(said)).toEqual({ severity: 'information', words: '#!/bin/bash' });
    expect(parseTestOnly('', text)).toEqual([]);
  });

  it.each([
    ['account', 1_000_000],
    ['Partition', 800_000],
    ['word\n', 1_500_000],
  ])('reads %j without end', (word, times) => {
    const script = `#!/bin/sh\n${'#SBATCH --comment=a\n'.repeat(1000)}`;
    const [problem] = parseTestOnly(word.repeat(times), script);
    expect(problem?.message.length).toBeLessThan(700);
  });
});
