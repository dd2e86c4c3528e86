import { optionsOf, type SbatchScript } from './readSbatch';
import type { GivenOption } from './sbatchArguments';
import type { SbatchFinding } from './sbatchFinding';
import type { DirectiveLine } from './sbatchLines';
import { memoryMegabytes } from './sbatchMemory';
import { namedNodes, nodeRange } from './sbatchNodes';
import { gresGpus } from './sbatchResources';

/** Options that exclude each other. */
const exclusive: readonly (readonly [string, string])[] = [
  ['mem', 'mem-per-cpu'],
  ['mem', 'mem-per-gpu'],
  ['mem-per-cpu', 'mem-per-gpu'],
  ['core-spec', 'thread-spec'],
  ['cpus-per-task', 'cpus-per-gpu'],
  ['gpus-per-task', 'ntasks-per-gpu'],
  ['ntasks-per-node', 'ntasks-per-gpu'],
];

/**
 * Options that sbatch refuses together, or one without another (Slurm 22.05, tried on it).
 * @param given what stands on the command line of sbatch, by long option
 */
export function conflictFindings(
  script: SbatchScript,
  given: Readonly<Record<string, string>>,
): SbatchFinding[] {
  if (script.components.length > 1) return arrayOfComponents(script);
  const options = optionsOf(script);
  const findings: SbatchFinding[] = [];
  const add = (code: string, at: GivenOption, message: string): void => {
    findings.push({ code, severity: 'error', message, start: at.wholeStart, end: at.wholeEnd });
  };
  const isSaid = (long: string): boolean => isAsked(options.get(long)?.value) || isAsked(given[long]);
  const areTasksSaid = ['ntasks', 'nodes', 'ntasks-per-node'].some(isSaid) || script.foreign.some(saysTasks);
  for (const [one, other] of exclusive) {
    const first = options.get(one);
    const second = options.get(other);
    if (first === undefined || second === undefined) continue;
    const later = first.wholeStart > second.wholeStart ? first : second;
    const earlier = later === first ? second : first;
    add(
      'exclusive',
      later,
      `sbatch refuses \`--${later.option.long}\` together with \`--${earlier.option.long}\`. Keep one of them.`,
    );
  }
  const perTask = options.get('gpus-per-task');
  if (perTask !== undefined && isAsked(perTask.value) && !isSaid('gpus') && !areTasksSaid) {
    add(
      'needsOther',
      perTask,
      'sbatch refuses `--gpus-per-task` unless `--ntasks`, `--gpus`, `--nodes` or `--ntasks-per-node` says how many tasks there are. Add `--ntasks`.',
    );
  }
  const perSocket = options.get('gpus-per-socket');
  if (
    perSocket !== undefined &&
    isAsked(perSocket.value) &&
    !isSaid('sockets-per-node') &&
    !isSaid('extra-node-info')
  ) {
    add(
      'needsOther',
      perSocket,
      'sbatch refuses `--gpus-per-socket` without `--sockets-per-node`. Add it, or write `--gpus-per-node`.',
    );
  }
  const gpus = ['gpus', 'gpus-per-node', 'gpus-per-task', 'gpus-per-socket'];
  const hasGpus = gpus.some(isSaid) || gresGpus(options.get('gres')?.value ?? given['gres']) !== undefined;
  const memory = options.get('mem-per-gpu');
  if (
    memory !== undefined &&
    memoryMegabytes(memory.value ?? '') !== 0 &&
    !hasGpus &&
    !script.foreign.some(saysTasks)
  ) {
    add(
      'needsOther',
      memory,
      'sbatch refuses `--mem-per-gpu` without GPUs. Add such as `--gpus-per-node`, or write `--mem`.',
    );
  }
  const perGpu = options.get('ntasks-per-gpu');
  if (perGpu !== undefined && !hasGpus && !areTasksSaid) {
    add('needsOther', perGpu, 'sbatch refuses `--ntasks-per-gpu` without GPUs. Add `--gpus`.');
  }
  const arbitrary = options.get('distribution');
  if (arbitrary?.value?.toLowerCase() === 'arbitrary' && !isSaid('nodelist') && !isSaid('nodefile')) {
    add(
      'needsOther',
      arbitrary,
      'sbatch refuses `--distribution=arbitrary` without the nodes: add `--nodelist`.',
    );
  }
  const named = options.get('nodelist');
  const nodes = options.get('nodes');
  const count = named?.value === undefined ? undefined : namedNodes(named.value);
  const most = nodes?.value === undefined ? undefined : nodeRange(nodes.value)?.most;
  if (nodes !== undefined && count !== undefined && most !== undefined && most > 0 && count > most) {
    add(
      'tooManyNamed',
      nodes,
      `\`--nodelist\` names ${count} nodes, and \`--nodes\` allows ${most}: sbatch refuses that. Make them agree.`,
    );
  }
  return findings;
}

/** A heterogeneous job cannot be an array: the controller refuses it. */
function arrayOfComponents({ components }: SbatchScript): SbatchFinding[] {
  return components
    .flatMap(({ options }) =>
      options.filter(({ option, value }) => option.long === 'array' && isAsked(value)),
    )
    .map(({ wholeStart, wholeEnd }) => ({
      code: 'exclusive',
      severity: 'error',
      message: 'Slurm refuses `--array` in a job with `hetjob`. Keep one of them.',
      start: wholeStart,
      end: wholeEnd,
    }));
}

/** Lines of other batch systems that may give nodes, tasks or GPUs. */
function saysTasks({ mark, words }: DirectiveLine): boolean {
  const option = mark === '#PBS' ? /^(?:-\w*l|--re)/ : /^(?:-\w*n|--n)/;
  return words.some(({ text }) => option.test(text));
}

/** Whether a value asks for anything: GPUs of zero are no request. */
function isAsked(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0';
}
