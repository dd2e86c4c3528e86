import { oneLine } from '../../base/plainText';

/** What preflight.sh told of one host. Undefined: it did not say. */
export interface Answer {
  /** Clock of the host at the first and last line, in seconds since the epoch. */
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  lacks: string[];
  hasOrted: boolean;
  hasInfiniband: boolean;
  boot: string | undefined;
  oomKills: number | undefined;
  /** Free KiB. */
  homeFree: number | undefined;
  workdirFree: number | undefined;
  /** Why nothing can be written there. */
  homeRefused: string | undefined;
  workdirRefused: string | undefined;
  workdirAbsent: boolean;
  busy: { port: number; owner: string }[];
  gpus: { index: number; uuid: string }[];
  gpuProcesses: { uuid: string; pid: number; mebibytes: number | undefined; owner: string }[];
  /** Peers that could not be reached, with ssh's last line. */
  peers: { peer: string; said: string }[];
  setup: {
    /** The lines were all run. */
    ready: boolean;
    /** Status of the shell; 124: it took longer than a minute. */
    status: number | undefined;
    /** Lines that failed, as far as the shell tells; `said`: what was printed since the failure before. */
    failed: { status: number; line: string; said: string[] }[];
    /** What the lines printed, the last of it. */
    output: string[];
  };
  /** Soft limits as the job will have them; Infinity: unlimited. */
  limits: { openFiles: number | undefined; processes: number | undefined; lockedBytes: number | undefined };
  /** By index in the request. */
  programs: Map<number, boolean>;
  /** By index in the request; undefined: it is not there, else its checksum. */
  scripts: Map<number, string | undefined>;
}

const OUTPUT_LINES = 20;
const LINE_LENGTH = 300;

/** Reads the answer of preflight.sh. Never throws: what is missing stays undefined. */
export function parseAnswer(text: string, tag: string): Answer {
  const values = new Map<string, string[]>();
  const output: string[] = [];
  const failed: Answer['setup']['failed'] = [];
  let heard = 0;
  let inSetup = false;
  for (const raw of text.split('\n')) {
    if (!raw.startsWith(`@${tag} `)) {
      if (inSetup && raw !== '') output.push(oneLine(raw, LINE_LENGTH));
      continue;
    }
    const line = raw.slice(tag.length + 2);
    const equals = line.indexOf('=');
    const key = equals < 0 ? line : line.slice(0, equals);
    if (key === 'begin') inSetup = true;
    if (key === 'ready' || key === 'end') inSetup = false;
    if (key === 'setupfailed') {
      const [status, command] = cut(line.slice(equals + 1));
      failed.push({
        status: Number(status),
        line: oneLine(command, LINE_LENGTH),
        said: output.slice(heard).slice(-OUTPUT_LINES),
      });
      heard = output.length;
    }
    values.set(key, [...(values.get(key) ?? []), equals < 0 ? '' : line.slice(equals + 1)]);
  }
  const all = (key: string): string[] => values.get(key) ?? [];
  const one = (key: string): string | undefined => all(key)[0];
  const count = (key: string): number | undefined => whole(one(key));
  return {
    startedAt: count('start'),
    stoppedAt: count('stop'),
    lacks: all('lacks'),
    hasOrted: values.has('orted'),
    hasInfiniband: values.has('infiniband'),
    boot: one('boot'),
    oomKills: count('oomkills'),
    homeFree: count('homefree'),
    workdirFree: count('workdirfree'),
    homeRefused: one('homerefused'),
    workdirRefused: one('workdirrefused'),
    workdirAbsent: values.has('workdir'),
    busy: all('busy').map((line) => {
      const [port, owner] = cut(line);
      return { port: Number(port), owner };
    }),
    gpus: all('gpu').map((line) => {
      const [index, uuid] = cut(line);
      return { index: Number(index), uuid };
    }),
    gpuProcesses: all('gpuprocess').map((line) => {
      const [uuid = '', pid, mebibytes, owner = ''] = line.split(/\s+/);
      return { uuid, pid: Number(pid), mebibytes: whole(mebibytes), owner };
    }),
    peers: all('peer').map((line) => {
      const [peer, said] = cut(line);
      return { peer, said: oneLine(said, LINE_LENGTH) };
    }),
    setup: {
      ready: values.has('ready'),
      status: count('end'),
      failed,
      output: output.slice(-OUTPUT_LINES),
    },
    limits: parseLimits(all('limit')),
    programs: new Map(all('program').map((line) => [Number(cut(line)[0]), cut(line)[1] === 'yes'])),
    scripts: new Map(
      all('script').map((line) => {
        const [index, sum] = cut(line);
        return [Number(index), sum === 'no' ? undefined : sum];
      }),
    ),
  };
}

/** The first word and the rest. */
function cut(line: string): [string, string] {
  const blank = line.indexOf(' ');
  return blank < 0 ? [line, ''] : [line.slice(0, blank), line.slice(blank + 1)];
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Lines of /proc/self/limits. */
function parseLimits(lines: readonly string[]): Answer['limits'] {
  const soft = (name: string): number | undefined => {
    const word = lines
      .find((line) => line.startsWith(name))
      ?.slice(name.length)
      .trim()
      .split(/\s+/)[0];
    return word === 'unlimited' ? Infinity : whole(word);
  };
  return {
    openFiles: soft('Max open files'),
    processes: soft('Max processes'),
    lockedBytes: soft('Max locked memory'),
  };
}
