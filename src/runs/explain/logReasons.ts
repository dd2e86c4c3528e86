import { lastMatch, type Recogniser } from './evidence';

/** Words of a program, which may end as a sentence does: what there is to do follows as the next one. */
function withoutStop(said: string): string {
  return said.replace(/[.\s]+$/, '');
}

export const hostKeyFailed: Recogniser = ({ lines }) => {
  const match = lastMatch(
    lines,
    /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|No \S+ host key is known for (\S+)/,
  );
  if (match === undefined) return undefined;
  const peer = lastMatch(lines, /No \S+ host key is known for (\S+)/)?.[1]?.replace(/[^\w.:[\]-]/g, '');
  return {
    code: 'hostKeyFailed',
    what: `a host refused to start workers on ${peer === undefined || peer === '' ? 'another' : peer}: its SSH host key is not known there`,
    todo: 'Run “Set Up Passwordless SSH…” for the cluster.',
  };
};

export const publicKeyRefused: Recogniser = ({ lines }) => {
  const match = lastMatch(lines, /(?:(\S+@\S+): )?Permission denied \((?:[\w-]+,)*publickey/);
  if (match === undefined) return undefined;
  return {
    code: 'publicKeyRefused',
    what: `SSH between the hosts was refused${match[1] === undefined ? '' : ` by ${match[1]}`}: no key of the asking host is accepted there`,
    todo: 'Run “Set Up Passwordless SSH…” for the cluster.',
  };
};

export const ncclTimeout: Recogniser = ({ lines }) => {
  const match = lastMatch(
    lines,
    /Watchdog caught collective operation timeout: WorkNCCL\((?:SeqNum=\d+, )?OpType=(\w+)/,
  );
  if (
    match === undefined &&
    lastMatch(
      lines,
      /NCCL.*(?:watchdog|timed? ?out)|Timed out waiting \d+ms for recv operation|Watchdog caught collective operation timeout/i,
    ) === undefined
  )
    return undefined;
  return {
    code: 'collectiveTimeout',
    what: `the workers waited for each other until the time was up${match?.[1] === undefined ? '' : ` (in ${match[1]})`}: another worker was stuck, late or gone, or the network between them does not carry this traffic`,
    todo: 'Look for the worker whose log stops first; set NCCL_DEBUG=INFO and NCCL_SOCKET_IFNAME if it happens at the first step.',
  };
};

/** Python names what it could not import; the interpreter stands in the frames above. */
export const moduleMissing: Recogniser = ({ lines, host }) => {
  const match = lastMatch(lines, /ModuleNotFoundError: No module named '([^']+)'/);
  const program = lastMatch(
    lines,
    /^\S*?(\/\S*python[\d.]*): (?:Error while finding module|No module named) /,
  )?.[1];
  const bare = lastMatch(lines, /No module named (\S+)$/)?.[1]?.replace(/['".]+/g, '');
  const name = match?.[1] ?? bare;
  if (name === undefined) return undefined;
  const version = lastMatch(lines, /File "([^"]*\/(?:lib|lib64)\/python[\d.]+)\//)?.[1];
  const which = program ?? version;
  return {
    code: 'moduleMissing',
    what: `Python on ${host} has no module ${name}${which === undefined ? '' : ` (${which})`}`,
    todo: 'Install it for that interpreter, or activate the right environment in `setup:` of the cluster.',
  };
};

export const importFailed: Recogniser = ({ lines, host }) => {
  const match = lastMatch(lines, /^(?:\[[^\]]*\]:?\s*)?ImportError: (.+)/);
  if (match === undefined) return undefined;
  return {
    code: 'importFailed',
    what: `an import failed on ${host}: ${withoutStop(match[1] ?? '')}`,
    todo: 'Compare the versions of the packages with a host where it works.',
  };
};

export const addressInUse: Recogniser = ({ lines, host }) => {
  const match = lastMatch(lines, /Address already in use|EADDRINUSE|address already in use/);
  if (match === undefined) return undefined;
  const port =
    lastMatch(lines, /(?:port:? |:)(\d{2,5})\b[^\n]*(?:EADDRINUSE|address already in use)/i)?.[1] ??
    lastMatch(lines, /(?:EADDRINUSE|address already in use)[^\n]*?(?:port:? |:)(\d{2,5})\b/i)?.[1];
  return {
    code: 'addressInUse',
    what: `${port === undefined ? 'a port' : `port ${port}`} on ${host} is already in use`,
    todo: 'Stop what listens there (an earlier training?), or choose another port (MASTER_PORT).',
  };
};

export const diskFull: Recogniser = ({ lines, host }) =>
  lastMatch(lines, /No space left on device|ENOSPC|Disk quota exceeded/) === undefined
    ? undefined
    : {
        code: 'diskFull',
        what: `a disk of ${host} is full, or a quota used up`,
        todo: 'Free space there: old checkpoints, /tmp, or the cache of a data set.',
      };

/** Where the workers meet: nobody listens there, or nobody lets them. */
export const connectionRefused: Recogniser = ({ lines }) => {
  const match = lastMatch(
    lines,
    /(?:Connection refused|ECONNREFUSED|No route to host|failed to connect|timed out.*(?:TCPStore|connect)|The client socket has (?:failed|timed out).*)/i,
  );
  if (match === undefined) return undefined;
  const place =
    lastMatch(lines, /connect(?:ing|ion)? to \[?([\w.:-]+?)\]?[,:]\s*(\d{2,5})/i) ??
    lastMatch(lines, /\[?([\w.-]+)\]?:(\d{2,5})\D.*(?:refused|ECONNREFUSED)/i);
  const where =
    place === undefined ? 'the place where the workers meet' : `${place[1] ?? ''}:${place[2] ?? ''}`;
  return {
    code: 'connectionRefused',
    what: `${where} could not be reached: nothing listens there (any more), or a firewall is between`,
    todo: 'See whether rank 0 failed first, and whether the hosts reach each other on that port.',
  };
};

export const commandNotFound: Recogniser = ({ code, lines, host }) => {
  if (code !== 127) return undefined;
  const name = lastMatch(lines, /(?:^|: )(?:line \d+: |\d+: )?([^\s:]+): (?:command )?not found$/)?.[1];
  return {
    code: 'commandNotFound',
    what: `${name ?? 'a command'} does not exist on ${host}, or is not on the PATH of the login shell there`,
    todo:
      name?.endsWith('.py') === true
        ? `Write the interpreter before it: \`command: python ${name}\`.`
        : 'Install it, or put it on the PATH in `setup:` of the cluster.',
  };
};

export const notExecutable: Recogniser = ({ code, lines, host }) => {
  if (code !== 126) return undefined;
  const name = lastMatch(
    lines,
    /(?:^|: )(?:line \d+: |\d+: )?([^\s:]+): (?:Permission denied|cannot execute|Is a directory|bad interpreter)/,
  )?.[1];
  return {
    code: 'notExecutable',
    what: `${name ?? 'the command'} cannot be executed on ${host}`,
    todo: 'Make it executable (chmod +x), or name the interpreter before it.',
  };
};

/** A thread of PyTorch's process group that needs Python while Python ends aborts it (PyTorch 179291, 190489). */
export const abortedAtExit: Recogniser = ({ lines }) =>
  lastMatch(lines, /terminate called without an active exception/) === undefined
    ? undefined
    : {
        code: 'abortedAtExit',
        what: 'a thread was still at work when its process ended; PyTorch does this now and then after the last step of a training',
        todo: 'See whether the training had finished. Call `torch.distributed.destroy_process_group()` at its end, or leave by `os._exit(0)` when all is saved.',
      };

/** The end of a Python traceback says what went wrong, if nothing above did. */
export const pythonTraceback: Recogniser = ({ lines }) => {
  const start = lines.findLastIndex((line) => line.includes('Traceback (most recent call last)'));
  if (start < 0) return undefined;
  const said = lines
    .slice(start + 1)
    .find(
      (line) =>
        /^(?:\[[^\]]*\]:?\s*)?[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning|Failure)?(?::|$)/.test(
          line,
        ) && !/^\s/.test(line),
    );
  if (said === undefined) return undefined;
  return {
    code: 'pythonError',
    what: withoutStop(said),
    todo: 'Read the traceback in the log of that worker.',
  };
};
