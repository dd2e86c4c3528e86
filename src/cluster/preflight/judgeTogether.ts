import type { Answer } from './answer';
import type { Finding } from './checks';
import { isWanted, type PreflightRequest } from './request';

/** One host's answer and when, by our own clock (seconds since the epoch), it was asked for and complete. */
export interface Heard {
  host: string;
  askedAt: number;
  heardAt: number;
  answer: Answer;
}

/** Clocks that are further apart are told. */
const MOST_SKEW_SECONDS = 5;

/** The checks that compare hosts with each other. Pure. */
export function judgeTogether(request: PreflightRequest, heard: readonly Heard[]): Finding[] {
  return [
    ...(isWanted(request, 'clock') ? clocks(heard) : []),
    ...(isWanted(request, 'files') ? versions(request, heard) : []),
  ];
}

/**
 * Where each clock stands against ours is known within bounds: the first line was written after we asked, the last one
 * before we heard. Only what no delay can explain is told.
 */
function clocks(heard: readonly Heard[]): Finding[] {
  const bounds = heard.flatMap(({ host, askedAt, heardAt, answer: { startedAt, stoppedAt } }) =>
    startedAt === undefined || stoppedAt === undefined
      ? []
      : [{ host, least: stoppedAt - heardAt, most: startedAt + 1 - askedAt }],
  );
  // Against the host in the middle: one wrong clock is then named, not all the others.
  const middle = [...bounds].sort((a, b) => a.least + a.most - b.least - b.most)[
    Math.floor((bounds.length - 1) / 2)
  ];
  if (middle === undefined) return [];
  return bounds.flatMap(({ host, least, most }): Finding[] => {
    const ahead = least - middle.most;
    const behind = middle.least - most;
    const apart = Math.max(ahead, behind);
    if (apart <= MOST_SKEW_SECONDS) return [];
    return [
      {
        check: 'clock',
        severity: 'warning',
        host,
        reason: `its clock is at least ${Math.round(apart)} s ${ahead > behind ? 'ahead of' : 'behind'} ${middle.host}`,
        nextStep: 'Set it by NTP: times of points and records of this host are off by that.',
      },
    ];
  });
}

/** The script that the command names, where nothing of ours puts it there: every host should have the same. */
function versions({ hosts, brings }: PreflightRequest, heard: readonly Heard[]): Finding[] {
  const names = [...new Set(hosts.flatMap(({ scripts }) => scripts))].filter(
    (name) => !brings.files.has(name),
  );
  return names.flatMap((name) => {
    const byHost = heard.flatMap(({ host, answer }) => {
      const index = hosts.find((asked) => asked.host.name === host)?.scripts.indexOf(name) ?? -1;
      const sum = answer.scripts.get(index);
      return sum === undefined ? [] : [{ host, sum }];
    });
    const [first] = byHost;
    return byHost.flatMap(({ host, sum }): Finding[] =>
      first === undefined || sum === first.sum
        ? []
        : [
            {
              check: 'files',
              severity: 'warning',
              host,
              reason: `${name} is not the same as on ${first.host}`,
              nextStep: 'List it under `files:` of the launch, and every host gets the same.',
            },
          ],
    );
  });
}
