import { LineIndex } from '../lineIndex';
import type { Problem } from '../problem';
import { readSbatch, type SbatchScript } from './readSbatch';
import type { GivenOption } from './sbatchArguments';

/** No sentence of sbatch is longer; patterns with gaps take very long for a line without end. */
const longestSentence = 2000;

/** More than a person reads; a setup line of the cluster may print without end. */
const mostSentences = 100;

/** Words of the controller, and the options that they are about, the likeliest first. */
const subjects: readonly (readonly [pattern: RegExp, longs: readonly string[]])[] = [
  [/invalid partition|partition name|Partition.*(?:down|drain)|required partition/i, ['partition']],
  [/account(?:\/partition)?.*(?:combination|invalid)|invalid account/i, ['account', 'partition']],
  [/qos/i, ['qos']],
  [/preferred feature/i, ['prefer']],
  [/feature/i, ['constraint', 'batch']],
  [/job array/i, ['array']],
  [/dependency/i, ['dependency']],
  [/reservation/i, ['reservation']],
  [/licen[sc]e/i, ['licenses']],
  [/node name/i, ['nodelist', 'exclude']],
  [/--?batch/i, ['batch']],
  [/time-min/i, ['time-min']],
  [/time limit/i, ['time', 'deadline']],
  [/nice/i, ['nice']],
  [/gres|TRES|gpu/i, ['gres', 'gpus', 'gpus-per-node', 'gpus-per-task']],
  [/memory/i, ['mem', 'mem-per-cpu', 'mem-per-gpu']],
  [/number of tasks/i, ['ntasks']],
  [/cpus per task/i, ['cpus-per-task']],
  [/node count|number of nodes/i, ['nodes']],
  [
    /more processors|too many|node configuration/i,
    ['nodes', 'ntasks', 'gres', 'gpus-per-node', 'mem', 'cpus-per-task', 'constraint'],
  ],
];

/**
 * What the controller answered to `sbatch --test-only`, at the line it is about: an error where it refused, information
 * where it would take the job. Empty for an answer without a word.
 * @param said what sbatch printed, standard error first
 */
export function parseTestOnly(said: string, text: string): Problem[] {
  const script = readSbatch(text);
  const lines = new LineIndex(text);
  const sentences = said
    .split('\n')
    .map((line) => line.slice(0, longestSentence))
    .map((line) => line.replace(/^(?:sbatch|srun|salloc): (?:error: |fatal: )?/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('Try "sbatch --help"'));
  const would = sentences.find((line) => /^(?:Job \d+ to start at|allocation success)/.test(line));
  if (would !== undefined) {
    return [
      {
        code: 'sbatch.wouldStart',
        severity: 'information',
        message: `Slurm: ${would}`,
        range: lines.lineRange(0),
      },
    ];
  }
  if (sentences.length === 0) return [];
  const judged = sentences.slice(0, mostSentences);
  const message = `Slurm refuses this: ${judged.join(' · ').slice(0, 600)}`;
  const at = judged.map((sentence) => place(sentence, script)).find((found) => found !== undefined);
  const range = at === undefined ? lines.lineRange(0) : lines.range(at.start, at.end);
  return [{ code: 'sbatch.refused', severity: 'error', message, range }];
}

interface Place {
  start: number;
  end: number;
}

function place(sentence: string, script: SbatchScript): Place | undefined {
  const options = script.components.flatMap((component) => component.options);
  const faults = script.components.flatMap((component) => component.faults);
  const [, line] = /: line (\d+): /.exec(sentence) ?? [];
  if (line !== undefined) {
    const lines = new LineIndex(script.text);
    const { start, end } = lines.lineRange(lines.offset({ line: Number(line) - 1, character: 0 }));
    return { start: lines.offset(start), end: lines.offset(end) };
  }
  const [, wrong] =
    /^(?:unrecognized option|invalid option --|option|Invalid directive found in batch script:|option requires an argument --) ?'?(.+?)'?(?:$| (?:is ambiguous|requires|doesn't))/.exec(
      sentence,
    ) ?? [];
  if (wrong !== undefined) {
    const name = wrong.split('=', 1)[0] ?? '';
    const fault = faults.find(
      ({ spelling }) => spelling === name || spelling === wrong || spelling.startsWith(`-${wrong}`),
    );
    if (fault !== undefined) return fault;
  }
  const long = /--([a-z][a-z-]*[a-z])/.exec(sentence)?.[1];
  const named = long === undefined ? undefined : lastOf(options, [long]);
  if (named !== undefined) return named;
  const quoted = /"([^"]+)"|specified: (\S+)/.exec(sentence);
  const word = quoted?.[1] ?? quoted?.[2];
  const subject = subjects.find(([pattern]) => pattern.test(sentence))?.[1] ?? [];
  const byValue =
    word === undefined
      ? undefined
      : options.find(
          ({ option, value }) => value === word && (subject.length === 0 || subject.includes(option.long)),
        );
  return (byValue && whole(byValue)) ?? lastOf(options, subject);
}

function lastOf(options: readonly GivenOption[], longs: readonly string[]): Place | undefined {
  for (const long of longs) {
    const given = options.findLast(({ option }) => option.long === long || option.same === long);
    if (given !== undefined) return whole(given);
  }
  return undefined;
}

function whole({ wholeStart, wholeEnd }: GivenOption): Place {
  return { start: wholeStart, end: wholeEnd };
}
