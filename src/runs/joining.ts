import { describeError } from '../base/errors';
import { oneLine } from '../base/plainText';
import type { Plan, PlanHost, PlanWorker } from '../launch/plan';
import type { SshPool } from '../ssh/connection';
import { runScriptText } from '../ssh/runScript';
import type { Records } from './deriveState';
import type { NotJoined } from './model';
import joiningScript from './remote/joining.sh';

const ANSWER_MS = 15_000;
const LINE_LENGTH = 200;

/** Expected workers of which no start is recorded. Empty where the plan cannot know who comes. */
export function notStarted(plan: Plan, records: Records): PlanWorker[] {
  return plan.workers.filter(({ host, localIndex }) => {
    const record = records.get(host)?.find(({ id }) => id === String(localIndex));
    return record?.started !== true && record?.exit === undefined;
  });
}

/** What one host says of a run whose workers do not come. */
export interface JoiningAnswer {
  /** Names of the run's processes there. */
  processes: string[];
  port: 'answers' | 'refused' | 'silent' | undefined;
  /** The launcher's last line, on the host where it runs. */
  last: string | undefined;
}

/** Reads the answer of joining.sh. Never throws. */
export function parseJoining(text: string): JoiningAnswer {
  const all = (key: string): string[] =>
    text.split('\n').flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []));
  const port = all('port')[0];
  const last = oneLine(all('last')[0] ?? '', LINE_LENGTH);
  return {
    processes: all('process'),
    port: port === 'answers' || port === 'refused' || port === 'silent' ? port : undefined,
    last: last === '' ? undefined : last,
  };
}

/**
 * Asks the hosts of the workers that have not come, and the head, what is there. Never throws: a host that does not
 * answer is the reason.
 */
export async function askNotJoined(
  ssh: SshPool,
  plan: Plan,
  late: readonly PlanWorker[],
): Promise<NotJoined[]> {
  const head = plan.processes.find(({ role }) => role === 'launcher')?.host ?? plan.hosts[0]?.name;
  const meeting = meetingPlace(plan);
  const names = new Set(late.map(({ host }) => host));
  const asked = plan.hosts.filter(({ name }) => names.has(name) || name === head);
  const answers = new Map(
    await Promise.all(
      asked.map(async (host) => [host.name, await askHost(ssh, plan.run, host, meeting)] as const),
    ),
  );
  return late.map(({ id, host }) => ({
    worker: id,
    host,
    reason: joiningReason(
      host,
      answers.get(host),
      head,
      head === undefined ? undefined : answers.get(head),
      meeting,
    ),
  }));
}

async function askHost(
  ssh: SshPool,
  run: string,
  host: PlanHost,
  meeting: Meeting | undefined,
): Promise<JoiningAnswer | string> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  try {
    const connection = await ssh.connect(host.target, signal);
    const args = [run, host.name, meeting?.address ?? '-', String(meeting?.port ?? 0)];
    return parseJoining(await runScriptText(connection, 'Asking for workers', joiningScript, args, signal));
  } catch (error) {
    return signal.aborted ? `${host.name} did not answer within ${ANSWER_MS / 1000} s` : describeError(error);
  }
}

interface Meeting {
  address: string;
  port: number;
}

/** Where the workers meet, where the plan says it. */
function meetingPlace(plan: Plan): Meeting | undefined {
  for (const { env } of plan.processes) {
    const address = env['MASTER_ADDR'] ?? env['DMLC_PS_ROOT_URI'];
    const port = Number(env['MASTER_PORT'] ?? env['DMLC_PS_ROOT_PORT']);
    if (address !== undefined && Number.isInteger(port) && port > 0) return { address, port };
  }
  return undefined;
}

/** One sentence on a worker that has not come. Pure. @param own, ofHead answers, or why there is none. */
export function joiningReason(
  host: string,
  own: JoiningAnswer | string | undefined,
  head: string | undefined,
  ofHead: JoiningAnswer | string | undefined,
  meeting: Meeting | undefined,
): string {
  if (typeof own === 'string') return own;
  const parts: string[] = [];
  if (own === undefined || own.processes.length === 0) parts.push(`no process of the run is on ${host}`);
  else parts.push(`on ${host} runs ${[...new Set(own.processes)].join(', ')}, but the worker has not begun`);
  const place = meeting === undefined ? '' : `${meeting.address}:${meeting.port}`;
  const seen = new Map([
    [host, own],
    ...(head === undefined || typeof ofHead === 'string' ? [] : [[head, ofHead] as const]),
  ]);
  for (const [from, answer] of seen) {
    if (answer?.port === 'refused') parts.push(`nobody listens at ${place}, asked from ${from}`);
    if (answer?.port === 'silent') parts.push(`${place} does not answer from ${from}`);
  }
  if (typeof ofHead !== 'string' && ofHead?.last !== undefined)
    parts.push(`the launcher says: ${ofHead.last}`);
  return parts.join('; ');
}

/** `2 of 8 workers have not started within 120 s: node3/0, node3/1: …`: equal reasons once. */
export function notJoinedText(plan: Plan, notJoined: readonly NotJoined[]): string | undefined {
  if (notJoined.length === 0) return undefined;
  const byReason = new Map<string, string[]>();
  for (const { worker, reason } of notJoined) byReason.set(reason, [...(byReason.get(reason) ?? []), worker]);
  const parts = [...byReason].map(([reason, workers]) => `${workers.join(', ')}: ${reason}`);
  return `${notJoined.length} of ${plan.np} workers have not started within ${plan.joinSeconds} s: ${parts.join(' · ')}`;
}
