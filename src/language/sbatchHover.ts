import { optionsOf, readSbatch } from '../config/sbatch/readSbatch';
import { arraySize, isArray } from '../config/sbatch/sbatchArray';
import { memoryMegabytes } from '../config/sbatch/sbatchMemory';
import { nodeRange } from '../config/sbatch/sbatchNodes';
import type { SbatchOption } from '../config/sbatch/sbatchOptions';
import { resourcesOf, type SbatchResources } from '../config/sbatch/sbatchResources';
import { timeSeconds, timeWords } from '../config/sbatch/sbatchTime';
import { codeSpan, escapeMarkdown } from './markdown';
import { fileCodes, partitionText } from './sbatchChoices';
import type { SbatchContext } from './sbatchContext';
import { optionAt } from './sbatchCursor';
import type { HoverText } from './types';

/** What an option is, and what its value comes to. */
export function sbatchHover(text: string, offset: number, context: SbatchContext): HoverText | undefined {
  const script = readSbatch(text);
  const given = optionAt(script, offset);
  if (given === undefined) return undefined;
  const { option, value } = given;
  const options = optionsOf(script);
  const resources = resourcesOf((long) => context.given?.[long] ?? options.get(long)?.value);
  const meaning = value === undefined ? undefined : valueText(option, value, context);
  const parts = [
    headline(option),
    option.about,
    meaning,
    totalText(option, resources),
    givenText(option, context),
  ];
  return {
    start: Math.min(given.start, given.valueStart),
    end: Math.max(given.end, given.valueEnd),
    markdown: parts.filter((part) => part !== undefined).join('\n\n'),
  };
}

function headline({ long, short, since, until }: SbatchOption): string {
  const names = [`**--${long}**`, ...(short === undefined ? [] : [`\`-${short}\``])].join(', ');
  if (since !== undefined) return `${names} · since Slurm ${since}`;
  return until === undefined ? names : `${names} · until Slurm ${until}`;
}

function valueText({ kind, long }: SbatchOption, value: string, { site }: SbatchContext): string | undefined {
  const written = codeSpan(value.slice(0, 80));
  if (kind === 'time') {
    const seconds = timeSeconds(value);
    return seconds === undefined ? undefined : `${written} is ${timeWords(seconds)}.`;
  }
  if (kind === 'memory') {
    const megabytes = memoryMegabytes(value);
    if (megabytes === undefined) return undefined;
    return megabytes === 0 && long === 'mem'
      ? `${written} is all memory of the node.`
      : `${written} is ${Math.round(megabytes)} megabytes.`;
  }
  if (kind === 'array' && value !== '' && isArray(value)) {
    const { tasks } = arraySize(value);
    return `${written} is ${tasks} job${tasks === 1 ? '' : 's'}.`;
  }
  if (kind === 'nodes') {
    const range = nodeRange(value);
    if (range === undefined || range.least === range.most) return undefined;
    return `${written} is ${range.least} node${range.least === 1 ? '' : 's'} or more${range.most === undefined ? '' : `, at most ${range.most}`}.`;
  }
  if (kind === 'path') {
    const codes = Object.entries(fileCodes).filter(([code]) => value.replaceAll(/%\d+/g, '%').includes(code));
    return codes.length === 0
      ? undefined
      : codes.map(([code, meaning]) => `\`${code}\` ${meaning}`).join(' · ');
  }
  if (kind === 'partition') {
    const found = (site?.partitions ?? []).filter(({ name }) => value.split(',').includes(name));
    return found.length === 0
      ? undefined
      : found.map((one) => `${escapeMarkdown(one.name)}: ${partitionText(one)}`).join('  \n');
  }
  return undefined;
}

const counted = new Set([
  'nodes',
  'ntasks',
  'ntasks-per-node',
  'tasks-per-node',
  'gres',
  'gpus',
  'gpus-per-node',
]);

function totalText(
  { long }: SbatchOption,
  { nodes, totalTasks, totalGpus }: SbatchResources,
): string | undefined {
  if (!counted.has(long)) return undefined;
  const parts = [
    ...(totalTasks === undefined ? [] : [`${totalTasks} task${totalTasks === 1 ? '' : 's'}`]),
    ...(totalGpus === undefined ? [] : [`${totalGpus} GPU${totalGpus === 1 ? '' : 's'}`]),
  ];
  if (parts.length === 0) return undefined;
  const on = nodes === undefined ? '' : ` on ${nodes} node${nodes === 1 ? '' : 's'}`;
  return `In all: ${parts.join(' and ')}${on}.`;
}

function givenText({ long }: SbatchOption, { given }: SbatchContext): string | undefined {
  const value = given?.[long];
  return value === undefined ? undefined : `The launch gives ${codeSpan(`--${long}=${value}`)}, which wins.`;
}
