import { lastOfEach, LaunchDraft } from '../launchDraft';
import { splitOptions, type OptionWords } from '../optionWords';
import type { ShellWord } from '../shellText';
import { allButFlags } from './flags';
import { setPythonProgram } from './pythonProgram';

/** Options of torchrun and torch.distributed.launch without a value. */
const arity = allButFlags('h help standalone m module no-python run-path virtual-local-rank use-env');

const chosen = 'Rankwise chooses it at each start';

const ONCE = 'nnodes|nproc-per-node|rdzv-backend|max-restarts';

/** `torchrun`, `python -m torch.distributed.run`, `python -m torch.distributed.launch`. */
export function readTorchrun(
  words: readonly ShellWord[],
  python: ShellWord | undefined,
  isOld: boolean,
): LaunchDraft {
  const draft = new LaunchDraft('torchrun');
  const { options, rest } = splitOptions(words, arity);
  const has = (name: string): boolean => options.some((option) => option.name === name);
  for (const option of lastOfEach(draft, options, ONCE)) known(draft, option);
  if (isOld) draft.own['program'] = 'torch.distributed.launch';
  setPythonProgram(draft, rest, {
    python,
    isModule: has('m') || has('module'),
    isBare: has('no-python'),
    passesLocalRank: isOld && !has('use-env'),
  });
  return draft;
}

function known(draft: LaunchDraft, option: OptionWords): void {
  switch (option.name) {
    case 'nnodes':
      return nodes(draft, option);
    case 'nproc-per-node':
      if (/^(?:auto|gpu|cpu)$/.test(option.values[0]?.text ?? '')) {
        draft.drop(option.words, 'a host gets as many processes as it has slots or GPUs');
      } else draft.perHost = draft.whole(option, 1);
      return;
    case 'rdzv-backend':
      if (option.values[0]?.text === 'c10d') draft.own['rendezvous'] = 'c10d';
      else if (option.values[0]?.text !== 'static')
        draft.drop(option.words, 'hosts meet statically or by c10d');
      return;
    case 'max-restarts':
      draft.own['maxRestarts'] = draft.whole(option, 0);
      return;
    case 'node-rank':
      return draft.drop(option.words, 'every host gets the rank of its place in the cluster');
    case 'master-addr':
    case 'rdzv-endpoint':
      return draft.drop(option.words, 'the hosts meet at the first host of the cluster');
    case 'master-port':
    case 'rdzv-id':
      return draft.drop(option.words, chosen);
    case 'standalone':
      draft.nodes ??= 1;
      return draft.drop(option.words, 'one host needs nothing else');
    case 'm':
    case 'module':
    case 'no-python':
    case 'use-env':
      return;
    default:
      draft.verbatim(option);
  }
}

/** `--nnodes=2`, or `--nnodes=1:4` of an elastic job. */
function nodes(draft: LaunchDraft, option: OptionWords): void {
  const text = draft.matching(option, /^\d{1,5}(?::\d{1,5})?$/, 'it is no number of hosts');
  const [from, to] = (text ?? '').split(':').map(Number);
  if (text === undefined || from === undefined || from < 1) return;
  draft.nodes = to ?? from;
  if (to === undefined) return;
  draft.own['minNodes'] = from;
  draft.own['rendezvous'] = 'c10d';
}
