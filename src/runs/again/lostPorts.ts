import { PreflightError } from '../../cluster/preflight/findingText';
import { preflight } from '../../cluster/preflight/preflight';
import type { Plan, PlanHost } from '../../launch/plan';
import type { SshPool } from '../../ssh/connection';
import { tailLines } from '../explain/tailLines';

/** A port that was free when the plan was made, and is somebody else's now. */
export interface LostPort {
  host: string;
  port: number;
  /** `python3, pid 812`; empty where the host does not tell. */
  owner: string;
}

/** How PyTorch, MXNet, gRPC and Python itself say that they cannot listen. */
const CANNOT_LISTEN =
  /address already in use|EADDRINUSE|bind failed|failed to bind|already running at|port \d+ is (?:already )?in use/i;
/** A head of Ray 2.60 whose port is taken only finds that the one who has it does not answer. */
const MAY_NOT_LISTEN = /Failed to connect to GCS at address/;

/** The chosen ports for which a launch was refused, where nothing else stands in its way. */
export function refusedFor(error: unknown, plan: Plan): LostPort[] {
  if (!(error instanceof PreflightError)) return [];
  const errors = error.findings.filter(({ severity }) => severity === 'error');
  const lost = errors.flatMap(({ host, port }) =>
    port !== undefined && isChosen(plan, host, port.port) ? [{ host, ...port }] : [],
  );
  return lost.length === errors.length ? lost : [];
}

/** Whether a process of the run has written that it cannot listen, or what may mean that. @param logs paths of cached logs. */
export async function cannotListen(logs: readonly string[]): Promise<boolean> {
  const tails = await Promise.all(logs.map((log) => tailLines(log)));
  return tails.flat().some((line) => CANNOT_LISTEN.test(line) || MAY_NOT_LISTEN.test(line));
}

/**
 * The chosen ports that somebody listens on. Asked when nothing of the run is left: whoever it is, is somebody else.
 * A host that does not answer tells of none.
 */
export async function takenPorts(ssh: SshPool, plan: Plan, signal: AbortSignal): Promise<LostPort[]> {
  const portsOf = ({ name }: PlanHost): number[] =>
    plan.chosenPorts.flatMap(({ host, port }) => (host === name ? [port] : []));
  const hosts = plan.hosts.map((host) => ({
    host,
    programs: [],
    scripts: [],
    ports: portsOf(host),
    peers: [],
  }));
  const { findings } = await preflight(
    ssh,
    {
      hosts: hosts.filter(({ ports }) => ports.length > 0),
      workdir: plan.workdir,
      env: {},
      setup: [],
      bytes: 0,
      skip: new Set(),
      brings: { files: new Set(), anything: false },
      needsOrted: false,
    },
    signal,
  );
  return findings.flatMap(({ host, port }) => (port === undefined ? [] : [{ host, ...port }]));
}

/** The chosen ports that the logs name as those that cannot be listened on. */
export async function portsSaid(logs: readonly string[], plan: Plan): Promise<LostPort[]> {
  const tails = await Promise.all(logs.map((log) => tailLines(log)));
  const said = tails.flat().filter((line) => CANNOT_LISTEN.test(line));
  return plan.chosenPorts
    .filter(({ port }) => said.some((line) => new RegExp(`(?<!\\d)${port}(?!\\d)`).test(line)))
    .map((one) => ({ ...one, owner: '' }));
}

/** `port 23456 on node1 was taken by python3, pid 812`. */
export function lostText(lost: readonly LostPort[]): string {
  return lost
    .map(({ host, port, owner }) => `port ${port} on ${host} was taken by ${owner || 'another program'}`)
    .join(', ');
}

function isChosen({ chosenPorts }: Plan, host: string, port: number): boolean {
  return chosenPorts.some((one) => one.host === host && one.port === port);
}
