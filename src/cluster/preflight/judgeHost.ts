import type { PreflightCheck } from '../../config/model';
import type { Answer } from './answer';
import type { Finding } from './checks';
import { isWanted, type HostRequest, type PreflightRequest } from './request';

type Found = Omit<Finding, 'host'>;

/** Logs and records need some room even where the training writes nothing. */
const FLOOR_KIB = 16 << 10;
const COMFORT_KIB = 1 << 20;
const FEW_OPEN_FILES = 1024;
const FEW_PROCESSES = 1024;

/** What one host's answer means for the launch, without the checks that compare hosts. Pure. */
export function judgeHost(request: PreflightRequest, asked: HostRequest, answer: Answer): Finding[] {
  const found = [
    ...machine(answer),
    ...room(request, answer),
    ...setup(request, answer),
    ...programs(request, asked, answer),
    ...ports(answer),
    ...gpus(answer),
    ...limits(answer),
    ...peers(answer),
  ];
  return found
    .filter(({ check }) => isWanted(request, check))
    .map((finding) => ({ host: asked.host.name, ...finding }));
}

function machine({ lacks, startedAt, stoppedAt }: Answer): Found[] {
  if (startedAt === undefined || stoppedAt === undefined) {
    return [
      error(
        'reachable',
        'it does not answer like a POSIX shell',
        'Check that commands run over SSH there: ssh HOST true.',
      ),
    ];
  }
  return lacks.map((what) => error('command', `${what} is missing`, 'Install it or use another host.'));
}

function room(request: PreflightRequest, answer: Answer): Found[] {
  const { homeRefused, workdirRefused, homeFree, workdirFree } = answer;
  const needed = Math.ceil(request.bytes / 1024) + FLOOR_KIB;
  const found: Found[] = [];
  const write = 'Free space there or fix its permissions.';
  if (homeRefused !== undefined)
    found.push(error('home', `the home directory cannot be written: ${homeRefused}`, write));
  if (workdirRefused !== undefined)
    found.push(
      error('workdir', `the workdir ${request.workdir} cannot be written: ${workdirRefused}`, write),
    );
  const places = [
    { name: 'the home directory', free: homeFree, needed: FLOOR_KIB, refused: homeRefused },
    { name: `the workdir ${request.workdir}`, free: workdirFree, needed, refused: workdirRefused },
  ];
  const isOnePlace = homeFree === workdirFree;
  for (const place of isOnePlace ? places.slice(1) : places) {
    if (place.free === undefined || place.refused !== undefined) continue;
    if (place.free < place.needed) {
      const reason = `${place.name} has ${size(place.free)} free, ${size(place.needed)} are needed`;
      found.push(error('disk', reason, 'Free space there.'));
    } else if (place.free < place.needed + COMFORT_KIB) {
      found.push(warning('disk', `${place.name} has only ${size(place.free)} free`));
    }
  }
  return found;
}

function setup(
  request: PreflightRequest,
  { setup: { ready, status, failed, output }, workdirRefused }: Answer,
): Found[] {
  if (request.setup.length === 0 || (status === undefined && workdirRefused !== undefined)) return [];
  const said = lastWords(output);
  const next = 'Correct `setup:` of the cluster in rankwise.yaml, or what it calls on the host.';
  if (status === 124) return [error('setup', `the setup lines did not end within 60 s${said}`, next)];
  const found = failed.map((one) =>
    error(
      'setup',
      `the setup line \`${one.line}\` failed with exit ${one.status}${lastWords(one.said)}`,
      next,
    ),
  );
  if (!ready && found.length === 0)
    found.push(error('setup', `the setup lines ended the shell (exit ${status ?? 'unknown'})${said}`, next));
  return found;
}

function lastWords(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `: ${lines.slice(-5).join(' / ')}`;
}

