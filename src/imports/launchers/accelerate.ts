import { lastOfEach, LaunchDraft } from '../launchDraft';
import { splitOptions } from '../optionWords';
import type { ShellWord } from '../shellText';
import { allButFlags } from './flags';
import { setPythonProgram } from './pythonProgram';

/** Options of `accelerate launch` without a value. */
const arity = allButFlags(
  `h help quiet q cpu multi-gpu tpu enable-cpu-affinity dynamo-use-fullgraph dynamo-use-dynamic
  dynamo-use-regional-compilation use-deepspeed use-fsdp use-parallelism-config use-megatron-lm same-network m module
  no-python tpu-cluster no-tpu-cluster tpu-use-sudo downcast-bf16 fp8-use-autocast-during-eval debug`,
);

const ONCE = 'num-processes|num-machines';

/** The words behind `accelerate launch`. */
export function readAccelerate(words: readonly ShellWord[]): LaunchDraft {
  const draft = new LaunchDraft('accelerate');
  const { options, rest } = splitOptions(words, arity);
  const has = (name: string): boolean => options.some((option) => option.name === name);
  for (const option of lastOfEach(draft, options, ONCE)) {
    switch (option.name) {
      case 'num-processes':
        draft.np = draft.whole(option, 1);
        break;
      case 'num-machines':
        draft.nodes = draft.whole(option, 1);
        break;
      case 'machine-rank':
        draft.drop(option.words, 'every host gets the rank of its place in the cluster');
        break;
      case 'main-process-ip':
        draft.drop(option.words, 'the hosts meet at the first host of the cluster');
        break;
      case 'main-process-port':
        draft.drop(option.words, 'Rankwise chooses it at each start');
        break;
      case 'm':
      case 'module':
      case 'no-python':
        break;
      default:
        draft.verbatim(option);
    }
  }
  setPythonProgram(draft, rest, {
    python: undefined,
    isModule: has('m') || has('module'),
    isBare: has('no-python'),
    passesLocalRank: false,
  });
  return draft;
}
