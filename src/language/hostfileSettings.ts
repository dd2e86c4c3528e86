import { openMpiKeyword } from '../config/hostfile/openMpiTokens';
import { dialectNames, dialectOf, hostfileDialects, type HostfileDialect } from '../config/hostfile/reading';
import type { HostfileContext } from './hostfileContext';

/** A setting of a host's line, and what each program makes of it. */
export interface HostfileSetting {
  name: 'slots' | 'max_slots' | 'port' | 'username';
  detail: string;
  meaning: string;
  /** What programs make of it that do not do as `meaning` says. */
  otherwise: Partial<Record<HostfileDialect, string>>;
}

const refused = 'refuses the file';
const ignored = 'ignores it';

export const hostfileSettings: readonly HostfileSetting[] = [
  {
    name: 'slots',
    detail: 'processes that fit on the host',
    meaning: 'How many processes fit on the host, usually one for each GPU.',
    otherwise: { mxnet: `${ignored}: \`-n\` says how many there are` },
  },
  {
    name: 'max_slots',
    detail: 'most processes, with oversubscription',
    meaning:
      'The most processes that may be put on the host when slots are oversubscribed; at least `slots`.',
    otherwise: { horovodrun: refused, deepspeed: ignored, mxnet: ignored },
  },
  {
    name: 'port',
    detail: 'SSH port',
    meaning: 'The port of the SSH server on the host.',
    otherwise: { horovodrun: refused, deepspeed: ignored, mxnet: `${ignored}: write \`name:2222\`` },
  },
  {
    name: 'username',
    detail: 'SSH user, as in `user@host`',
    meaning: 'The user to sign in as, as in `user@host`.',
    otherwise: { horovodrun: refused, deepspeed: ignored, mxnet: `${ignored}: write \`user@host\`` },
  },
];

/** The programs that read the file, as far as known; else all of them. */
export function readersOf({ use }: HostfileContext): readonly HostfileDialect[] {
  const launchers = use?.launchers ?? [];
  return launchers.length === 0 ? hostfileDialects : [...new Set(launchers.map(dialectOf))];
}

/** The setting that a word means in any of its spellings. */
export function hostfileSetting(word: string): HostfileSetting | undefined {
  const keyword = openMpiKeyword(word);
  const name = keyword === 'max-slots' ? 'max_slots' : keyword;
  return hostfileSettings.find((setting) => setting.name === name);
}

/** Markdown: the meaning, and each program that does otherwise. */
export function settingDocumentation(setting: HostfileSetting, readers: readonly HostfileDialect[]): string {
  const others = readers.flatMap((reader) => {
    const otherwise = setting.otherwise[reader];
    return otherwise === undefined ? [] : [`* ${dialectNames[reader]} ${otherwise}.`];
  });
  return [setting.meaning, ...(others.length === 0 ? [] : ['', ...others])].join('\n');
}
