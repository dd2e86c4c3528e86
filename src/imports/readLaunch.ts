import { readAccelerate } from './launchers/accelerate';
import { readDeepspeed } from './launchers/deepspeed';
import { readHorovodrun } from './launchers/horovodrun';
import { readMpirun } from './launchers/mpirun';
import { readLaunchPy } from './launchers/mxnet';
import { readRaySubmit } from './launchers/ray';
import { readSbatch, readSrun } from './launchers/slurm';
import { readTorchrun } from './launchers/torchrun';
import { LaunchDraft } from './launchDraft';
import type { ShellWord } from './shellText';

const MPIRUN = /^(?:mpirun|mpiexec|orterun)(?:\.[a-z]+)?$/;

/**
 * The launch that a command line of a known launcher means, its words without assignments in front.
 * @returns undefined where no launcher is named; text where it has no launch, which says why
 */
export function readLaunch(words: readonly ShellWord[]): LaunchDraft | string | undefined {
  const [first, ...rest] = words;
  if (first === undefined) return undefined;
  const name = baseName(first);
  const draft = byProgram(name, first, rest);
  if (draft instanceof LaunchDraft && first.source.includes('/') && draft.own['launchPy'] === undefined) {
    draft.drop(
      [first],
      `${name} is looked up in the PATH of a login shell; put its directory there in \`setup:\``,
    );
  }
  return draft;
}

function byProgram(
  name: string,
  first: ShellWord,
  rest: readonly ShellWord[],
): LaunchDraft | string | undefined {
  if (MPIRUN.test(name)) return readMpirun(rest);
  if (/^python[\d.]*$/.test(name)) return byPython(first, rest);
  switch (name) {
    case 'horovodrun':
      return readHorovodrun(rest);
    case 'torchrun':
      return readTorchrun(rest, undefined, false);
    case 'deepspeed':
    case 'ds':
      return readDeepspeed(rest);
    case 'accelerate':
      return rest[0]?.text === 'launch' ? readAccelerate(rest.slice(1)) : undefined;
    case 'launch.py':
      return isLaunchPy(rest) ? readLaunchPy(first, rest) : undefined;
    case 'sbatch':
      return readSbatch(rest);
    case 'srun':
      return readSrun(rest);
    case 'ray':
      return rest[0]?.text === 'job' && rest[1]?.text === 'submit' ? readRaySubmit(rest.slice(2)) : undefined;
    default:
      return undefined;
  }
}

/** `python [options] -m torch.distributed.launch …`, `python launch.py …`. */
function byPython(python: ShellWord, words: readonly ShellWord[]): LaunchDraft | undefined {
  let at = 0;
  while (/^-[^mc]/.test(words[at]?.source ?? '')) at += /^-[WX]$/.test(words[at]?.source ?? '') ? 2 : 1;
  const [option, module] = words.slice(at, at + 2);
  const flags = words.slice(0, at);
  const behind = words.slice(at + 2);
  const withFlags = (draft: LaunchDraft): LaunchDraft => {
    draft.drop(flags, 'an option of the Python that runs the launcher, not of the program');
    return draft;
  };
  if (option?.text === '-m') {
    if (module?.text === 'torch.distributed.launch') return withFlags(readTorchrun(behind, python, true));
    if (module?.text === 'torch.distributed.run') return withFlags(readTorchrun(behind, python, false));
    if (module?.text === 'accelerate.commands.launch') return withFlags(readAccelerate(behind));
    return undefined;
  }
  const script = words[at];
  const isMxnet = script !== undefined && baseName(script) === 'launch.py' && isLaunchPy(words.slice(at + 1));
  if (!isMxnet) return undefined;
  return withFlags(readLaunchPy(script, words.slice(at + 1)));
}

/** Other programs are called launch.py too: MXNet's wants to know the number of workers first. */
function isLaunchPy(words: readonly ShellWord[]): boolean {
  return /^(?:-[nsH]|--(?:num-workers|num-servers|hostfile|launcher|sync-dst-dir|env|cluster)(?:=|$))/.test(
    words[0]?.source ?? '',
  );
}

/** A program by itself: one process on one host. Undefined for what is no training. */
export function readProgram(words: readonly ShellWord[]): LaunchDraft | undefined {
  const [first] = words;
  const isProgram =
    first !== undefined &&
    (/^(?:python[\d.]*|bash|sh|Rscript|julia)$/.test(baseName(first)) ||
      /\.(?:py|sh)$|^\.\//.test(first.source));
  if (!isProgram || words.some(({ text }) => text === '--help' || text === '-h' || text === '--version')) {
    return undefined;
  }
  const draft = new LaunchDraft('ssh');
  draft.own['per'] = 'host';
  draft.nodes = 1;
  draft.command = [...words];
  return draft;
}

/** The last part of a program's path. */
export function baseName({ text, source }: ShellWord): string {
  const path = text ?? source;
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The job script that was pasted as a whole: a launch of that script. */
export function pastedScript(text: string): { draft: LaunchDraft; path: string } | undefined {
  if (!/^#!.*\n/.test(text) || !/^#SBATCH/m.test(text)) return undefined;
  const draft = new LaunchDraft('slurm');
  const name = /^#SBATCH[ \t]+(?:--job-name[= ]|-J[ \t]*)[ \t]*["']?([\w.-]+)/m.exec(text)?.[1];
  draft.name = name;
  const path = `${name ?? 'job'}.sbatch`;
  draft.own['script'] = path;
  return { draft, path };
}
