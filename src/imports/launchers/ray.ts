import { lastOfEach, LaunchDraft, onlyAShell } from '../launchDraft';
import { splitOptions, type OptionWords } from '../optionWords';
import type { ShellWord } from '../shellText';
import { allButFlags } from './flags';
import { added } from './pythonProgram';

const startFlags = allButFlags(
  `head block no-redirect-output enable-object-reconstruction no-monitor ray-debugger-external disable-usage-stats
  enable-resource-isolation help`,
);
const ADDRESS =
  /^(?:(?:https?|ray):\/\/)?(?:[A-Za-z0-9][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\]):[1-9][0-9]{0,4}\/?$/;

/** The words behind `ray start`, into the launch whose command comes later. */
export function readRayStart(draft: LaunchDraft, words: readonly ShellWord[]): void {
  const { options, rest } = splitOptions(words, startFlags);
  const isHead = options.some(({ name }) => name === 'head');
  const args: string[] = [];
  for (const option of lastOfEach(draft, options, 'num-cpus|num-gpus')) started(draft, option, args);
  draft.drop(rest, '`ray start` takes no such word');
  const key = isHead ? 'headArgs' : 'nodeArgs';
  const known = draft.own[key];
  draft.own[key] = [...(Array.isArray(known) ? known : []), ...args];
}

function started(draft: LaunchDraft, option: OptionWords, args: string[]): void {
  switch (option.name) {
    case 'head':
    case 'block':
      return draft.drop(option.words, 'Rankwise starts Ray on every host, the head first');
    case 'num-cpus':
      return resource(draft, 'numCpus', option);
    case 'num-gpus':
      return resource(draft, 'numGpus', option);
    case 'address':
      return draft.drop(option.words, 'the hosts of the cluster join the head that Rankwise starts');
    case 'node-ip-address':
      return draft.drop(option.words, 'every host has the address that the cluster gives it');
    case 'redis-password':
      return draft.drop('--redis-password=…', 'Rankwise locks its Ray by a token of its own');
    default:
      for (const word of draft.literal(option.words)) args.push(word);
  }
}

/** Every host offers the same; the head's number comes first. */
function resource(draft: LaunchDraft, key: 'numCpus' | 'numGpus', option: OptionWords): void {
  const before = draft.own[key];
  if (before === undefined) draft.own[key] = draft.whole(option, 0);
  else if (before !== Number(option.values[0]?.text)) draft.drop(option.words, 'every host offers the same');
}

/** The words behind `ray job submit`. */
export function readRaySubmit(words: readonly ShellWord[]): LaunchDraft {
  const draft = new LaunchDraft('ray');
  const { options, rest } = splitOptions(words, allButFlags('no-wait help'));
  draft.own['mode'] = 'submit';
  for (const option of options) {
    if (option.name === 'address') setRayAddress(draft, option.values[0] ?? added(''));
    else draft.drop(option.words, 'a launch has no place for this option of `ray job submit`');
  }
  draft.command = rest;
  return draft;
}

/** `--address`, or RAY_ADDRESS. */
export function setRayAddress(draft: LaunchDraft, { source, text }: ShellWord): void {
  if (draft.own['address'] !== undefined) draft.drop(`--address=${source}`, 'another address is given');
  else if (text !== undefined && ADDRESS.test(text)) draft.own['address'] = text;
  else
    draft.drop(`--address=${source}`, text === undefined ? onlyAShell : 'it is no address of a Ray cluster');
}
