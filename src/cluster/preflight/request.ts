import type { ClusterModel, LaunchModel, PreflightCheck } from '../../config/model';
import type { Plan, PlanHost } from '../../launch/plan';
import { commandWords } from './commandWords';
import type { Finding } from './checks';

/** What is to be looked at on one host. Plain data. */
export interface HostRequest {
  host: PlanHost;
  /** Programs that must be found after the setup lines: words, or paths below the workdir. */
  programs: string[];
  /** Files that the command names and that must be there. */
  scripts: string[];
  ports: number[];
  /** Names or addresses that must be reached from this host by SSH without a question. */
  peers: string[];
}

export interface PreflightRequest {
  hosts: HostRequest[];
  workdir: string;
  env: Record<string, string>;
  setup: string[];
  /** Bytes that will be copied to the workdir. */
  bytes: number;
  skip: ReadonlySet<string>;
  /** What the launch itself will put there (paths below the workdir), and whether that may be more than its files. */
  brings: { files: ReadonlySet<string>; anything: boolean };
  /** mpirun starts `orted` there without a login shell. */
  needsOrted: boolean;
}

/** Launchers that start their processes on the other hosts by SSH from the head. */
function reachesByHead({ launcher, mxnet }: LaunchModel): boolean {
  if (launcher === 'mxnet') return mxnet.launchPy !== undefined && ['ssh', 'mpi'].includes(mxnet.tracker);
  return launcher === 'mpirun' || launcher === 'horovodrun' || launcher === 'deepspeed';
}

/**
 * What a launch needs of its hosts.
 * @param plan undefined where no plan could be made because a host did not answer: then ports are not known.
 * @param bytes size of what will be copied.
 */
export function preflightRequest(
  launch: LaunchModel,
  cluster: ClusterModel,
  plan: Plan | undefined,
  bytes: number,
): PreflightRequest {
  const hosts = plan?.hosts ?? cluster.hosts;
  const brought = new Set((plan?.sync ?? []).map(({ remote }) => remote));
  const isSlurm = plan?.slurm !== undefined || cluster.slurm !== undefined;
  const words = commandWords(launch.command);
  const head = plan?.processes.find(({ role }) => role === 'launcher')?.host ?? hosts[0]?.name;
  return {
    hosts: hosts.map((host): HostRequest => {
      if (isSlurm) return { host, programs: ['sbatch'], scripts: [], ports: [], peers: [] };
      const runs = runsCommand(plan, host.name);
      return {
        host,
        programs: [
          ...new Set([
            ...(runs && words.program !== undefined ? [words.program] : []),
            ...launchersOn(plan, host),
          ]),
        ],
        scripts: runs && words.script !== undefined ? [words.script] : [],
        ports: plan === undefined ? [] : portsOn(plan, host),
        peers:
          host.name === head && reachesByHead(launch)
            ? hosts.filter((other) => other !== host).map(({ peer }) => peer)
            : [],
      };
    }),
    workdir: cluster.workdir ?? '~',
    env: { ...cluster.env, ...launch.env },
    setup: isSlurm ? [] : cluster.setup,
    bytes,
    skip: new Set(launch.skipChecks),
    brings: {
      files: brought,
      // Files alone change nothing but for setup lines that read them.
      anything:
        launch.checkout !== undefined ||
        launch.setupScript !== undefined ||
        (launch.files.length > 0 && cluster.setup.length > 0),
    },
    needsOrted: launch.launcher === 'mpirun' && hosts.length > 1,
  };
}

/** Whether workers run there; where the plan does not know, any host may get some. */
function runsCommand(plan: Plan | undefined, host: string): boolean {
  if (plan === undefined || plan.workers.length === 0) return true;
  return plan.workers.some((worker) => worker.host === host);
}

/** Programs other than our own shells that the plan starts itself. */
function launchersOn(plan: Plan | undefined, host: PlanHost): string[] {
  return (plan?.processes ?? []).flatMap(({ host: place, role, argv: [program] }) =>
    place !== host.name || role !== 'launcher' || program === undefined || !/^[\w.+-]+$/.test(program)
      ? []
      : [program],
  );
}

/** Ports that something of the plan will listen on at this host. */
function portsOn(plan: Plan, host: PlanHost): number[] {
  const [head] = plan.hosts;
  const meeting = plan.processes.flatMap(({ env }) => [
    { address: env['MASTER_ADDR'], port: env['MASTER_PORT'] },
    { address: env['DMLC_PS_ROOT_URI'], port: env['DMLC_PS_ROOT_PORT'] },
  ]);
  const isHere = (address: string | undefined): boolean =>
    address === undefined ? host === head : address === host.peer || address === host.name;
  const ports = [
    ...meeting.flatMap(({ address, port }) => (port !== undefined && isHere(address) ? [Number(port)] : [])),
    ...[...plan.pages, ...plan.chosenPorts].flatMap((one) => (one.host === host.name ? [one.port] : [])),
  ];
  return [...new Set(ports)].filter((port) => Number.isInteger(port) && port > 0 && port < 65536);
}

/** Whether a check is part of a launch. */
export function isWanted(request: PreflightRequest, check: PreflightCheck): boolean {
  return !request.skip.has(check);
}

/** What copying, a checkout or a set-up script may still bring is looked at once more when they are done. */
export function mayBeBrought({ brings }: PreflightRequest, { check, severity }: Finding): boolean {
  return brings.anything && severity === 'error' && (check === 'setup' || check === 'command');
}
