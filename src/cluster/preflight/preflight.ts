import { randomBytes } from 'node:crypto';
import { describeError, RankwiseError, throwIfAborted } from '../../base/errors';
import type { SshPool } from '../../ssh/connection';
import { runScript } from '../../ssh/runScript';
import { parseAnswer } from './answer';
import type { Finding, PreflightResult } from './checks';
import { judgeHost } from './judgeHost';
import { judgeTogether, type Heard } from './judgeTogether';
import { renderPreflight } from './probeScript';
import type { HostRequest, PreflightRequest } from './request';

/**
 * Looks at every host of a launch before anything of it has started: one script per host, all at once. Never throws for
 * a host: what stands in the way are findings.
 * @throws Cancelled
 */
export async function preflight(
  ssh: SshPool,
  request: PreflightRequest,
  signal?: AbortSignal,
): Promise<PreflightResult> {
  const asked = await Promise.all(
    request.hosts.map(async (one) => {
      try {
        return { one, heard: await look(ssh, request, one, signal) };
      } catch (error) {
        throwIfAborted(signal);
        return { one, failure: unreachable(one.host.name, error) };
      }
    }),
  );
  const heard = asked.flatMap((result) => (result.heard === undefined ? [] : [result.heard]));
  const findings = asked.flatMap((result) =>
    result.heard === undefined ? [result.failure] : judgeHost(request, result.one, result.heard.answer),
  );
  return {
    findings: [...findings, ...judgeTogether(request, heard)],
    baselines: Object.fromEntries(
      heard.flatMap(({ host, answer: { boot, oomKills } }) =>
        boot === undefined || oomKills === undefined ? [] : [[host, { boot, oomKills }]],
      ),
    ),
  };
}

async function look(
  ssh: SshPool,
  request: PreflightRequest,
  asked: HostRequest,
  signal: AbortSignal | undefined,
): Promise<Heard> {
  const connection = await ssh.connect(asked.host.target, signal);
  const tag = randomBytes(8).toString('hex');
  const askedAt = Date.now() / 1000;
  const result = await runScript(connection, renderPreflight(request, asked, tag), [], signal);
  const heardAt = Date.now() / 1000;
  return {
    host: asked.host.name,
    askedAt,
    heardAt,
    answer: parseAnswer(result.stdout.toString('utf8'), tag),
  };
}

/** A host that did not answer, in the words of its own error. */
export function unreachable(host: string, error: unknown): Finding {
  return {
    check: 'reachable',
    severity: 'error',
    host,
    reason: error instanceof RankwiseError ? error.message : describeError(error),
    ...(error instanceof RankwiseError && error.nextStep !== undefined ? { nextStep: error.nextStep } : {}),
    ...(error instanceof RankwiseError ? { code: error.code } : {}),
  };
}
