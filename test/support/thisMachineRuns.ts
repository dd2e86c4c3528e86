import { silentLogger } from '../../src/base/logger';
import { emptyPlan, type Plan } from '../../src/launch/plan';
import type { SshPool } from '../../src/ssh/connection';
import { createSshPool } from '../../src/ssh/sshPool';

/** An SSH pool that reaches this machine alone, as an account whose home is `home`. */
export function thisMachineSsh(home: string): SshPool {
  return createSshPool({
    ask: { hostKey: () => Promise.resolve('reject'), secret: () => Promise.resolve(undefined) },
    logger: silentLogger,
    environment: { home, user: 'nobody', sshProgram: '/nonexistent' },
  });
}

/** The plan of a run on this machine, here called node1, that has no processes. */
export const thisMachinePlan = (run: string): Plan => ({
  ...emptyPlan,
  version: 1,
  run,
  launch: 'train',
  cluster: 'here',
  launcher: 'ssh',
  hosts: [{ name: 'node1', peer: 'node1', target: { host: 'node1', local: true } }],
  files: [],
  processes: [],
  np: 0,
  workers: [],
  sync: [],
  workdir: '~',
  stop: [],
  onWorkerExit: 'stop',
  notes: [],
});
