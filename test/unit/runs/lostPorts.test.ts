import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PreflightError } from '../../../src/cluster/preflight/findingText';
import type { Finding } from '../../../src/cluster/preflight/checks';
import { planLaunch } from '../../../src/launch/planLaunch';
import type { LauncherName } from '../../../src/config/model';
import { cannotListen, lostText, portsSaid, refusedFor } from '../../../src/runs/again/lostPorts';
import { hostsWith, specOf } from '../../support/launchSpecs';

const directory = mkdtempSync(join(tmpdir(), 'rankwise-ports-'));
afterAll(() => rmSync(directory, { recursive: true }));
const log = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
};
const busy = (host: string, port: number): Finding => ({
  check: 'ports',
  severity: 'error',
  host,
  reason: `port ${port} is in use`,
  port: { port, owner: 'python3, pid 12' },
});
const plan = planLaunch(specOf(hostsWith(1, 1), {}));

describe('chosen ports', () => {
  it.each<[LauncherName, number]>([
    ['ssh', 1],
    ['mpirun', 1],
    ['torchrun', 1],
    ['deepspeed', 1],
    ['accelerate', 1],
    ['mxnet', 1],
    ['ray', 3],
  ])('are known of %s', (launcher, count) => {
    const { chosenPorts } = planLaunch(specOf(hostsWith(1, 1), { launcher }));
    expect(chosenPorts).toEqual(
      [23456, 23457, 23458].slice(0, count).map((port) => ({ host: 'node1', port })),
    );
  });

  it('are none where the user wrote the port, or nothing was asked', () => {
    expect(planLaunch(specOf(hostsWith(1, 1), { env: { MASTER_PORT: '29500' } })).chosenPorts).toEqual([]);
    const torchrun = {
      program: 'torchrun',
      rendezvous: 'static',
      minNodes: undefined,
      maxRestarts: 0,
    } as const;
    expect(
      planLaunch(
        specOf(hostsWith(1, 1), {
          launcher: 'torchrun',
          torchrun: { ...torchrun, args: ['--master_port=29500'] },
        }),
      ).chosenPorts,
    ).toEqual([]);
    expect(planLaunch({ ...specOf(hostsWith(1, 1), {}), facts: undefined }).chosenPorts).toEqual([]);
  });

  it('are lost where a launch is refused for them alone', () => {
    const own = new PreflightError('train', [busy('node1', 23456)]);
    expect(lostText(refusedFor(own, plan))).toBe('port 23456 on node1 was taken by python3, pid 12');
    expect(refusedFor(new PreflightError('train', [busy('node1', 29500)]), plan)).toEqual([]);
    expect(refusedFor(new PreflightError('train', [busy('node2', 23456)]), plan)).toEqual([]);
    const more: Finding = { check: 'command', severity: 'error', host: 'node2', reason: 'python: not found' };
    expect(refusedFor(new PreflightError('train', [busy('node1', 23456), more]), plan)).toEqual([]);
    expect(refusedFor(new Error('port 23456'), plan)).toEqual([]);
  });

  it('are lost where a log names one', async () => {
    const torch = log(
      'torch',
      'RuntimeError: The server socket has failed to listen on any local network address. port: 23456, useIpv6: false, code: -98, name: EADDRINUSE, message: address already in use\n',
    );
    const another = log('another', 'OSError: [Errno 98] Address already in use: 0.0.0.0:6006\n');
    const silent = log('silent', 'epoch 1\nport 23456\n');
    expect(await cannotListen([silent])).toBe(false);
    expect(await cannotListen([silent, another])).toBe(true);
    expect(await portsSaid([torch], plan)).toEqual([{ host: 'node1', port: 23456, owner: '' }]);
    expect(await portsSaid([another, silent], plan)).toEqual([]);
  });
});
