import { remotePathPattern } from '../../config/names';
import { lastOfEach, LaunchDraft } from '../launchDraft';
import { splitOptions } from '../optionWords';
import type { ShellWord } from '../shellText';
import { allButFlags } from './flags';

const ONCE = 'n num-workers|s num-servers|H hostfile|launcher|sync-dst-dir';

/** `launch.py` of MXNet, by the path it was started with. */
export function readLaunchPy(program: ShellWord, words: readonly ShellWord[]): LaunchDraft {
  const draft = new LaunchDraft('mxnet');
  const { options, rest } = splitOptions(words, allButFlags('h help'));
  if (program.text !== undefined && remotePathPattern.test(program.text)) {
    draft.own['launchPy'] = program.text;
  } else draft.drop([program], 'Rankwise starts scheduler, servers and workers itself');
  for (const option of lastOfEach(draft, options, ONCE)) {
    switch (option.name) {
      case 'n':
      case 'num-workers':
        draft.np = draft.whole(option, 1);
        break;
      case 's':
      case 'num-servers':
        draft.own['servers'] = draft.whole(option, 0);
        break;
      case 'H':
      case 'hostfile':
        draft.setHostfile(option);
        break;
      case 'launcher':
        draft.own['tracker'] = draft.matching(
          option,
          /^(?:local|ssh|mpi|sge|yarn)$/,
          'launch.py has no such launcher',
        );
        break;
      case 'sync-dst-dir':
        draft.own['syncDstDir'] = draft.matching(option, remotePathPattern, 'it is no path on a host');
        break;
      default:
        draft.verbatim(option);
    }
  }
  draft.command = rest;
  return draft;
}
