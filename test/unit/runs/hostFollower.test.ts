import { afterEach, expect, it, vi } from 'vitest';
import { RankwiseError } from '../../../src/base/errors';
import { silentLogger } from '../../../src/base/logger';
import { HostFollower, type FollowListener } from '../../../src/runs/hostFollower';
import type { HostMirror } from '../../../src/runs/hostMirror';
import type { SshPool } from '../../../src/ssh/connection';

afterEach(() => void vi.useRealTimers());

/** A follower of a host whose logins fail with the code: how often it has tried, and a way to try again. */
function follow(code: string): {
  tries: () => number;
  retry: () => void;
  reasons: string[];
  end: () => void;
} {
  vi.useFakeTimers();
  const connect = vi.fn(() => Promise.reject(new RankwiseError(code, `login failed: ${code}`)));
  const ssh = { stay: () => ({ connect, reconnect: connect, dispose: () => undefined }) };
  const reasons: string[] = [];
  const listener: Partial<FollowListener> = {
    onContact: (contact) => contact.kind === 'unreachable' && reasons.push(contact.reason),
  };
  const follower = new HostFollower(
    ssh as unknown as SshPool,
    'run',
    { name: 'node1', peer: 'node1', target: { host: 'node1' } },
    undefined as unknown as HostMirror,
    listener as FollowListener,
    silentLogger,
  );
  void follower.follow();
  return {
    tries: () => connect.mock.calls.length,
    retry: () => follower.retry(),
    reasons,
    end: () => follower.dispose(),
  };
}

it.each(['ssh.needsPerson', 'ssh.cancelledLogin', 'ssh.denied', 'ssh.hostKeyChanged'])(
  'waits for a person after %s: another try by itself could lock an account',
  async (code) => {
    const { tries, retry, reasons, end } = follow(code);
    await vi.advanceTimersByTimeAsync(600_000);
    expect([tries(), reasons]).toEqual([1, [`login failed: ${code}`]]);
    retry();
    await vi.advanceTimersByTimeAsync(0);
    expect(tries()).toBe(2);
    end();
  },
);

it('tries again by itself where the host may come back', async () => {
  const { tries, end } = follow('ssh.refused');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(tries()).toBeGreaterThan(3);
  end();
});
