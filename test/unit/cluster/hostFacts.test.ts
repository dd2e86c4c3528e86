import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseFacts } from '../../../src/cluster/hostFacts';
import factsScript from '../../../src/cluster/remote/facts.sh';

const home = mkdtempSync(join(tmpdir(), 'rankwise-facts-'));
afterAll(() => rmSync(home, { recursive: true }));

describe('facts of a host', () => {
  it.each([['dash'], ['bash', '--posix'], ['busybox', 'sh']])(
    'are told by a real %s',
    (shell, ...options) => {
      const text = execFileSync(shell, [...options, '-s', '--', 'nonce', 'node1'], {
        input: factsScript,
        cwd: home,
        env: { HOME: home, PATH: process.env['PATH'] },
      }).toString();
      const facts = parseFacts(text, 'node1');
      expect(facts).toMatchObject({
        home,
        nodeName: hostname(),
        hasSetsid: true,
        hasProc: true,
        unwritable: undefined,
      });
      expect(facts.cores).toBeGreaterThan(0);
      expect(facts.freePort).toBeGreaterThanOrEqual(20_000);
      expect(facts.freePort).toBeLessThan(32_000);
      expect(new Set([facts.freePort, ...facts.morePorts]).size).toBe(4);
      expect(readdirSync(join(home, '.rankwise/probe'))).toEqual(['nonce.node1']);
    },
  );

  it('survive the noise of a login profile', () => {
    const facts = parseFacts(
      'Welcome!\nhome=/h\nnode=n\nX=1\ngpu=0 NVIDIA A100\ngpu=1 NVIDIA A100\nQuota: 5=6\n',
      'n',
    );
    expect(facts.gpus).toEqual([
      { index: 0, name: 'NVIDIA A100' },
      { index: 1, name: 'NVIDIA A100' },
    ]);
  });

  it('tell networks by interface, and what the host takes its own name for', () => {
    const facts = parseFacts(
      'home=/h\nnode=n\nown=127.0.1.1\ninterface=eth0@if5 10.0.1.2/16\ninterface=ppp0 10.8.0.6\ninterface=x\n',
      'n',
    );
    expect(facts.ownAddress).toBe('127.0.1.1');
    expect(facts.interfaces).toEqual([
      { name: 'eth0', address: '10.0.1.2', prefix: 16 },
      { name: 'ppp0', address: '10.8.0.6', prefix: 32 },
    ]);
  });

  it('are an error with the host where no POSIX shell answers', () => {
    expect(() => parseFacts('This service allows sftp connections only.\n', 'node9')).toThrow(/node9/);
  });
});
