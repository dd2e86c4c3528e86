import { RankwiseError } from '../../base/errors';
import { PreflightError } from '../../cluster/preflight/findingText';

const codes: readonly string[] = ['ssh.unreachable', 'ssh.refused', 'ssh.connectionLost', 'ssh.needsPerson'];

/** Whether a start failed only because hosts could not be reached: later it may go well. */
export function waitsForHost(error: unknown): boolean {
  if (error instanceof PreflightError) {
    const errors = error.findings.filter(({ severity }) => severity === 'error');
    return errors.length > 0 && errors.every(({ check }) => check === 'reachable');
  }
  return error instanceof RankwiseError && codes.includes(error.code);
}
