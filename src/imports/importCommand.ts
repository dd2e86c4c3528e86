import { assignment, ImportContext, isAssignment } from './importContext';
import { LaunchDraft } from './launchDraft';
import { readRayStart, setRayAddress } from './launchers/ray';
import { baseName, pastedScript, readLaunch, readProgram } from './readLaunch';
import { renderLaunch, type ImportedLaunch } from './renderLaunch';
import { shellCommands, type ShellCommand } from './shellCommands';
import { ShellTextError, type ShellWord } from './shellText';
import { readSsh } from './sshCommand';
import { withoutPrompts } from './withoutPrompts';
import { withoutSecrets } from './withoutSecrets';

export interface ImportOptions {
  /** An existing cluster that the launches are for. Without it each launch brings one of its own. */
  cluster?: string;
}

export interface Imported {
  /** One for each command that starts a training, in order. */
  launches: ImportedLaunch[];
  /** What belongs to none of them, each with the reason. */
  dropped: string[];
}

/** Longest text that is read; nobody types more. */
const longest = 1_000_000;

/**
 * Launches for commands as a person types them: `mpirun`, `horovodrun`, `torchrun`, `torch.distributed.launch`,
 * `deepspeed`, `accelerate launch`, MXNet's `launch.py`, `ray start` with the program behind it, `ray job submit`,
 * `sbatch`, `srun`, a job script, and programs by themselves. Lines before them (`cd`, `export`, `source`, `module
 * load`) and `ssh HOST '…'` around them are understood too. Nothing is run or expanded. Every word is kept in a launch or
 * named in `dropped`; of what looks like a secret, only the name. Never throws.
 */
export function importCommand(text: string, options: ImportOptions = {}): Imported {
  if (text.length > longest) {
    return { launches: [], dropped: [`${text.slice(0, 80)}…: this is too long for a command`] };
  }
  const script = pastedScript(text);
  if (script !== undefined) {
    const context = new ImportContext(undefined);
    const launch = renderLaunch(script.draft, context, options.cluster);
    return { launches: [{ ...launch, file: { path: script.path, text } }], dropped: [] };
  }
  const { text: bare, dropped } = withoutPrompts(text);
  const importer = new Importer(options, new ImportContext(undefined));
  importer.read(bare, 0);
  return { launches: withOwnNames(importer.launches()), dropped: [...dropped, ...importer.dropped] };
}

/** Depth of `ssh` in `ssh` that is followed. */
const deepest = 3;

class Importer {
  readonly dropped: string[] = [];
  private readonly drafts: Read[] = [];
  /** Commands that prepare what follows. */
  private readonly prepared: string[] = [];
  /** `ray start` without its program so far. */
  private ray: { draft: LaunchDraft; source: string } | undefined;
  private readonly programs: Read[] = [];

  constructor(
    private readonly options: ImportOptions,
    private context: ImportContext,
  ) {}

  read(text: string, depth: number): void {
    let commands: ShellCommand[];
    try {
      commands = shellCommands(text);
    } catch (error) {
      if (!(error instanceof ShellTextError)) throw error;
      const line = text.slice(0, error.offset).split(/\r\n|\n|\r/).length;
      this.drop(text, `${error.message} (line ${line}), so that no shell would run it`);
      return;
    }
    for (let index = 0; index < commands.length; index++) {
      const command = commands[index];
      if (command === undefined) break;
      let tail = '';
      for (
        let next = commands[index + 1];
        isPipe(commands[index]) && next !== undefined;
        next = commands[++index + 1]
      ) {
        tail += ` ${commands[index]?.after ?? ''} ${next.source}`;
      }
      this.command(command, tail, depth);
    }
  }

  launches(): ImportedLaunch[] {
    if (this.ray !== undefined) {
      this.drop(this.ray.source, 'paste it together with the program that uses this Ray');
      this.dropped.push(...this.ray.draft.dropped);
    }
    // A program by itself counts only where no launcher is named: scripts fetch and unpack things by programs too.
    if (this.drafts.length === 0) this.drafts.push(...this.programs);
    else for (const { source } of this.programs) this.drop(source, 'it is started by no launcher');
    const used = this.drafts.reduce((most, { prepared }) => Math.max(most, prepared), 0);
    for (const source of this.prepared.slice(used)) this.drop(source, 'no training follows that it prepares');
    return this.drafts.map(({ draft, context }) => renderLaunch(draft, context, this.options.cluster));
  }

  /** Of what looks like a secret, only the name is told. */
  private drop(source: string, reason: string): void {
    this.dropped.push(`${withoutSecrets(source.trim())}: ${withoutSecrets(reason)}`);
  }