function programs(request: PreflightRequest, asked: HostRequest, answer: Answer): Found[] {
  if (!answer.setup.ready) return [];
  const after = request.setup.length === 0 ? '' : ' after the setup lines';
  const found = asked.programs.flatMap((program, index) =>
    answer.programs.get(index) === false && !isBrought(request, program)
      ? [
          error(
            'command',
            program.includes('/')
              ? `${program} is not there or not executable (workdir ${request.workdir})`
              : `${program}: command not found${after}`,
            program.includes('/')
              ? 'Correct `command:`, or bring the file by `files:`.'
              : program.endsWith('.py')
                ? `Write the interpreter before it: \`command: python ${program}\`.`
                : 'Install it, or put it on the PATH in `setup:` of the cluster.',
          ),
        ]
      : [],
  );
  const scripts = asked.scripts.flatMap((script, index) =>
    answer.scripts.has(index) && answer.scripts.get(index) === undefined && !isBrought(request, script)
      ? [
          error(
            'command',
            `${script} is not in the workdir ${request.workdir}`,
            'List it under `files:` of the launch, or correct `workdir:`.',
          ),
        ]
      : [],
  );
  const orted =
    request.needsOrted &&
    !answer.hasOrted &&
    asked.programs.every((name) => name.includes('mpirun') || answer.programs.get(0) !== false)
      ? [
          warning(
            'command',
            'orted of Open MPI is not found in a shell without a login, as mpirun starts it',
            'Put Open MPI on the PATH in ~/.bashrc, or give mpirun its `--prefix`.',
          ),
        ]
      : [];
  return [...found, ...scripts, ...orted];
}

/** Copied by the launch itself: as named, or below a folder that is copied. */
function isBrought({ brings: { files } }: PreflightRequest, path: string): boolean {
  const plain = path.replace(/^\.\//, '');
  return [...files].some((file) => plain === file || plain.startsWith(`${file}/`));
}

function ports({ busy }: Answer): Found[] {
  return busy.map(({ port, owner }) => ({
    ...error(
      'ports',
      `port ${port} is in use${owner === '' ? '' : ` by ${owner}`}`,
      'Stop what uses it, or choose another port.',
    ),
    port: { port, owner },
  }));
}

function gpus({ gpus: known, gpuProcesses }: Answer): Found[] {
  return gpuProcesses.map(({ uuid, pid, mebibytes, owner }) => {
    const index = known.find((gpu) => gpu.uuid === uuid)?.index;
    const memory = mebibytes === undefined ? '' : `, ${mebibytes} MiB`;
    return warning(
      'gpus',
      `GPU ${index ?? uuid} is in use by ${owner === '' ? 'somebody' : owner} (pid ${pid}${memory})`,
    );
  });
}

function limits({ limits: { openFiles, processes, lockedBytes }, hasInfiniband }: Answer): Found[] {
  const found: Found[] = [];
  if (openFiles !== undefined && openFiles < FEW_OPEN_FILES)
    found.push(warning('limits', `only ${openFiles} files may be open at once (ulimit -n)`));
  if (processes !== undefined && processes < FEW_PROCESSES)
    found.push(warning('limits', `only ${processes} processes are allowed (ulimit -u)`));
  if (hasInfiniband && lockedBytes !== undefined && lockedBytes !== Infinity)
    found.push({
      check: 'limits',
      severity: 'note',
      reason: 'locked memory is limited (ulimit -l), which InfiniBand needs unlimited',
    });
  return found;
}

function peers(answer: Answer): Found[] {
  return answer.peers.map(({ peer, said }) => ({
    ...error(
      'passwordless',
      `cannot reach ${peer} by SSH without a question: ${said}`,
      'Run “Set Up Passwordless SSH…” for the cluster.',
    ),
    code: 'cluster.noPasswordlessSsh',
  }));
}

function error(check: PreflightCheck, reason: string, nextStep: string): Found {
  return { check, severity: 'error', reason, nextStep };
}

function warning(check: PreflightCheck, reason: string, nextStep?: string): Found {
  return { check, severity: 'warning', reason, ...(nextStep === undefined ? {} : { nextStep }) };
}

function size(kib: number): string {
  if (kib < 1024) return `${kib} KiB`;
  return kib < 1 << 20 ? `${Math.floor(kib / 1024)} MiB` : `${(kib / (1 << 20)).toFixed(1)} GiB`;
}
