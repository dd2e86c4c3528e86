import { lastOfEach, LaunchDraft } from '../launchDraft';
import { splitOptions, type Arity } from '../optionWords';
import type { ShellWord } from '../shellText';
import { allButFlags } from './flags';

/** Options of horovodrun 0.28 without a value. */
const flags = allButFlags(
  `h help v version cb check-build disable-cache verbose hierarchical-allreduce no-hierarchical-allreduce
  hierarchical-allgather no-hierarchical-allgather torus-allreduce no-torus-allreduce autotune no-autotune
  timeline-mark-cycles no-timeline-mark-cycles no-stall-check stall-check mpi-threads-disable no-mpi-threads-disable
  tcp log-with-timestamp log-without-timestamp prefix-timestamp prefix-output-with-timestamp log-hide-timestamp
  no-log-hide-timestamp gloo mpi jsrun`,
);
const arity: Arity = (name, dashes) => (name === 'blacklist-cooldown-range' ? 2 : flags(name, dashes));

const ONCE = 'np num-proc|H hosts host|hostfile|mpi gloo|network-interface network-interfaces';

export function readHorovodrun(words: readonly ShellWord[]): LaunchDraft {
  const draft = new LaunchDraft('horovodrun');
  const { options, rest } = splitOptions(words, arity);
  for (const option of lastOfEach(draft, options, ONCE)) {
    switch (option.name) {
      case 'np':
      case 'num-proc':
        draft.np = draft.whole(option, 1) ?? draft.np;
        break;
      case 'H':
      case 'hosts':
      case 'host':
        draft.hostList(option);
        break;
      case 'hostfile':
        draft.setHostfile(option);
        break;
      case 'mpi':
      case 'gloo':
        draft.own['controller'] = option.name;
        break;
      case 'network-interface':
      case 'network-interfaces':
        draft.own['interface'] = draft.matching(
          option,
          /^[A-Za-z0-9][A-Za-z0-9._:@,-]*$/,
          'it is no network interface',
        );
        break;
      default:
        draft.verbatim(option);
    }
  }
  draft.command = rest;
  return draft;
}