  private command(command: ShellCommand, tail: string, depth: number): void {
    const { source } = command;
    if (command.isCompound) return this.drop(source + tail, 'a loop, condition or function is no launch');
    if (tail === '' && this.context.takes(command)) {
      this.prepared.push(source);
      return;
    }
    const { assignments, dropped, words } = unwrapped(command.words);
    const [first, second] = words;
    if (first === undefined) return this.drop(source + tail, 'it starts no training');
    if (baseName(first) === 'ssh') return this.overSsh(words.slice(1), source, tail, depth);
    if (baseName(first) === 'ray' && second?.text === 'start') {
      const draft = this.ray?.draft ?? new LaunchDraft('ray');
      this.ray = { draft, source: this.ray === undefined ? source : `${this.ray.source}\n${source}` };
      for (const { name, value } of assignments) draft.assign(name, value);
      for (const word of dropped) draft.drop(word.words, word.reason);
      this.outside(draft, command, tail);
      return readRayStart(draft, words.slice(2));
    }
    if (baseName(first) === 'ray' && (second?.text === 'stop' || second?.text === 'status')) {
      return this.drop(source + tail, 'Rankwise starts, watches and ends the Ray of a run');
    }
    const known = readLaunch(words);
    if (typeof known === 'string') return this.drop(source + tail, known);
    const draft = known ?? this.program(words);
    if (draft === undefined) return this.drop(source + tail, 'it starts no training');
    const program = draft.command[0];
    if (
      (program === undefined || (program.text ?? program.source).trim() === '') &&
      draft.own['script'] === undefined
    ) {
      this.dropped.push(...draft.dropped);
      return this.drop(source + tail, 'no program is named');
    }
    const isDriver = known === undefined;
    const context = this.context.now();
    context.prepare(draft);
    for (const { name, value } of assignments) {
      if (name === 'RAY_ADDRESS' && draft.own['mode'] === 'submit') setRayAddress(draft, value);
      else draft.assign(name, value);
    }
    for (const word of dropped) draft.drop(word.words, word.reason);
    if (isDriver) {
      draft.tail = command.redirections.map((one) => ` ${one.source}`).join('') + tail;
      if (command.after === '&') draft.drop('&', 'a run goes on by itself');
    } else this.outside(draft, command, tail);
    const read: Read = { draft, context, source: source + tail, prepared: this.prepared.length };
    if (isDriver && draft.launcher === 'ssh') this.programs.push(read);
    else this.drafts.push(read);
  }

  /** A program by itself, or the one that a Ray was started for. */
  private program(words: readonly ShellWord[]): LaunchDraft | undefined {
    const draft = readProgram(words);
    if (draft === undefined || this.ray === undefined) return draft;
    const ray = this.ray.draft;
    ray.command = draft.command;
    this.ray = undefined;
    return ray;
  }

  /** What surrounds a launcher has no place in a launch. */
  private outside(draft: LaunchDraft, { redirections, after }: ShellCommand, tail: string): void {
    for (const { source } of redirections) draft.drop(source, 'Rankwise keeps the output of every worker');
    if (tail !== '') draft.drop(tail.trim(), 'Rankwise keeps the output of every worker');
    if (after === '&') draft.drop('&', 'a run goes on by itself');
  }

  private overSsh(words: readonly ShellWord[], source: string, tail: string, depth: number): void {
    const ssh = depth < deepest ? readSsh(words) : 'ssh within ssh within ssh is not followed';
    if (typeof ssh === 'string') return this.drop(source + tail, ssh);
    const before = { context: this.context, drafts: this.drafts.length, programs: this.programs.length };
    this.context = new ImportContext(ssh.host);
    this.read(ssh.command, depth + 1);
    this.context = before.context;
    const added = [...this.drafts.slice(before.drafts), ...this.programs.slice(before.programs)];
    if (added.length === 0) return this.drop(source + tail, 'it starts no training');
    for (const { draft } of added) {
      for (const option of ssh.dropped)
        draft.drop(option.words, 'a cluster has no place for this option of ssh');
      if (tail !== '') draft.drop(tail.trim(), 'Rankwise keeps the output of every worker');
    }
  }
}

function isPipe(command: ShellCommand | undefined): boolean {
  return command?.after === '|' || command?.after === '|&';
}

const WRAPPERS = new Map([
  ['time', 'Rankwise says how long a run took'],
  ['nohup', 'a run goes on by itself'],
  ['setsid', 'a run goes on by itself'],
  ['exec', 'a run is a process of its own'],
  ['command', 'it changes nothing'],
  ['sudo', 'a run has the account that signs in'],
]);

/** A launch that is being read. */
interface Read {
  draft: LaunchDraft;
  context: ImportContext;
  source: string;
  /** How many commands had prepared the shell before it. */
  prepared: number;
}

interface Unwrapped {
  assignments: { name: string; value: ShellWord }[];
  dropped: { words: ShellWord[]; reason: string }[];
  words: ShellWord[];
}

/** Takes off assignments, `env`, `nohup` and the like. */
function unwrapped(words: readonly ShellWord[]): Unwrapped {
  const result: Unwrapped = { assignments: [], dropped: [], words: [...words] };
  for (let [first] = result.words; first !== undefined; [first] = result.words) {
    const reason = WRAPPERS.get(first.source);
    if (isAssignment(first)) result.assignments.push(assignment(first));
    else if (first.source === 'env')
      result.dropped.push({ words: [first], reason: 'its variables are kept' });
    else if (reason !== undefined) result.dropped.push({ words: [first], reason });
    else break;
    result.words.shift();
    const isPlain = isAssignment(first);
    while (!isPlain && result.words[0]?.source.startsWith('-') === true) {
      const [option] = result.words.splice(0, 1);
      if (option !== undefined)
        result.dropped.push({ words: [option], reason: `an option of ${first.source}` });
    }
  }
  return result;
}

/** Launches of one paste have different names. */
function withOwnNames(launches: readonly ImportedLaunch[]): ImportedLaunch[] {
  const taken = new Set<string>();
  const numbers = new Map<string, number>();
  return launches.map((launch) => {
    const { name } = launch.launch;
    let own = name;
    while (taken.has(own)) {
      const number = (numbers.get(name) ?? 1) + 1;
      numbers.set(name, number);
      own = `${name}-${number}`;
    }
    taken.add(own);
    return { ...launch, launch: { ...launch.launch, name: own } };
  });
}
