import { lastOfEach, LaunchDraft } from '../launchDraft';
import { splitOptions, type OptionWords } from '../optionWords';
import type { ShellWord } from '../shellText';
import { allButFlags } from './flags';
import { setPythonProgram } from './pythonProgram';

/** Options of DeepSpeed's launcher without a value. */
const arity = allButFlags(
  'h help module no-python no-local-rank no-ssh no-ssh-check force-multi save-pid bind-cores-to-rank q quiet',
);

const ONCE = 'H hostfile|i include|num-nodes|num-gpus num-accelerators';

export function readDeepspeed(words: readonly ShellWord[]): LaunchDraft {
  const draft = new LaunchDraft('deepspeed');
  const { options, rest } = splitOptions(words, arity);
  const has = (name: string): boolean => options.some((option) => option.name === name);
  for (const option of lastOfEach(draft, options, ONCE)) known(draft, option);
  setPythonProgram(draft, rest, {
    python: undefined,
    isModule: has('module'),
    isBare: has('no-python'),
    passesLocalRank: !has('no-local-rank'),
  });
  return draft;
}

function known(draft: LaunchDraft, option: OptionWords): void {
  switch (option.name) {
    case 'H':
    case 'hostfile':
      draft.setHostfile(option);
      return;
    case 'i':
    case 'include':
      return included(draft, option);
    case 'num-nodes':
      draft.nodes = draft.whole(option, 1);
      return;
    case 'num-gpus':
    case 'num-accelerators':
      draft.gpus = draft.whole(option, 1);
      return;
    case 'master-addr':
      return draft.drop(option.words, 'the hosts meet at the first host of the cluster');
    case 'master-port':
    case 'node-rank':
      return draft.drop(option.words, 'Rankwise chooses it at each start');
    case 'launcher':
    case 'launcher-args':
    case 'ssh-port':
    case 'force-multi':
    case 'no-ssh':
    case 'no-ssh-check':
      return draft.drop(option.words, 'Rankwise starts DeepSpeed on every host by itself');
    case 'module':
    case 'no-python':
    case 'no-local-rank':
      return;
    default:
      draft.verbatim(option);
  }
}

/** `node1@node2:0,1`: hosts, and GPUs where it names some; only their number can be kept. */
function included(draft: LaunchDraft, option: OptionWords): void {
  const text = draft.text(option);
  if (text === undefined) return;
  for (const part of text.split('@')) {
    const match = /^([A-Za-z0-9][\w.-]*)(?::(\d+(?:,\d+)*))?$/.exec(part.trim());
    const [, host, gpus] = match ?? [];
    if (host === undefined) draft.drop(part, 'no host can be read in it (--include)');
    else if (gpus === undefined) draft.hosts.push({ host });
    else {
      draft.hosts.push({ host, slots: gpus.split(',').length });
      draft.drop(part, 'the host has as many slots, but no GPUs of its own choice');
    }
  }
}
