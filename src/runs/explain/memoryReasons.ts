import { lastMatch, type Evidence, type Reason, type Recogniser } from './evidence';

/** A record this close to the end of a process is of that end. */
const NEAR_SECONDS = 15;

const NEEDS_LESS_MEMORY =
  'Lower the batch size, the number of data loader workers or of processes on that host, or use one with more memory.';

/** The kernel's record or counter says so: nothing is assumed. */
export const killedForMemory: Recogniser = (evidence) => {
  if (!wasKilled(evidence)) return undefined;
  const { host, oom } = evidence;
  const record = nearestRecord(evidence);
  if (record !== undefined) {
    const what = `the kernel of ${host} killed ${record.name} (pid ${record.pid}) for lack of memory`;
    return { code: 'outOfMemory', what, todo: NEEDS_LESS_MEMORY };
  }
  // Where records can be read, a kill that none of them tells was of another process.
  if (oom?.records !== undefined || oom?.killsSinceStart === undefined || oom.killsSinceStart === 0)
    return undefined;
  const times = oom.killsSinceStart === 1 ? 'one process' : `${oom.killsSinceStart} processes`;
  return {
    code: 'outOfMemoryLikely',
    what: `it was killed, and the kernel of ${host} has killed ${times} for lack of memory since the launch (its records, which name them, cannot be read)`,
    todo: NEEDS_LESS_MEMORY,
  };
};

/** The last signal of a stop: only what ignored those before is still there to get it. */
export const killedByStop: Recogniser = ({ code, wasStopped }) =>
  code === 137 && wasStopped
    ? {
        code: 'killedByStop',
        what: 'Rankwise ended it by SIGKILL: it was still there when the time for SIGINT and SIGTERM was up',
        todo: 'Let the training end on SIGTERM, or give it more time by `stop:` of the launch, if it has something to save.',
      }
    : undefined;

/** SIGKILL, and what is known of who sent it. */
export const killed: Recogniser = (evidence) => {
  if (evidence.code !== 137) return undefined;
  const { host, oom } = evidence;
  const isExcluded = oom?.records !== undefined || oom?.killsSinceStart === 0;
  return isExcluded
    ? {
        code: 'killed',
        what: `it was killed by SIGKILL, and not by the kernel of ${host} for lack of memory, which has no record of that`,
        todo: 'Ask who or what sent it: a person, a scheduler, a limit of the session or container.',
      }
    : {
        code: 'killedUnknown',
        what: `it was killed by SIGKILL; whether for lack of memory could not be learnt from ${host}`,
        todo: `Look at the kernel's log on ${host} (dmesg, as root).`,
      };
};

export const cudaOutOfMemory: Recogniser = ({ lines }) => {
  const match = lastMatch(
    lines,
    /CUDA out of memory|CUDA error: out of memory|cudaMalloc failed: out of memory|CUDA_ERROR_OUT_OF_MEMORY|HIP out of memory/,
  );
  if (match === undefined) return undefined;
  const wanted = lastMatch(lines, /Tried to allocate ([\d.]+ [KMG]iB)/)?.[1];
  return {
    code: 'cudaOutOfMemory',
    what:
      wanted === undefined
        ? 'the GPU ran out of memory'
        : `the GPU ran out of memory when ${wanted} more were asked for`,
    todo: 'Lower the batch size, or see who else uses that GPU.',
  };
};

/** SIGBUS is, nearly always, a full /dev/shm under a data loader. */
export const busError: Recogniser = ({ code, lines }) => {
  const match = lastMatch(
    lines,
    /Bus error|insufficient shared memory|unable to (?:open|write to|allocate) shared memory|killed by signal: Bus error/i,
  );
  if (code !== 135 && match === undefined) return undefined;
  return {
    code: 'busError',
    what: 'a memory that is backed by a file could not be written (SIGBUS): most often /dev/shm is full',
    todo: 'Look at `df -h /dev/shm`; enlarge it, or lower the number of data loader workers.',
  };
};

export const segmentationFault: Recogniser = ({ code, lines }) =>
  code === 139 || lastMatch(lines, /Segmentation fault|signal 11\b|SIGSEGV/) !== undefined
    ? ({
        code: 'segmentationFault',
        what: 'a segmentation fault: native code read or wrote memory that is not its own',
        todo: 'Run one worker with PYTHONFAULTHANDLER=1 to see where; versions that do not fit together are the usual cause.',
      } satisfies Reason)
    : undefined;

/** Whether a kill explains the end: its own, or one of a process of its own that it names. */
export function wasKilled({ code, lines }: Pick<Evidence, 'code' | 'lines'>): boolean {
  return (
    code === 137 ||
    lastMatch(
      lines,
      /killed by signal: Killed|died with <Signals\.SIGKILL|exitcode\s*:?\s*-9\b|signal 9 \(Killed\)/,
    ) !== undefined
  );
}

function nearestRecord({
  oom,
  endedAt,
}: Evidence): NonNullable<NonNullable<Evidence['oom']>['records']>[number] | undefined {
  return oom?.records
    ?.filter(({ isOurs }) => isOurs !== false)
    .findLast(({ at }) => endedAt === undefined || Math.abs(at - endedAt) <= NEAR_SECONDS);
}
