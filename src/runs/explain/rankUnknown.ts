import { lastMatch, type Recogniser } from './evidence';

/** The words of our own rank.sh; those of the launcher around it only tell that a command failed. */
export const rankUnknown: Recogniser = ({ lines, host }) =>
  lastMatch(lines, /rankwise: nothing in the environment tells which rank this is/) === undefined
    ? undefined
    : {
        code: 'rankUnknown',
        what: `the launcher started the command on ${host} without telling which rank it is, as it does for a single process`,
        todo: 'Look at its options in the plan: accelerate does so with `--cpu`, which is to be left out.',
      };
