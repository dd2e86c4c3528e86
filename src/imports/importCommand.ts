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
  /** Why the text was not read at all, and what to do instead. */
  refused?: { reason: string; nextStep: string };
}

/** Bytes of the longest text that is read; nobody types more. */
export const longestImport = 64 << 10;
/** Most launches of one text. */
export const mostImportedLaunches = 50;

/**
 * Launches for commands as a person types them: `mpirun`, `horovodrun`, `torchrun`, `torch.distributed.launch`,
 * `deepspeed`, `accelerate launch`, MXNet's `launch.py`, `ray start` with the program behind it, `ray job submit`,
 * `sbatch`, `srun`, a job script, and programs by themselves. Lines before them (`cd`, `export`, `source`, `module
 * load`) and `ssh HOST '…'` around them are understood too. Nothing is run or expanded. Every word is kept in a launch or
 * named in `dropped`; of what looks like a secret, only the name. Never throws.
 */
export function importCommand(text: string, options: ImportOptions = {}): Imported {
  const length = Buffer.byteLength(text);
  if (length > longestImport) {
    const reason = `the text is ${Math.ceil(length / 1024)} KiB long, and an import reads ${longestImport >> 10} KiB at most`;
    return refusal(reason);
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
  const count = importer.count();
  if (count > mostImportedLaunches) {
    return refusal(`the text starts ${count} trainings, and an import takes ${mostImportedLaunches} at most`);
  }
  return { launches: withOwnNames(importer.launches()), dropped: [...dropped, ...importer.dropped] };
}

function refusal(reason: string): Imported {
  const nextStep =
    'Save it as a script beside rankwise.yaml and import the command that runs it, such as `sbatch job.sbatch` or `bash job.sh`, or import less of it at a time.';
  return { launches: [], dropped: [], refused: { reason, nextStep } };
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

  /** How many launches the text has. A program by itself counts only where no launcher is named. */
  count(): number {
    return this.drafts.length === 0 ? this.programs.length : this.drafts.length;
  }

  launches(): ImportedLaunch[] {
    if (this.ray !== undefined) {
      this.drop(this.ray.source, 'paste it together with the program that uses this Ray');
      for (const line of this.ray.draft.dropped) this.dropped.push(line);
    }
    // Scripts fetch and unpack things by programs too.
    const drafts = this.drafts.length === 0 ? this.programs : this.drafts;
    if (drafts !== this.programs) {
      for (const { source, context } of this.programs) {
        this.drop(source, 'it is started by no launcher');
        for (const [what, reason] of context.replaced) this.drop(what, reason);
      }
    }
    const used = drafts.reduce((most, { prepared }) => Math.max(most, prepared), 0);
    for (const source of this.prepared.slice(used)) this.drop(source, 'no training follows that it prepares');
    return drafts.map(({ draft, context }) => renderLaunch(draft, context, this.options.cluster));
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
      for (const line of draft.dropped) this.dropped.push(line);
      return this.drop(source + tail, 'no program is named');
    }
    const isDriver = known === undefined;
    const reads = isDriver && draft.launcher === 'ssh' ? this.programs : this.drafts;
    // So many are refused in the end: what each would run after is not worth a copy.
    const context = reads.length < mostImportedLaunches ? this.context.now() : new ImportContext(undefined);
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
    reads.push({ draft, context, source: source + tail, prepared: this.prepared.length });
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
  const assignments: Unwrapped['assignments'] = [];
  const dropped: Unwrapped['dropped'] = [];
  let at = 0;
  for (let first = words[at]; first !== undefined; first = words[at]) {
    const { source } = first;
    const reason = source === 'env' ? 'its variables are kept' : WRAPPERS.get(source);
    if (isAssignment(first)) assignments.push(assignment(first));
    else if (reason !== undefined) dropped.push({ words: [first], reason });
    else break;
    at++;
    if (reason === undefined) continue;
    for (let option = words[at]; option?.source.startsWith('-') === true; option = words[++at]) {
      dropped.push({ words: [option], reason: `an option of ${source}` });
    }
  }
  return { assignments, dropped, words: words.slice(at) };
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
