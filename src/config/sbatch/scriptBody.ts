/** How the body of a script starts its programs. */
export interface ScriptBody {
  /** Something that starts tasks on all nodes: srun, mpirun, a loop of ssh and the like. */
  startsTasks: boolean;
  /** Commands that `srun` starts which are Python itself. */
  srunPython: BodyCommand[];
  /** Commands that `srun` starts in every task which start a process per GPU themselves: torchrun, accelerate. */
  srunLaunchers: BodyCommand[];
  /** Python programs that are started without anything before them. */
  plainPython: BodyCommand[];
  /** torchrun, accelerate and the like: one of them per node starts a process per GPU. */
  hasNodeLauncher: boolean;
  hasRay: boolean;
  /** Words that show PyTorch Lightning or torch DDP with one process per GPU. */
  isLightning: boolean;
}

export interface BodyCommand {
  start: number;
  end: number;
  text: string;
}

const starters =
  /(?:^|[\s;&|("'$/`])(?:srun|mpirun|mpiexec(?:\.hydra)?|orterun|prun|aprun|ibrun|jsrun|horovodrun|deepspeed|pdsh|clush|parallel|dask-mpi|charmrun|sbatch|launch\.py|dmlc-submit|ssh|pbsdsh|blaunch|mpirun_rsh)(?=[\s"')`;]|$)/;
const nodeLaunchers =
  /(?:^|[\s/"'(])(?:torchrun|accelerate\s+launch|deepspeed|colossalai\s+run|composer|horovodrun|mpirun|mpiexec)(?=\s|$)|torch\.distributed\.(?:launch|run)\b/;
const ray = /(?:^|[\s/"'(])ray\s+(?:start|symmetric-run|submit|job)\b/;
const lightning =
  /lightning|\bpl\.Trainer|LightningCLI|--strategy[= ]["']?(?:ddp|fsdp|deepspeed)|--trainer\.(?:devices|num_nodes|strategy)|\btrainer\.(?:devices|num_nodes|strategy)=/i;
const python =
  /^(?:[A-Za-z_]\w*=\S*\s+|time\s+|exec\s+|nohup\s+|env\s+|stdbuf\s+-\S+\s+|numactl\s+(?:-\S+\s+)*|nice\s+)*(?:\S*\/)?python[\d.]*\s/;

/** Something that one of the patterns may find: scripts of many lines are read at each keystroke. */
const worthReading =
  /run|mpi|ssh|sh\b|sbatch|python|ray|torch|accelerate|deepspeed|composer|parallel|lightning|trainer|strategy|launch|submit|dask|colossalai|<</i;

/**
 * Reads the commands of a script, from its first one on. It is no shell: it looks at words at the beginnings of commands,
 * and leaves comments and here-documents out.
 */
export function readBody(text: string, firstCommand: number): ScriptBody {
  const body: ScriptBody = {
    startsTasks: false,
    srunPython: [],
    srunLaunchers: [],
    plainPython: [],
    hasNodeLauncher: false,
    hasRay: false,
    isLightning: false,
  };
  let until: string | undefined;
  let hereText = '';
  for (const { line, start } of commandLines(text, firstCommand)) {
    if (until !== undefined) {
      if (line.trim() === until) until = undefined;
      else hereText += `${line}\n`;
      continue;
    }
    if (!worthReading.test(line)) continue;
    until = /<<-?\s*["'\\]?([A-Za-z_]\w*)/.exec(line)?.[1];
    if (starters.test(line)) body.startsTasks = true;
    if (nodeLaunchers.test(line)) body.hasNodeLauncher = true;
    if (ray.test(line)) body.hasRay = true;
    if (lightning.test(line)) body.isLightning = true;
    const first = line.length - line.trimStart().length;
    const command = { start: start + first, end: start + line.trimEnd().length, text: line.trim() };
    if (isSrunOfAll(command.text) && perGpuLaunchers.test(command.text)) body.srunLaunchers.push(command);
    else if (isSrunPython(command.text)) body.srunPython.push(command);
    else if (python.test(command.text) && isProgram(command.text)) body.plainPython.push(command);
  }
  // What a script writes into another one may be what its tasks run.
  if (starters.test(hereText)) body.startsTasks = true;
  if (nodeLaunchers.test(hereText)) body.hasNodeLauncher = true;
  return body;
}

/** Lines without comments, those that end in a backslash together with the next. Long ones are cut. */
function* commandLines(text: string, from: number): Iterable<{ line: string; start: number }> {
  let line = '';
  let lineStart = from;
  for (let start = from; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const piece = text.slice(start, end);
    if (line === '') lineStart = start;
    if (line !== '' || !/^\s*#/.test(piece.slice(0, 200))) {
      if (line.length < 4000) line += piece.slice(0, 4000);
      if (!line.endsWith('\\')) {
        yield { line, start: lineStart };
        line = '';
      } else {
        line = `${line.slice(0, -1)} `;
      }
    }
    start = end + 1;
  }
  if (line !== '') yield { line, start: lineStart };
}

const perGpuLaunchers =
  /(?:^|[\s/"'(])(?:torchrun|accelerate\s+launch)(?=\s|$)|torch\.distributed\.(?:launch|run)\b/;

/** `srun …` without a number of tasks of its own: a step with one is no training of all tasks. */
function isSrunOfAll(command: string): boolean {
  const words = command.split(/\s+/);
  const srun = words.findIndex((word) => /(?:^|\/)srun$/.test(word));
  if (srun === -1 || srun > 3) return false;
  const own = /^(?:-[nNw].*|--(?:ntasks|nodes|nodelist|ntasks-per-node)(?:=.*)?)$/;
  const program = words.findIndex(
    (word, index) => index > srun && /^(?!-).*(?:python[\d.]*|torchrun|accelerate)$/.test(word),
  );
  return !words.slice(srun + 1, program === -1 ? undefined : program).some((word) => own.test(word));
}

/** `srun … python …`, with options of srun between, and no other launcher. */
function isSrunPython(command: string): boolean {
  if (!isSrunOfAll(command) || nodeLaunchers.test(command) || ray.test(command)) return false;
  return command.split(/\s+/).some((word) => /^["']?(?:\S*\/)?python[\d.]*$/.test(word));
}

/** A Python program that starts the training on all nodes by itself: `deepy.py train.py`, `launch_cluster.py`, `submit.py`. */
function isLauncher(rest: string): boolean {
  const [, program = ''] = /(?:^|[\s/])([\w.-]+)\.py(?=\s|$)/.exec(rest) ?? [];
  return /launch|submit|deepy|spawn|orchestrat/i.test(program);
}

/** `python train.py` and `python -m pkg`; not `python -c …`, `python --version`, `python -m pip`, a launcher. */
function isProgram(command: string): boolean {
  if (nodeLaunchers.test(command)) return false;
  const rest = command.replace(python, ' ');
  if (/\s-m\s+(?:pip|venv|virtualenv|json|http|zipfile|ipykernel|build|compileall)/.test(rest)) return false;
  if (isLauncher(rest)) return false;
  return !/^\s*(?:-c\b|-V\b|--version|-$|<<|setup\.py)/.test(rest) && /\S+\.py\b|\s-m\s+\S+/.test(rest);
}
