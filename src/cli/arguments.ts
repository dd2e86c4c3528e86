import { parseArgs } from 'node:util';
import { RankwiseError } from '../base/errors';
import { fileKinds, type FileKind } from '../config/checkFile';
import { launcherNames, type LauncherName } from '../config/model';
import type { TableFormat } from '../metrics/writeTable';

/** What the command line asks for. */
export interface Arguments {
  command: CommandName;
  /** The launch, run or group that the command is about; empty where it takes none. */
  subject: string;
  /** All of them, for `compare` and `check`. */
  subjects: string[];
  json: boolean;
  wait: boolean;
  batch: boolean;
  verbose: boolean;
  /** `rankwise.yaml`, as written. */
  file: string;
  /** OpenSSH configuration instead of the user's own (`ssh -F`). */
  sshConfig: string | undefined;
  /** `--set NAME=VALUE`, `--preset NAME`, `--name NAME` of a launch. */
  set: Record<string, string>;
  preset: string | undefined;
  name: string | undefined;
  /** `--skip CHECK` */
  skip: string[];
  /** `--resume`: go on from the newest checkpoint. */
  resume: boolean;
  format: TableFormat | 'json';
  /** What `check` takes hostfiles to be used with, and every file to be. */
  launcher: LauncherName | undefined;
  kind: FileKind | undefined;
}

const formats = ['markdown', 'csv', 'latex', 'json'] as const;

const subjects = {
  check: 'FILE',
  plan: 'LAUNCH',
  launch: 'LAUNCH',
  runs: undefined,
  follow: 'RUN',
  points: 'RUN',
  stop: 'RUN',
  retry: 'GROUP',
  compare: 'RUN',
  table: 'RUN',
} as const;

export type CommandName = keyof typeof subjects;

export const usage = `Usage: node cli.js COMMAND [OPTIONS]      in the folder of a rankwise.yaml

  check FILE...    check hostfiles, rankwise.yaml with all files it names, training configurations and sbatch scripts;
                   nothing is run or connected to. A line for each finding; ends with 1 where one is an error, with 2
                   where a file cannot be read
                   --launcher NAME  judge hostfiles for this launcher; without it for the launches of the rankwise.yaml
                                    beside them or above, if they use it
                   --kind KIND     what the files are where their names do not say: hostfile, sbatch, rankwise, training
                   --json          an array of {file, line, column, endLine, endColumn, severity, code, message}
  plan LAUNCH      show every file and command of a launch; nothing is run. Rankwise's own scripts are only named,
                   unless --verbose
  launch LAUNCH    start it; prints the id of the run and returns once it has started
                   --wait          follow it to its end, and end with its exit status
                   --set NAME=VALUE, --preset NAME, --name NAME
                   --skip CHECK    leave a check before the start out
                   --resume        go on from the newest checkpoint
                   a launch with a matrix or repeats is a group of runs: a line for each; with --wait, or while a
                   window is open, those in the queue are started
  runs             list the runs; their hosts are asked how they are
  follow RUN       print the lines of all workers until the run is over; of a group: start what is in its queue, and
                   end when all of it is over
  points RUN       print the metric points (--json: one JSON object a line)
  stop RUN         stop it; ends with 0 only when it is proved that nothing is left
  retry GROUP      run the trials that failed again, and only those, to their end
  compare RUN...   workers, time, samples/s, efficiency and accuracy; mean and deviation over repeats
  table RUN        accuracy and time of each epoch and worker; of a group: the time of each run, mean and deviation, and
                   percentages of the first row
                   --format markdown|csv|latex|json

  RUN is an id, the beginning of one, LAUNCH#NUMBER, or the name of a launch (its newest run or group). follow, stop,
  compare and table take a group as well.

  A launch with \`cluster: practice\` starts the practice cluster where it does not run. It ends by itself five minutes
  after its last run, window and command; Rankwise: Stop Practice Cluster in VS Code ends it at once.

  A secret of \`\${secret:NAME}\` is read from RANKWISE_SECRET_NAME in the environment. Ends with 0, with the run's own
  status (launch --wait, follow), with 1 for a failure, with 2 for wrong usage.

  --json           machine-readable output
  --batch          never ask; what would be asked fails with the reason
  --file FILE      another rankwise.yaml
  --ssh-config FILE  another OpenSSH configuration
  --verbose        say more on standard error
`;

/**
 * Reads the words after the program's name.
 * @returns undefined where help was asked for.
 * @throws RankwiseError `cli.usage`.
 */
export function parseArguments(words: readonly string[]): Arguments | undefined {
  const { values, positionals } = parse(words);
  if (values.help === true || positionals[0] === 'help') return undefined;
  const [command, subject = '', ...rest] = positionals;
  if (command === undefined || !(command in subjects)) {
    throw usageError(command === undefined ? 'a command is missing' : `there is no command ${command}`);
  }
  const wanted = subjects[command as CommandName];
  if (wanted !== undefined && subject === '') throw usageError(`${command} needs ${wanted}`);
  const extra = wanted === undefined ? subject : takesMany(command) ? undefined : rest[0];
  const format = formats.find((one) => one === (values.format ?? 'markdown'));
  if (format === undefined) throw usageError(`--format is one of ${formats.join(', ')}`);
  const launcher = oneOf('launcher', launcherNames, values.launcher);
  const kind = oneOf('kind', fileKinds, values.kind);
  if (extra !== undefined && extra !== '') throw usageError(`${extra} is one word too many`);
  return {
    command: command as CommandName,
    subject,
    subjects: [subject, ...rest],
    json: values.json ?? false,
    wait: values.wait ?? false,
    batch: values.batch ?? false,
    verbose: values.verbose ?? false,
    file: values.file ?? 'rankwise.yaml',
    sshConfig: values['ssh-config'],
    set: Object.fromEntries((values.set ?? []).map(assignment)),
    preset: values.preset,
    name: values.name,
    skip: values.skip ?? [],
    resume: values.resume ?? false,
    format: values.json === true ? 'json' : format,
    launcher,
    kind,
  };
}

function takesMany(command: string): boolean {
  return command === 'compare' || command === 'check';
}

function oneOf<Value extends string>(
  name: string,
  allowed: readonly Value[],
  value: string | undefined,
): Value | undefined {
  const found = allowed.find((one) => one === value);
  if (value !== undefined && found === undefined)
    throw usageError(`--${name} is one of ${allowed.join(', ')}`);
  return found;
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        json: { type: 'boolean' },
        wait: { type: 'boolean' },
        batch: { type: 'boolean' },
        verbose: { type: 'boolean' },
        file: { type: 'string' },
        'ssh-config': { type: 'string' },
        set: { type: 'string', multiple: true },
        preset: { type: 'string' },
        name: { type: 'string' },
        skip: { type: 'string', multiple: true },
        resume: { type: 'boolean' },
        format: { type: 'string' },
        launcher: { type: 'string' },
        kind: { type: 'string' },
      },
    });
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error));
  }
}

function assignment(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw usageError(`--set ${text}: write NAME=VALUE`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/** Wrong usage, which ends the program with 2. */
export function usageError(message: string): RankwiseError {
  return new RankwiseError('cli.usage', message, { nextStep: 'See --help.' });
}
