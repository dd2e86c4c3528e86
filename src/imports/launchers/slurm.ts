import { insidePathPattern } from '../../config/names';
import { sbatchOptions, shortOptions } from '../../config/sbatch/sbatchOptions';
import { slurmOptions } from '../../config/schema/slurmOptions';
import { slurmKeys } from '../../config/slurmKeys';
import { lastOfEach, LaunchDraft } from '../launchDraft';
import { splitOptions, type Arity, type OptionWords } from '../optionWords';
import { shellCommands, type ShellCommand } from '../shellCommands';
import { ShellTextError, type ShellWord } from '../shellText';
import { added } from './pythonProgram';

const ONCE =
  'job-name J|nodes N|ntasks n|requeue no-requeue|exclusive|wrap|partition p|account A|qos q|constraint C|time t|mem|gres|cpus-per-task c|ntasks-per-node|array a|dependency d';

/** Options of srun alone that take no value. */
const SRUN_FLAGS = new Set(
  'label l unbuffered u overlap pty multi-prog preserve-env E no-allocate Z X q'.split(' '),
);

function sbatchOption(name: string): ReturnType<typeof sbatchOptions.get> {
  return name.length === 1 ? shortOptions.get(name) : sbatchOptions.get(name);
}

const arity: Arity = (name) => {
  const option = sbatchOption(name);
  return option === undefined ? undefined : option.takes === 'value' ? 1 : 0;
};

/** `sbatch` with a script, or with `--wrap`. */
export function readSbatch(words: readonly ShellWord[]): LaunchDraft | string {
  const draft = new LaunchDraft('slurm');
  const { options: all, rest } = splitOptions(words, (name, dashes) =>
    name === 'wrap' ? 1 : arity(name, dashes),
  );
  const options = lastOfEach(draft, all, ONCE);
  const wrap = options.find(({ name }) => name === 'wrap');
  for (const option of options) if (option !== wrap) known(draft, option);
  if (wrap !== undefined) {
    draft.drop(rest, '--wrap takes the place of a script');
    return wrapped(draft, wrap);
  }
  const [script, ...args] = rest;
  if (script === undefined) return 'no script is named';
  if (script.text === undefined) return `only the shell that it was typed into knows ${script.source}`;
  if (insidePathPattern.test(script.text)) draft.own['script'] = script.text.replace(/^(?:\.\/)+/, '');
  else {
    draft.own['script'] = fileName(script.text);
    draft.drop([script], `copy the script beside rankwise.yaml, as ${fileName(script.text)}`);
  }
  draft.drop(args, 'a script gets no arguments; put them into the script');
  return draft;
}

/** The command of `--wrap`. Rankwise starts a task for each process itself, so that its `srun` is taken off. */
function wrapped(draft: LaunchDraft, { values: [value] }: OptionWords): LaunchDraft | string {
  if (value?.text === undefined) return 'only the shell that it was typed into knows what --wrap says';
  const [command, ...more] = commandsOf(value.text);
  if (command === undefined || more.length > 0 || command.words[0]?.text !== 'srun') {
    draft.command = [added(value.text)];
    draft.notes.push('Every task of the job runs this command; without srun only the first one did.');
    return draft;
  }
  const inner = readSrun(command.words.slice(1));
  const outer = { ...draft.own, np: draft.np, nodes: draft.nodes };
  for (const [key, own] of Object.entries({ ...inner.own, np: inner.np, nodes: inner.nodes })) {
    const said = Object.entries(outer).find(([name]) => name === key)?.[1];
    if (own !== undefined && said !== undefined)
      draft.drop(`${key} ${String(said)}`, 'srun in --wrap says it too');
  }
  Object.assign(draft.own, inner.own);
  draft.np = inner.np ?? draft.np;
  draft.nodes = inner.nodes ?? draft.nodes;
  for (const arg of inner.args) draft.args.push(arg);
  for (const line of inner.dropped) draft.dropped.push(line);
  draft.command = inner.command;
  draft.tail = command.redirections.map(({ source }) => ` ${source}`).join('');
  return draft;
}

function commandsOf(text: string): ShellCommand[] {
  try {
    return shellCommands(text);
  } catch (error) {
    if (error instanceof ShellTextError) return [];
    throw error;
  }
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || 'job.sbatch';
}

/** `srun` outside of a job: what it asks for, and its command as the tasks of a job. */
export function readSrun(words: readonly ShellWord[]): LaunchDraft {
  const draft = new LaunchDraft('slurm');
  const { options, rest } = splitOptions(words, (name, dashes) =>
    SRUN_FLAGS.has(name) ? 0 : arity(name, dashes),
  );
  const srun: string[] = [];
  for (const option of lastOfEach(draft, options, ONCE)) {
    if (sbatchOption(option.name) !== undefined && !SRUN_FLAGS.has(option.name)) known(draft, option);
    else for (const word of draft.literal(option.words)) srun.push(word);
  }
  draft.own['srun'] = srun;
  draft.command = rest;
  return draft;
}

function known(draft: LaunchDraft, option: OptionWords): void {
  const long = sbatchOption(option.name)?.long ?? option.name;
  const value = option.values[0]?.text;
  if (long === 'job-name' && value !== undefined) draft.name = value;
  else if (long === 'nodes' && isCount(value)) draft.nodes = Number(value);
  else if (long === 'ntasks' && isCount(value)) draft.np = Number(value);
  else if (long === 'requeue' || long === 'no-requeue') draft.own['requeue'] = long === 'requeue';
  else if (long === 'exclusive' && option.values.length === 0) draft.own['exclusive'] = true;
  else if (!setKey(draft, long, value)) draft.verbatim(option);
}

function isCount(value: string | undefined): value is string {
  return value !== undefined && /^[1-9]\d{0,4}$/.test(value);
}

/** @returns false where the option has no key, or its value none of the forms that the key takes */
function setKey(draft: LaunchDraft, long: string, value: string | undefined): boolean {
  if (!isKey(long) || value === undefined) return false;
  const key = slurmKeys[long];
  const isNumber = key === 'cpusPerTask' || key === 'ntasksPerNode';
  const own = isNumber && /^\d+$/.test(value) ? Number(value) : value;
  if (!slurmOptions.shape[key].safeParse(own).success) return false;
  draft.own[key] = own;
  return true;
}

function isKey(name: string): name is keyof typeof slurmKeys {
  return Object.hasOwn(slurmKeys, name);
}
